"""python -m intake.first_administrator USERNAME NAME: lets in the first person, who then lets in the others.

Prints the one-time password, once, as JSON. Needs intake's own settings, so whoever runs the service may do it.
"""

import asyncio
import json
import re
import sys

from chassis.audit import Act, Actor, Audit
from chassis.chain import AuditKey
from chassis.clock import DatabaseClock
from chassis.database import connect
from chassis.people.account import USERNAME, ThereIsOne
from chassis.people.administer import Letter
from chassis.refusals import Invalid, Unavailable

from intake.adapters.staff import staff_office
from intake.settings import Settings

USAGE = "python -m intake.first_administrator USERNAME NAME"


async def let_in(settings: Settings, account: str, name: str) -> Letter:
    """Errors: ThereIsOne where there is one already, Invalid, Unavailable."""
    client = connect(settings.mongo_url.get_secret_value())
    try:
        clock = DatabaseClock(client["admin"])
        await clock.sync()
        office = staff_office(client[settings.mongo_database], clock, settings)
        audit = Audit(client[settings.mongo_database], clock, AuditKey.read(settings.audit_key, "intake"))
        asked = await audit.asked(Actor("operator", "operator"), Act("first_administrator", {"account": account}, ""))
        letter = await office.administer.first(account, name)
        await audit.answered(asked, 201)
        await audit.close()
        return letter
    finally:
        client.close()


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or not re.fullmatch(USERNAME, arguments[0]):
        print(f"came {len(arguments)} words; {USAGE}; USERNAME is 3 to 64 small letters, digits, dots", file=sys.stderr)
        return 2
    try:
        letter = asyncio.run(let_in(Settings(), *arguments))
    except (ThereIsOne, Invalid, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1
    until = letter.account.one_time_until
    told = {"id": letter.account.id, "password": letter.password, "until": until.isoformat() if until else None}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
