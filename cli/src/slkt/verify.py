"""`slkt verify`: was anything lost or doubled? Exit code 0 clean, 1 lost or doubled, 2 could not judge."""

import json
from typing import Annotated

import typer
from contracts.topology import OWNERS
from rich.markup import escape
from rich.panel import Panel

from slkt.settings import Addresses, addresses
from slkt.terminal import StackOption, aside, bar, cannot, console, plainly, run, table
from slkt.verifying import Finding, Report, verify_here
from slkt.verifying.report import KINDS
from slkt.verifying.run import CUT_SECONDS

SHOWN_MOST = 40
VERDICTS = {
    "clean": "[green]bersih / clean[/green]: tidak ada yang hilang atau ganda / nothing is lost or doubled",
    "lost-or-doubled": "[red]hilang atau ganda / lost or doubled[/red]: docs/runbooks/verify-found-something.md",
    "could-not-judge": "[yellow]tidak dapat dinilai / could not judge[/yellow]",
}


def command(
    stack: StackOption = None,
    cut: Annotated[float, typer.Option(help="Judge only facts older than so many seconds")] = CUT_SECONDS,
    service: Annotated[list[str] | None, typer.Option(help="Only these services run; again for each")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report for machines, on standard output")] = False,
) -> None:
    """Compare what every owner said with what every hearer applied. Exit: 0 clean, 1 lost or doubled, 2 not judged."""
    services = tuple(service or OWNERS)
    if unknown := sorted(set(services) - set(OWNERS)):
        cannot(f"--service {unknown[0]}: expected one of {', '.join(OWNERS)}")
    with plainly():
        where = addresses(stack)
    report = run(_with_bar(where, cut, services))
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2, ensure_ascii=False))
    else:
        show_report(report)
    raise typer.Exit(report.exit_code)


async def _with_bar(where: Addresses, cut: float, services: tuple[str, ...]) -> Report:
    with bar() as progress:
        task = progress.add_task("Memeriksa / verifying", total=None)
        return await verify_here(
            where,
            cut_seconds=cut,
            services=services,
            progress=lambda done, of: progress.update(task, completed=done, total=of),
        )


def show_report(report: Report) -> None:
    """The report as tables."""
    if report.cut:
        counts = table(
            f"verify · cut {report.cut:%Y-%m-%d %H:%M:%S} UTC · {report.seconds:.1f} s", "dinilai / judged", ""
        )
        counts.columns[1].justify = "right"
        counts.add_row("perkara / matters", f"{report.matters:,}")
        for owner in OWNERS:
            counts.add_row(f"fakta / facts: {owner}", f"{report.facts[owner]:,}")
        counts.add_row("dalam perjalanan / in flight (newer than the cut)", f"{report.in_flight:,}")
        for why, number in sorted(report.explained.items()):
            counts.add_row(f"[yellow]belum terdengar, dijelaskan / not heard, explained: {why}[/yellow]", f"{number:,}")
        for kind, number in sorted(report.found.items()):
            counts.add_row(f"[red]{kind}: {KINDS[kind]}[/red]", f"{number:,}")
        console.print(counts)
    _list("temuan / found", report.details)
    _list("dijelaskan / explained", report.explanations)
    for line in report.notes:
        aside.print(f"• {escape(line)}", highlight=False)
    for line in report.troubles:
        aside.print(f"[yellow]•[/yellow] {escape(line)}", highlight=False)
    console.print(Panel(VERDICTS[report.verdict], expand=False))


def _list(title: str, findings: list[Finding]) -> None:
    if not findings:
        return
    shown = table(title, "kind", "service", "number", "fact", "what")
    for one in findings[:SHOWN_MOST]:
        fact = f"{one.owner} {one.seq or ''} {one.type.removeprefix('slkt.')} {one.fact}".strip()
        shown.add_row(one.why or one.kind, one.service, one.number, escape(fact), escape(one.what))
    console.print(shown)
    if len(findings) > SHOWN_MOST:
        console.print(f"… {len(findings) - SHOWN_MOST} lagi / more; all with --json", highlight=False)
