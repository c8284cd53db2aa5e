"""How do many complaints of a file come in? Through the bulk channel, so many under way, each with its receipt.

A row's idempotency key is its own (`Row.key`): whoever missed a receipt, or runs the file again, gets the same one.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from chassis.trust import trust
from contracts.channel import Receipt

from slkt.cfpb import Row, RowError
from slkt.owners import Databases
from slkt.sending import ChannelSender, DoorKey, NoReceipt
from slkt.settings import Addresses

CHANNEL = "import"
UNDER_WAY = 200


@dataclass(frozen=True)
class Bad:
    """A row that is not in the suite after the run: its line, and every reason."""

    line: int
    reason: str


@dataclass
class Outcome:
    """How many rows came to what. `bad`: not readable as a complaint; `refused`: by intake; `unanswered`: unknown."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def complete(self) -> bool:
        """Whether every row of the file is in the suite now."""
        return not any(self.counts[name] for name in ("bad", "refused", "unanswered"))


async def door_key(addresses: Addresses) -> tuple[DoorKey, datetime]:
    """Intake's public key and the time there. Errors: httpx.HTTPError, NotSaid."""
    url = f"{addresses.service('intake')}/door-key"
    async with httpx.AsyncClient(timeout=30, trust_env=False, verify=trust(url)) as http:
        answer = (await http.get(url)).raise_for_status()
        return DoorKey(answer.json()), parsedate_to_datetime(answer.headers["date"])


async def started_at(addresses: Addresses, at_intake: datetime) -> datetime:
    """The start of a run on the clock that receipts are dated with; without a database, intake's to the second."""
    if not addresses.mongo:
        return at_intake
    databases = Databases(addresses.mongo)
    try:
        return await databases.now()
    finally:
        databases.close()


async def bring(
    addresses: Addresses, rows: Iterable[Row | RowError], done: Callable[[int, int], None], bad: Callable[[Bad], None]
) -> Outcome:
    """Sends every good row and waits for its answer; `bad` gets what was not accepted. `done` gets the line that is
    over (0: one was sent), and how many answers are waited for.

    Errors: those of broker, database and intake before the first row; what was sent then may be sent again.
    """
    door, at_intake = await door_key(addresses)
    started, outcome, gate = await started_at(addresses, at_intake), Outcome(), asyncio.Semaphore(UNDER_WAY)
    async with ChannelSender(addresses.import_amqp_url, CHANNEL, door) as sender, asyncio.TaskGroup() as group:
        waiting = 0

        async def one(row: Row) -> None:
            nonlocal waiting
            waiting += 1
            done(0, waiting)
            try:
                _answered(row.line, await sender.submit(row.key, row.data), started, outcome, bad)
            except NoReceipt:
                outcome.counts["unanswered"] += 1
                bad(Bad(row.line, "tidak ada jawaban / no answer: import the file again; nothing is accepted twice"))
            finally:
                gate.release()
                waiting -= 1
                done(row.line, waiting)

        for row in rows:
            outcome.counts["rows"] += 1
            if isinstance(row, RowError):
                outcome.counts["bad"] += 1
                bad(Bad(row.line, row.reason))
                done(row.line, waiting)
                continue
            await gate.acquire()
            group.create_task(one(row))
    return outcome


def _answered(
    line: int, answer: dict[str, Any], started: datetime, outcome: Outcome, bad: Callable[[Bad], None]
) -> None:
    if answer.get("status") == "accepted":
        again = Receipt.model_validate(answer).received_at < started
        outcome.counts["already there" if again else "new"] += 1
        return
    outcome.counts["refused"] += 1
    said = [f"{p['field']}: came {p['came']}, expected {p['expected']}" for p in answer.get("problems", [])]
    bad(Bad(line, "; ".join([f"{answer.get('code', 'refused')}: {answer.get('detail', '')}", *said])))
