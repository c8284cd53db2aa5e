"""python -m intake.first_administrator USERNAME NAME: lets in the first person, who then lets in the others.

Prints the one-time password, once, as JSON. Needs intake's own settings, so whoever runs the service may do it.
"""

import asyncio
import json
import re
import sys

from chassis.operating import acting, beside
from chassis.people.account import USERNAME, HeldElsewhere, ThereIsOne
from chassis.people.administer import Letter
from chassis.refusals import Invalid, Unavailable
from contracts.topology import WIRE

from intake.adapters.staff import staff_office
from intake.settings import Settings

USAGE = "python -m intake.first_administrator USERNAME NAME"


async def let_in(settings: Settings, account: str, name: str) -> Letter:
    """Errors: ThereIsOne where there is one already, HeldElsewhere, Invalid, Unavailable."""
    async with beside("intake", settings, WIRE) as base, acting(base, "first_administrator", {"account": account}):
        return await staff_office(base, settings).administer.first(account, name)


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or not re.fullmatch(USERNAME, arguments[0]):
        print(f"came {len(arguments)} words; {USAGE}; USERNAME is 3 to 64 small letters, digits, dots", file=sys.stderr)
        return 2
    try:
        letter = asyncio.run(let_in(Settings(), *arguments))
    except (ThereIsOne, HeldElsewhere, Invalid, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1
    until = letter.account.one_time_until
    told = {"id": letter.account.id, "password": letter.password, "until": until.isoformat() if until else None}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
