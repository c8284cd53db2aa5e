"""`slkt audit`: was an entry changed, removed or inserted, and who did what with a matter? See
docs/runbooks/audit-found-something.md."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import jwt
import typer
from chassis.audit_desk.search import Found, Wanted
from chassis.chain import public_keys
from contracts.topology import OWNERS
from rich.markup import escape
from rich.panel import Panel

from slkt.auditing import Kept, Verdict, acts_on, kept_roots, verify_audit
from slkt.owners import Databases
from slkt.settings import addresses
from slkt.terminal import StackOption, aside, cannot, console, plainly, run, table

app = typer.Typer(help="Jejak audit / the audit: verify, list.", no_args_is_help=True)

SHOWN_MOST = 40
#: Of a list that an act names, in a table.
NAMED_MOST = 10
CLEAN = (
    "[green]utuh / whole[/green]: tidak ada entri yang diubah, dihapus, atau disisipkan / "
    "nothing was changed, removed or inserted"
)
FOUND = "[red]tidak utuh / not whole[/red]: docs/runbooks/audit-found-something.md"
HARMED = "[red]diubah / changed[/red]"
NO_ROOTS = (
    "tanpa akar dari luar basis data, ekor yang dipotong tidak terlihat / without roots kept outside the database "
    "(--roots), an end that was cut off cannot be seen"
)
VOUCHED = (
    "ekor yang dipotong sesudahnya tidak terlihat / an end that was cut off is seen up to then, and not what came after"
)


@app.command("verify")
def verify(
    stack: StackOption = None,
    roots: Annotated[
        list[Path] | None, typer.Option(help="Kept roots: a file, a folder of them, a log, - ; again for each")
    ] = None,
    keys: Annotated[Path | None, typer.Option(help="JWKS: the public keys of the services' audits")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only these services; again for each")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The verdicts for machines, on standard output")] = False,
) -> None:
    """Find entries that were changed, removed or inserted, hashes computed anew included. Exit: 0 whole, 1 not."""
    services = _services(service)
    with plainly():
        where = addresses(stack)
        public = _public(keys or Path(where.audit_keys_path))
        kept = kept_roots(roots or [Path(one) for one in [where.audit_roots] if one], public)
        databases = Databases(where.mongo_url)
    try:
        verdicts = run(verify_audit(databases, services, public, kept))
    finally:
        databases.close()
    whole = not kept.forged and not any(one.findings for one in verdicts)
    if as_json:
        told = {"whole": whole, "forged_roots": kept.forged, "services": [asdict(one) for one in verdicts]}
        typer.echo(json.dumps(told, indent=2, default=str))
    else:
        _show(verdicts, kept, whole)
    raise typer.Exit(0 if whole else 1)


@app.command("list")
def list_(
    number: Annotated[str | None, typer.Option(help="A matter's 13 digits")] = None,
    actor: Annotated[str | None, typer.Option(help="Who acted: an account, a system, a channel, a service")] = None,
    account: Annotated[str | None, typer.Option(help="Whom it was done to, or in whose name")] = None,
    firm: Annotated[str | None, typer.Option(help="A firm's code: by its people and systems, or done to it")] = None,
    key: Annotated[str | None, typer.Option(help="The prefix of a secret: done with it, or to it")] = None,
    since: Annotated[datetime | None, typer.Option(help="From then on, UTC")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before then, UTC")] = None,
    most: Annotated[int, typer.Option(min=1, help="So many of each service, the latest")] = 500,
    stack: StackOption = None,
    service: Annotated[list[str] | None, typer.Option(help="Only these services; again for each")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines, on standard output")] = False,
) -> None:
    """Who did what, or looked at it, when, from where, in whose name; whatever is given must fit. What was
    changed is marked; signatures and gaps are for `verify`."""
    services, wanted = _services(service), Wanted(number, actor, account, firm, key, _utc(since), _utc(until))
    with plainly():
        databases = Databases(addresses(stack).mongo_url)
    try:
        acts = run(acts_on(databases, services, wanted, most))
    finally:
        databases.close()
    if as_json:
        told = [{"service": name, **asdict(one)} for name, one in acts]
        typer.echo(json.dumps(told, indent=2, default=str))
        return
    listed = table("jejak audit / audit · UTC", "at", "entry", "who", "behalf", "what", "about", "from", "outcome")
    for name, one in acts:
        cells = (f"{name} {one.number}", _who(one), one.behalf or "", one.act, _about(one), one.client)
        outcome = str(one.outcome or "?") + ("" if one.genuine else f"\n{HARMED}")
        listed.add_row(_moment(one.at) or "?", *map(escape, cells), outcome)
    console.print(listed)
    if not all(one.genuine for _, one in acts):
        aside.print(f"[red]•[/red] {HARMED}: docs/runbooks/audit-found-something.md", highlight=False)
    if any(len([name for name, _ in acts if name == one]) >= most for one in services):
        aside.print(f"• {most} terakhir per layanan / the latest {most} of a service: --most, --until", highlight=False)


def _who(act: Found) -> str:
    if act.actor is None:
        return "?"
    roles, key = ", ".join(act.actor["roles"]), act.actor.get("key")
    return f"{act.actor['kind']} {act.actor['id']}{f' ({roles})' if roles else ''}{f' [{key}]' if key else ''}"


def _about(act: Found) -> str:
    said = {name: value for name, value in act.object.items() if value is not None}
    return ", ".join(f"{name} {_short(value)}" for name, value in said.items())


def _short(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return " ".join(map(str, value[:NAMED_MOST])) + (f" … ({len(value)})" if len(value) > NAMED_MOST else "")


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def _services(asked: list[str] | None) -> tuple[str, ...]:
    services = tuple(asked or OWNERS)
    if unknown := sorted(set(services) - set(OWNERS)):
        cannot(f"--service {unknown[0]}: expected one of {', '.join(OWNERS)}")
    return services


def _public(path: Path) -> dict[str, Any]:
    try:
        return public_keys(json.loads(path.read_text()))
    except (ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
        cannot(f"{path} is no JWKS: {type(error).__name__}")


def _show(verdicts: list[Verdict], kept: Kept, whole: bool) -> None:
    listed = table(
        "audit · UTC",
        "",
        "entri / entries",
        "dari / from",
        "sampai / to",
        "?",
        "akar / roots",
        "dijamin s.d. / vouched until",
        "",
    )
    for one in verdicts:
        state = "[red]tidak utuh / not whole[/red]" if one.findings else "[green]OK[/green]"
        roots = f"{one.kept} + {one.in_database}"
        span = _moment(one.first), _moment(one.last)
        listed.add_row(one.service, f"{one.count:,}", *span, f"{one.open:,}", roots, _moment(one.vouched_until), state)
    console.print(listed)
    findings = [one for verdict in verdicts for one in verdict.findings]
    if findings:
        shown = table("temuan / found", "service", "entry", "kind", "what")
        for found in findings[:SHOWN_MOST]:
            shown.add_row(found.service, str(found.number), found.kind, escape(found.what))
        console.print(shown)
        if len(findings) > SHOWN_MOST:
            console.print(f"… {len(findings) - SHOWN_MOST} lagi / more; all with --json", highlight=False)
    aside.print("• ? : diminta, hasilnya tidak tercatat / asked for, and never told what came of it", highlight=False)
    aside.print(
        "• akar / roots: dari luar + hanya di basis data / from elsewhere + only in the database", highlight=False
    )
    if any(one.kept for one in verdicts):
        aside.print(f"• dijamin s.d. / vouched until: {VOUCHED}", highlight=False)
    else:
        aside.print(f"[yellow]•[/yellow] {NO_ROOTS}", highlight=False)
    if kept.forged:
        aside.print(f"[red]•[/red] akar tidak sah / roots that no service signed: {kept.forged}", highlight=False)
    console.print(Panel(CLEAN if whole else FOUND, expand=False))


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
