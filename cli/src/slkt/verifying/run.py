"""Was anything lost or doubled? Every matter in all databases, in constant memory; a suspect is looked at again, and a
gap is explained, before anything is reported."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

import httpx
from aiormq.exceptions import AMQPError
from contracts.topology import OWNERS
from pymongo.errors import PyMongoError

from slkt.owners import Databases
from slkt.settings import Addresses, NotSaid
from slkt.verifying.accounts import judge_accounts
from slkt.verifying.explain import lying, settle, waiting
from slkt.verifying.figures import TRACKING, judge_figures
from slkt.verifying.judge import judge
from slkt.verifying.report import Finding, Report
from slkt.verifying.view import AFTER_MATTERS, look, spans

CUT_SECONDS = 60.0
#: More suspects than this are not kept one by one; what is kept suffices for the verdict.
SUSPECTS_MOST = 100_000
#: How often, how long after one another, and how many at a time suspects are looked at again.
LOOKS, PAUSE_SECONDS, AT_ONCE = 3, 0.5, 200

_NO_BROKER = (AMQPError, OSError, TimeoutError, httpx.HTTPError, NotSaid, RuntimeError)

Progress = Callable[[int, int], None]


def verify(
    addresses: Addresses,
    *,
    cut_seconds: float = CUT_SECONDS,
    services: Iterable[str] = OWNERS,
    progress: Progress = lambda done, of: None,
) -> Report:
    """See `verify_here`; for callers without an event loop."""
    return asyncio.run(verify_here(addresses, cut_seconds=cut_seconds, services=services, progress=progress))


async def verify_here(
    addresses: Addresses,
    *,
    cut_seconds: float = CUT_SECONDS,
    services: Iterable[str] = OWNERS,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Judges what is older than the database's time − `cut_seconds`.

    `services` leaves out those that do not run; what they say and hear is not judged. `progress` gets matters done
    and how many there may be. What cannot be read stands in the report's `troubles`; nothing is raised for it.
    """
    started, report = monotonic(), Report()
    try:
        databases = Databases(addresses.mongo_url)
    except (PyMongoError, NotSaid) as error:
        report.troubles.append(f"no database: {error}")
        return report
    try:
        report.cut = await databases.now() - timedelta(seconds=cut_seconds)
        await _Verify(addresses, databases, report, report.cut, tuple(services), progress).run()
    except PyMongoError as error:
        report.troubles.append(f"a database cannot be read: {type(error).__name__}: {str(error)[:200]}")
    finally:
        databases.close()
        report.seconds = monotonic() - started
    return report


@dataclass
class _Verify:
    addresses: Addresses
    databases: Databases
    report: Report
    cut: datetime
    services: Sequence[str]
    progress: Progress

    async def run(self) -> None:
        suspects = await self._all()
        for _ in range(LOOKS - 1):
            suspects = await self._again(suspects)
        for one in [one for one in suspects if not one.gap]:
            self.report.add(one)
        gaps = [one for one in suspects if one.gap]
        for one in [one for one in gaps if one.why]:
            self.report.explain(one)
        await self._explain([one for one in gaps if not one.why])

    async def _all(self) -> list[Finding]:
        report, suspects = self.report, list[Finding]()
        total = max([await self.databases.matters(one).estimated_document_count() for one in self.services], default=0)
        async for span in spans(self.databases, self.services):
            views = await look(self.databases, span, self.services)
            for view in views.values():
                judgement = judge(view, self.cut, self.services)
                report.facts += judgement.judged
                report.in_flight += judgement.in_flight
                suspects += judgement.findings[: max(0, SUSPECTS_MOST - len(suspects))]
            report.matters += len(views)
            self.progress(report.matters, max(total, report.matters))
        accounts = await judge_accounts(self.databases, self.cut, self.services)
        report.facts += accounts.judged
        report.in_flight += accounts.in_flight
        suspects += accounts.findings[: max(0, SUSPECTS_MOST - len(suspects))]
        if TRACKING in self.services:
            suspects += (await judge_figures(self.databases))[: max(0, SUSPECTS_MOST - len(suspects))]
        report.judged = report.facts.total()
        if len(suspects) >= SUSPECTS_MOST:
            report.notes.append(f"more than {SUSPECTS_MOST} suspects; only the first were looked at again")
        return suspects

    async def _again(self, suspects: list[Finding]) -> list[Finding]:
        """Those of the suspects that look the same at a second look, in the order that no moving fact can trick."""
        if not suspects:
            return suspects
        await asyncio.sleep(PAUSE_SECONDS)
        now: dict[object, Finding] = {}
        numbers = sorted({one.number for one in suspects})
        if any(number > AFTER_MATTERS for number in numbers):
            accounts = await judge_accounts(self.databases, self.cut, self.services)
            now |= {one.key: one for one in accounts.findings}
        if any(one.kind == "figures" for one in suspects):
            now |= {one.key: one for one in await judge_figures(self.databases)}
        for some in _portions([number for number in numbers if number < AFTER_MATTERS]):
            for view in (await look(self.databases, {"$in": some}, self.services, exactly=True)).values():
                now |= {one.key: one for one in judge(view, self.cut, self.services).findings}
        return [now[one.key] for one in suspects if one.key in now]

    async def _explain(self, gaps: list[Finding]) -> None:
        if not gaps:
            return
        depths: dict[str, int] = {}
        try:
            gaps = await self._without_lying(gaps)
            if gaps:
                depths = await waiting(self.addresses, sorted({gap.service for gap in gaps}), self.report)
            gaps = await self._again(gaps)
            if gaps:
                # What was replayed or refused meanwhile lies elsewhere now.
                gaps = await self._without_lying(gaps)
        except _NO_BROKER as error:
            why = f"{type(error).__name__}: {str(error)[:200]}"
            self.report.troubles.append(f"{len(gaps)} gaps cannot be explained without the broker: {why}")
            return
        for hearer, depth in depths.items():
            settle(hearer, [one for one in gaps if one.service == hearer], depth, self.report)

    async def _without_lying(self, gaps: list[Finding]) -> list[Finding]:
        places = await lying(self.addresses, sorted({one.service for one in gaps}), gaps)
        for one in gaps:
            if why := places.get((one.service, one.fact)):
                self.report.explain(replace(one, why=why))
        return [one for one in gaps if (one.service, one.fact) not in places]


def _portions(numbers: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]
