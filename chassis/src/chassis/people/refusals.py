"""How is what accounts refuse answered?"""

from chassis.people.account import NoSuchRole, ThereIsOne
from chassis.refusals import Rule

REFUSALS: dict[type[Exception], Rule] = {
    NoSuchRole: Rule(422, "no-such-role", "This issuer states no such role"),
    ThereIsOne: Rule(409, "there-is-one", "There is an administrator already"),
}
