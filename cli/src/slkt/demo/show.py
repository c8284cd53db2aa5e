"""What does the demo show? One complaint's way with times, the summary, and the doors that stay open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from rich.console import Console
from rich.table import Table

from slkt.demo.tally import Line

WIB = timezone(timedelta(hours=7), "WIB")
console = Console()


def timeline(answer: Mapping[str, Any]) -> Table:
    """One matter's way, as its consumer sees it."""
    table = Table(title=f"{answer['shown']} · {answer['stage']['title']['id']}", title_justify="left")
    for name in ("waktu / time (WIB)", "apa / what", "rincian / detail"):
        table.add_column(name)
    for entry in answer["timeline"]:
        at = datetime.fromisoformat(entry["time"]).astimezone(WIB)
        table.add_row(
            f"{at:%d-%m-%Y %H:%M:%S.%f}"[:-3], entry["label"]["id"], (entry.get("detail") or {}).get("id", "")
        )
    return table


def summary(lines: Sequence[Line], delays: Sequence[float]) -> Table:
    table = Table(title="Ringkasan / summary", title_justify="left")
    table.add_column("apa / what")
    table.add_column("harus / must be", justify="right")
    table.add_column("ada / is", justify="right")
    for line in lines:
        colour = "green" if line.right else "bold red"
        table.add_row(line.what, str(line.expected), f"[{colour}]{line.found}[/]")
    for share in (50, 99):
        table.add_row(
            f"diterima → terlihat / accept → visible, p{share}", "", f"{_percentile(delays, share) * 1000:.0f} ms"
        )
    return table


def _percentile(values: Sequence[float], share: int) -> float:
    return values[min(len(values) - 1, len(values) * share // 100)] if values else float("nan")


def doors(stack: Mapping[str, Any], number: str, pin: str) -> Table:
    """Everything to try while the suite stays."""
    table = Table(title="Data contoh / example data", title_justify="left")
    for name in ("pintu / door", "alamat / URL", "siapa / who", "sandi / credential"):
        table.add_column(name, overflow="fold")
    services, known = stack["services"], stack["credentials"]
    table.add_row("Lacak / track (page)", f"{services['tracking']}/", f"nomor {number}", f"PIN {pin}")
    table.add_row(
        "POST /submissions", services["intake"], "channel web (X-API-Key)", known["channels"]["web"]["api_key"]
    )
    table.add_row("GET /questions, POST /services/N/answer", services["intake"], "cso (Bearer)", _short("cso"))
    table.add_row(
        "GET /parked, POST /tickets/N/route", services["routing"], "supervisor (Bearer)", _short("supervisor")
    )
    table.add_row(
        "GET /proposals, POST /cases/N/decision", services["pujk_gateway"], "decider (Bearer)", _short("decider")
    )
    table.add_row("PUT /directory, PUT /endpoints/CODE", services["routing"], "administrator", _short("administrator"))
    for code, firm in list(known["pujk"].items())[:1]:
        table.add_row(f"pujk.{code}.inbox → slkt.pujk.actions", "AMQP", code, firm["amqp"])
    table.add_row("Surat / mail", stack["smtp"], "", stack["mail_dir"])
    table.add_row("Broker", stack["amqp_management"], "operator", "see amqp in .local/stack.json")
    return table


def _short(role: str) -> str:
    return f"credentials.staff.{role} in .local/stack.json"
