"""How is what accounts refuse answered?"""

from chassis.people.account import LastAdministrator, NoSuchRole
from chassis.refusals import Rule

REFUSALS: dict[type[Exception], Rule] = {
    NoSuchRole: Rule(422, "no-such-role", "This issuer states no such role"),
    LastAdministrator: Rule(409, "last-administrator", "Another administrator is needed first"),
}
