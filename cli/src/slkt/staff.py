"""`slkt token ROLE SERVICE`: how does a script ask as staff, or as a firm's person? With a running stack's account."""

from typing import Annotated

import typer
from contracts.topology import OWNERS

from slkt.settings import addresses
from slkt.terminal import StackOption, cannot, plainly


def command(
    role: Annotated[str, typer.Argument(help="administrator, cso, supervisor, decider, qa, auditor; or a firm's seat")],
    service: Annotated[str, typer.Argument(help=", ".join(OWNERS))],
    firm: Annotated[str, typer.Option(help="a firm's code: ROLE is a seat there (product, service, deciding)")] = "",
    stack: StackOption = None,
) -> None:
    """Prints a token for one service, good for five minutes. It is what a log-in gives, without typing its steps."""
    if service not in OWNERS:
        cannot(f"SERVICE {service!r}: expected one of {', '.join(OWNERS)}")
    with plainly():
        known = addresses(stack)
        print((known.officer(role, firm) if firm else known.member(role)).token(service))
