"""How does a script ask as staff or as a firm's person, and how does a person log in as one? With a running stack's
accounts: `slkt token ROLE SERVICE`, `slkt log-in ROLE`."""

from typing import Annotated

import typer
from contracts.topology import OWNERS
from slkt_local.member import Member

from slkt.settings import Addresses, addresses, keep_session
from slkt.terminal import StackOption, cannot, plainly

Role = Annotated[str, typer.Argument(help="administrator, cso, supervisor, decider, qa, auditor; or a firm's seat")]
Firm = Annotated[str, typer.Option(help="a firm's code: ROLE is a seat there (product, service, deciding)")]


def command(
    role: Role,
    service: Annotated[str, typer.Argument(help=", ".join(OWNERS))],
    firm: Firm = "",
    stack: StackOption = None,
) -> None:
    """Prints a token for one service, good for five minutes. It is what a log-in gives, without typing its steps."""
    if service not in OWNERS:
        cannot(f"SERVICE {service!r}: expected one of {', '.join(OWNERS)}")
    with plainly():
        member = _member(addresses(stack), role, firm)
        print(member.token(service))
        keep_session(stack, role, firm, member.kept["session"])


def log_in(role: Role, firm: Firm = "", stack: StackOption = None) -> None:
    """Prints what to type at the log-in page: address, name, password, and the code of this half minute."""
    with plainly():
        known = addresses(stack)
        member = _member(known, role, firm)
        entry = known.entry or known.service("pujk_gateway" if firm else "intake")
        print(f"alamat / address:     {entry}{'/pujk' if firm else '/staff'}")
        print(f"nama / name:          {member.kept['id']}")
        print(f"kata sandi / password: {member.kept['password']}")
        print(f"kode / code:          {member.code()} (lalu / then {member.code(steps=1)})")


def _member(known: Addresses, role: str, firm: str) -> Member:
    return known.officer(role, firm) if firm else known.member(role)
