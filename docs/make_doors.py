"""Which doors are there, and for whom? Writes doors.md from the tables of the five services; ``--check`` compares."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

PAGE = Path(__file__).parent / "doors.md"
SERVICES = ("intake", "routing", "pujk_gateway", "notifier", "tracking")
HEAD = """# Who may use which door

Made by `python docs/make_doors.py` of each service's `access.py`, which is also what opens the door: what is in no
table stops the service's start. A door opens for whom one of its parts names; *anybody* needs no credentials. A test
asks at every door of the running suite as everybody below, and with credentials that are expired, forged or for another
service, and compares with this page ([who may](../tests/e2e/test_who_may.py)).

| who | comes with | parts |
|---|---|---|
| `staff` | a token of OJK's issuer | roles: `cso`, `qa`, `supervisor`, `decider`, `administrator`, `auditor` |
| `officer` | a token of the firms' issuer | seats: `product` (product and service), `service` (consumers), `deciding` |
| `system` | a token of the firms' issuer for a firm's client | scopes |
| `channel` | an API key in `X-API-Key` | scopes |
| `service` | a token that the service signs itself | its name |
| `session` | the session of a log-in at this issuer | |
| `page` | the same, in the cookie of a browser; a form also with the mark that this issuer's page put into it | roles |
| `log-in page` | the cookie of a log-in that is not over: between the password and what comes next | |
| `staff page` | a pass that the staff's issuer put into a cookie; a form also with the log-in's mark | roles |

Of a kind that the door names, and not one of those it names: 403. Of another kind (a person of OJK at a channel's
door), or not known: 401; a page leads to the log-in instead. Whatever may be asked by GET may be asked by HEAD.
"""


def page() -> Iterator[str]:
    yield HEAD
    for service in SERVICES:
        yield f"## {service}\n\n| door | who |\n|---|---|"
        access = import_module(f"{service}.access").ACCESS
        for door in sorted(access, key=lambda one: tuple(reversed(one.split(" ", 1)))):
            yield f"| `{door}` | {access[door]} |"
        yield ""


def main(arguments: list[str]) -> int:
    text = "\n".join(page()).rstrip() + "\n"
    if arguments == ["--check"]:
        if PAGE.exists() and PAGE.read_text() == text:
            return 0
        print("docs/doors.md differs from the services' tables: python docs/make_doors.py")
        return 1
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
