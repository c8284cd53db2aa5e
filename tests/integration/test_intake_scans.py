"""Each file is scanned once and its state is kept; a scanner that is away or slow is waited for; what never came into a
matter is swept."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from chassis.documents import Documents
from chassis.ids import new_id
from chassis.messages import Act
from chassis.parts import Base
from chassis.repository import Repository
from chassis.saying import Voice
from chassis.sealing import Vault
from contracts.intake import ServiceAmended, ServiceRegistered
from intake.adapters import clamd
from intake.adapters.clamd import Clamd
from intake.adapters.contents import GridContents
from intake.adapters.kinds import Look
from intake.adapters.mongo import MongoServices
from intake.adapters.seals import IntakeSeals
from intake.attachments import Limits
from intake.domain import Service
from intake.jobs import Scans
from intake.usecases import attaching
from intake.usecases.attaching import AddAttachment, Brought, ScanAttachment, SweepOrphans
from kit import papers
from kit.ground import Ground, a_number
from kit.pings import WIRE
from kit.running import eventually
from kit.scanner import StandInScanner
from slkt_local.ports import free_ports

from chassis import receivers

CLEAR: dict[str, Any] = {
    "kind": "complaint",
    "channel": "web",
    "product": None,
    "issue": None,
    "region": None,
    "language": "id",
    "loss": None,
    "transaction_date": None,
    "demands": [],
    "in_court": False,
}
CONSUMER = Brought("consumer", "web", "bukti.pdf")
FACTS = (ServiceRegistered, ServiceAmended)


async def one(content: bytes) -> AsyncIterator[bytes]:
    yield content


class Hand:
    """Intake's part in files, as one process has it; another one is another process."""

    def __init__(self, ground: Ground, scanner: str = "") -> None:
        self._ground = ground
        voice = Voice("intake", WIRE.events, {fact.name(): fact for fact in FACTS})

        def repository(name: str, documents: Documents[Any]) -> Repository[Any]:
            return Repository(ground.database, name, documents, voice, ground.publisher, ground.clock)

        base = cast(Base, SimpleNamespace(database=ground.database, clock=ground.clock, repository=repository))
        self.services, self.contents = MongoServices(base, 60.0), GridContents(base)
        self.seals = IntakeSeals(Vault(b"m" * 32), cast(Any, None))
        scan = ScanAttachment(self.seals, self.contents, Clamd(scanner or "tcp://127.0.0.1:1"))
        self.worker = self.services.scanned_by(Scans(scan))
        self.add = AddAttachment(self.services, self.seals, self.contents, Look, Limits(), ground.clock, "waiting")
        self.sweep = SweepOrphans(self.services, self.contents, ground.clock)

    async def registered(self) -> str:
        number = a_number()
        sealed, public, wrapped = self.seals.seal_new('{"demands": []}', number)
        facts = CLEAR | {"sealed": sealed, "seal_key": public}
        now = self._ground.clock.now()
        act = Act(new_id(), number)
        await self.services.change(act, lambda s: s.register(facts, key=wrapped, eligible=True, now=now), fresh=True)
        return number

    async def matter(self, number: str) -> Service:
        found = await self.services.get(number)
        assert found is not None
        return found

    async def state(self, number: str) -> list[str]:
        return [file.scan for file in (await self.matter(number)).attachments]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        await self.worker.ensure_indexes()
        running = asyncio.create_task(self.worker.run())
        try:
            yield
        finally:
            await self.worker.stop()
            await running


@pytest.fixture
async def scanner() -> AsyncIterator[StandInScanner]:
    async with StandInScanner().open() as opened:
        yield opened


def at(scanner: StandInScanner) -> str:
    return f"tcp://127.0.0.1:{scanner.port}"


