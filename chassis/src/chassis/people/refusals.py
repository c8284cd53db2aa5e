"""How is what accounts refuse answered?"""

from chassis.people.account import HasMoved, HeldElsewhere, IsOver, LastAdministrator, NoSuchRole, ThereIsOne
from chassis.people.desk import LogInElsewhere
from chassis.refusals import Rule

REFUSALS: dict[type[Exception], Rule] = {
    NoSuchRole: Rule(422, "no-such-role", "This issuer states no such role"),
    ThereIsOne: Rule(409, "there-is-one", "There is an administrator already"),
    LastAdministrator: Rule(409, "last-administrator", "Nobody would be left who lets people in"),
    IsOver: Rule(409, "is-over", "The account was ended for good"),
    HasMoved: Rule(409, "account-has-moved", "The account has changed since it was looked at"),
    HeldElsewhere: Rule(409, "held-elsewhere", "The provider where this person logs in holds this"),
    LogInElsewhere: Rule(403, "log-in-elsewhere", "People log in at another place"),
}
