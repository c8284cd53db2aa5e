"""What does the demo show? One complaint's way with times, the summary, and the doors that stay open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

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


def show_entry(stack: Mapping[str, Any], when: str = "") -> None:
    """The address that stands for all of them, before anything else."""
    console.print(
        Text(f"Buka / open: {stack['entry']}/" + (f" ({when})" if when else ""), style="bold"), soft_wrap=True
    )


def code_of(known: Mapping[str, Any]) -> str:
    """The firm whose people log in."""
    return str(next((code for code, one in known["pujk"].items() if one.get("people")), ""))


def show_doors(stack: Mapping[str, Any], number: str, pin: str) -> None:
    """Prints everything there is to try while the suite stays."""
    known = stack["credentials"]
    show_entry(stack)
    table = Table(title="Data contoh / example data", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("pintu / door", "alamat / address", "siapa / who", "sandi / key"):
        table.add_column(name, no_wrap=True)
    table.add_row("Lacak / track", "/", number, f"PIN {pin}")
    table.add_row("Staf OJK / OJK's staff", "/staff", "decider, …", "slkt log-in ²")
    table.add_row("Petugas PUJK / firm's people", "/pujk", "deciding, …", "slkt log-in ³")
    table.add_row("Saluran / channel", "/submissions", "web", "X-API-Key ¹")
    table.add_row("Pertanyaan / questions", "/questions", "cso", "Bearer ⁴")
    table.add_row("Parkir / parked", "/parked", "supervisor", "Bearer ⁴")
    table.add_row("Direktori / directory", "/directory", "administrator", "Bearer ⁴")
    for code in list(known["pujk"])[:1]:
        table.add_row("Sistem PUJK / firm's system", f"pujk.{code}.inbox", code, "AMQP ⁵")
    table.add_row("RabbitMQ", stack["amqp_management"], "operator", "AMQP ⁵")
    table.add_row("Surat / mail", stack["smtp"], "", "")
    console.print(table)
    for note in (
        f"¹ {known['channels']['web']['api_key']}",
        "² .venv/bin/slkt log-in decider (administrator, cso, supervisor, qa, auditor)",
        "   di sana menunggu usulan dan keberatan / proposals and objections wait there",
        f"³ .venv/bin/slkt log-in deciding --firm {code_of(known)} (service, product)",
        "   di sana menunggu pengaduan yang belum dijawab / complaints wait there that nobody has answered",
        "⁴ .venv/bin/slkt token cso intake (supervisor routing, administrator routing)",
        "⁵ .local/stack.json: credentials.pujk, amqp",
        f"Surat tersimpan di / mails are kept in {stack['mail_dir']}",
        f"Coba / try: .venv/bin/slkt track {number} --pin {pin}",
    ):
        console.print(Text(note), soft_wrap=True)
