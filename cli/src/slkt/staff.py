"""`slkt token ROLE SERVICE`: how does a script ask as a member of staff? With a token of a running stack's account."""

from typing import Annotated

import typer
from contracts.topology import OWNERS

from slkt.settings import addresses
from slkt.terminal import StackOption, cannot, plainly


def command(
    role: Annotated[str, typer.Argument(help="administrator, cso, supervisor, decider, qa, auditor")],
    service: Annotated[str, typer.Argument(help=", ".join(OWNERS))],
    stack: StackOption = None,
) -> None:
    """Prints a token for one service, good for five minutes. It is what a log-in gives, without typing its steps."""
    if service not in OWNERS:
        cannot(f"SERVICE {service!r}: expected one of {', '.join(OWNERS)}")
    with plainly():
        print(addresses(stack).member(role).token(service))