async def test_what_is_clean_opens_and_what_is_infected_never(ground: Ground, scanner: StandInScanner) -> None:
    hand, clean = Hand(ground, at(scanner)), papers.pdf(400_000)
    number = await hand.registered()
    async with hand.at_work():
        await hand.add(number, CONSUMER, one(clean))
        await hand.add(number, CONSUMER, one(papers.pdf() + papers.EICAR))

        async def scanned() -> bool:
            return await hand.state(number) == ["clean", "infected"]

        await eventually(scanned, "both were scanned")
    assert clean in scanner.seen and len(scanner.seen) == 2
    matter = await hand.matter(number)
    assert [file.opens for file in matter.attachments] == [True, False]
    assert matter.deliveries == []


async def test_two_processes_scan_each_file_once(ground: Ground, scanner: StandInScanner) -> None:
    first, second = Hand(ground, at(scanner)), Hand(ground, at(scanner))
    number = await first.registered()
    async with first.at_work(), second.at_work():
        for _ in range(10):
            await first.add(number, CONSUMER, one(papers.png()))

        async def scanned() -> bool:
            return set(await first.state(number)) == {"clean"}

        await eventually(scanned, "all were scanned")
    assert len(scanner.seen) == 10


async def test_a_scanner_that_is_away_is_waited_for(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receivers, "AWAY_SECONDS", 0.1)
    port = free_ports(1)[0]
    hand = Hand(ground, f"tcp://127.0.0.1:{port}")
    number = await hand.registered()
    async with hand.at_work():
        await hand.add(number, CONSUMER, one(papers.pdf()))

        async def tried() -> bool:
            return (await hand.matter(number)).deliveries[0].due_at > ground.clock.now()

        await eventually(tried, "the scan was put off")
        matter = await hand.matter(number)
        assert (matter.attachments[0].scan, matter.attachments[0].opens) == ("waiting", False)
        assert matter.deliveries[0].tries == 0, "the file is not at fault"
        async with StandInScanner().open(port):

            async def scanned() -> bool:
                return await hand.state(number) == ["clean"]

            await eventually(scanned, "the scanner is back")


async def test_a_scanner_that_says_nothing_or_nonsense_found_nothing(
    ground: Ground, scanner: StandInScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clamd, "ANSWER_SECONDS", 0.3)
    hand = Hand(ground, at(scanner))
    number = await hand.registered()
    file = (await hand.add(number, CONSUMER, one(papers.pdf())))[1]
    scan = ScanAttachment(hand.seals, hand.contents, Clamd(at(scanner)))
    scanner.mute.set()
    with pytest.raises(receivers.Away):
        await scan(await hand.matter(number), file.id)
    scanner.mute.clear()
    for says in (b"", b"UNKNOWN COMMAND", b"x" * 10_000):
        scanner.says = says or b" "
        with pytest.raises(receivers.Away):
            await scan(await hand.matter(number), file.id)
    scanner.says = b"INSTREAM size limit exceeded. ERROR"
    with pytest.raises(receivers.Undeliverable, match="too-large-to-scan"):
        await scan(await hand.matter(number), file.id)


async def test_what_came_into_no_matter_is_swept_and_what_did_stays(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, seen = Hand(ground), os.urandom(300_000)
    number = await hand.registered()
    kept = (await hand.add(number, CONSUMER, one(papers.pdf())))[1]
    # A process that died after the content, one that died within it, and one that died after the matter's write.
    secret = hand.seals.unwrap((await hand.matter(number)).key, number)
    await hand.contents.keep("a" * 32, number, secret, one(seen))
    await ground.database["uploads"].insert_one({"_id": "b" * 32, "number": number, "at": ground.clock.now()})
    await ground.database["attachments.chunks"].insert_one({"files_id": "b" * 32, "n": 0, "data": seen})
    await ground.database["uploads"].insert_one({"_id": kept.id, "number": number, "at": ground.clock.now()})
    assert await hand.sweep() == 0, "they may be under way"
    monkeypatch.setattr(attaching, "ORPHAN_AFTER", timedelta(0))
    assert await hand.sweep() == 2
    assert await ground.database["uploads"].count_documents({}) == 0
    assert await ground.database["attachments.files"].distinct("_id") == [kept.id]
    assert await ground.database["attachments.chunks"].distinct("files_id") == [kept.id]
