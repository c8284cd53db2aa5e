"""How does the demo go? Load the directory, send, let firms, OJK and consumers act, wait until all is told, count."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import httpx
from chassis.trust import trust
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from slkt_local.stack import Stack

from slkt.demo.administrator import administrator
from slkt.demo.consumers import Consumers
from slkt.demo.doors import send_all
from slkt.demo.firms import Firm, acts
from slkt.demo.leaving import leave_open
from slkt.demo.plan import Plan, Sent
from slkt.demo.show import WIB, console, show_doors, show_entry, summary, timeline
from slkt.demo.staff import Staff
from slkt.demo.tally import Books, Line, lines
from slkt.directory import firms as directory
from slkt.settings import Addresses
from slkt.verify import show_report
from slkt.verifying import verify

QUIET_SECONDS = 60.0
POLL_SECONDS = 0.5
SHOWN_REASONS = 20


def today() -> date:
    return datetime.now(WIB).date()


async def tell(stack: Stack, planned: Plan) -> int:
    """The whole demo on a running stack; 0 only if every number adds up and verify is clean."""
    books = Books(stack.description()["mongo"], stack.mail.mail_dir)
    known = stack.description()
    show_entry(known, "selama demo / while the demo runs")
    found, refused = await work_through(stack, planned, books)
    console.print(timeline(await _tracked(known, _one_to_show(planned.sent, books))))
    console.print(summary(found, await asyncio.to_thread(books.delays_seconds)))
    if planned.unreadable:
        console.print(f"{len(planned.unreadable)} baris tidak terbaca / rows not readable:")
    for row in planned.unreadable[:SHOWN_REASONS]:
        console.print(f"  baris / line {row.line}: {row.reason}", soft_wrap=True)
    for one in refused[:SHOWN_REASONS]:
        console.print(f"[red]ditolak / refused: {one}[/]", soft_wrap=True)
    clean = await asyncio.to_thread(_verified, known)
    return 0 if clean and not refused and all(line.right for line in found) else 1


async def stay(stack: Stack, planned: Plan) -> None:
    """Works a few matters through, prints every door, and waits for Ctrl-C."""
    books = Books(stack.description()["mongo"], stack.mail.mail_dir)
    await work_through(stack, planned, books)
    await leave_open(stack.description(), today())
    shown = _one_to_show(planned.sent, books)
    show_doors(stack.description(), shown.number, shown.pin)
    console.print("Ctrl-C menghentikan semua / stops everything")
    while True:
        await asyncio.sleep(1)
        for service in stack.services.values():
            if service.pid is None:
                console.print(
                    f"[red]{service.name} berakhir / ended ({service.exit_code})[/]; dimulai lagi / started again"
                )
                service.launch()
                stack.describe()
        if stack.entry.pid is None:
            console.print("[red]pintu masuk berakhir / the entry ended[/]; dimulai lagi / started again")
            stack.entry.start()
            stack.describe()


async def work_through(stack: Stack, planned: Plan, books: Books) -> tuple[list[Line], list[dict[str, Any]]]:
    """Sends the plan and lets everybody act on it; the numbers it came to, and what firms' acts were refused."""
    known, texts, stories = stack.description(), acts(), dict[str, str]()
    async with administrator(known) as desk:
        await desk.load_directory()
        meant = await desk.find_firms(planned.sent)
        console.print(f"PUJK: {len(meant)} sistem mendapat antrean / systems get their user and queues")
        names = {one["code"]: one["name"] for one in directory()}
        await asyncio.to_thread(stack.add_firms, {code: names[code] for code in meant})
        known = stack.description()
        await desk.open_endpoints(meant)
        deciding = {code: await desk.who_decides(code) for code in meant}
    amqp = {code: known["credentials"]["pujk"][code]["amqp"] for code in meant}
    firms = [Firm(code, amqp[code], deciding[code], texts, today()) for code in meant]
    await asyncio.gather(*(firm.open() for firm in firms))

    def agreed(number: str) -> None:
        for firm in firms:
            firm.agreed(number)

    people = [Staff(known, texts, stories).work(), Consumers(known, planned.sent, agreed).work()]
    everybody = [asyncio.create_task(work) for work in people]
    try:
        with _progress() as bar:
            await _send(known, planned, stories, bar)
            found = await _until_told(planned.sent, books, bar, everybody)
    finally:
        for one in everybody:
            one.cancel()
        await asyncio.gather(*everybody, *(firm.close() for firm in firms), return_exceptions=True)
    return found, [one for firm in firms for one in firm.refused]


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


async def _send(known: dict[str, Any], planned: Plan, stories: dict[str, str], bar: Progress) -> None:
    task = bar.add_task("Mengirim / sending", total=len(planned.sent))

    def progress(one: Sent) -> None:
        bar.advance(task)
        if one.kind == "question":
            stories[one.number] = one.story

    await send_all(known, planned.sent, progress)


async def _until_told(
    sent: list[Sent], books: Books, bar: Progress, people: Sequence[asyncio.Task[None]]
) -> list[Line]:
    """Until every number is as it must be, or nothing has moved for a minute."""
    task = bar.add_task("Ditangani / handled", total=None)
    quiet, last = 0.0, -1
    while True:
        found = await asyncio.to_thread(lines, sent, books)
        moved = sum(line.found for line in found)
        bar.update(task, completed=moved, total=max(moved, sum(line.expected for line in found)))
        if all(line.right for line in found) or quiet > QUIET_SECONDS:
            return found
        for one in people:
            if one.done():
                one.result()
        quiet, last = (0.0, moved) if moved != last else (quiet + POLL_SECONDS, last)
        await asyncio.sleep(POLL_SECONDS)


def _one_to_show(sent: Sequence[Sent], books: Books) -> Sent:
    """A complaint whose way was long: returned once, and confirmed by its consumer, if there is one."""
    accepted = books.with_fact("pujk_gateway", "resolution-accepted")
    back = books.with_fact("pujk_gateway", "resolution-returned")
    kept = books.with_fact("pujk_gateway", "relief-fulfilled")
    for wanted in (back & kept, kept, accepted):
        for one in sent:
            if one.number in wanted:
                return one
    return sent[0]


async def _tracked(known: dict[str, Any], shown: Sent) -> dict[str, Any]:
    url = f"{known['entry']}/track"
    async with httpx.AsyncClient(timeout=30, trust_env=False, verify=trust(url)) as http:
        answer = await http.post(url, json={"number": shown.number, "pin": shown.pin})
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def _verified(known: dict[str, Any]) -> bool:
    """Whether verify finds nothing lost, doubled or unequal; everything is quiet, so all facts are judged."""
    report = verify(Addresses.of_stack(known), cut_seconds=0)
    show_report(report)
    return report.exit_code == 0
