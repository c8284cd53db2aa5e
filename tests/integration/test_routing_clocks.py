"""The clocks of routing and gateway as processes: whoever looks, however many, whoever dies, each is told once."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chassis.documents import CODEC
from kit.cases import ACase
from kit.facts import AMatter, Speaker, a_number, speaking
from kit.running import eventually
from kit.servers import Suite
from pujk_gateway.adapters.listing import CaseDocuments
from pujk_gateway.domain.case import Case
from slkt_local.secrets import make_secrets
from slkt_local.services import Service, doors_of_all, settings_of

from contracts import pujk_gateway

#: Told of what was received in March 2026, long ago: routed, and the day is over.
MISSED = ["ticket-routed", "deadline-missed", "ticket-escalated", "ticket-escalated"]
KILLED = 137
Replica = Callable[..., Service]


@pytest.fixture(scope="module")
def replica(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """One more process, of routing or the gateway, on ports of its own; none is left at the end."""
    secrets, made = make_secrets(tmp_path_factory.mktemp("secrets")), list[Service]()
    logs: Path = tmp_path_factory.mktemp("logs")

    def one(name: str = "routing") -> Service:
        doors = doors_of_all()
        told = settings_of(
            name,
            accounts=suite.accounts,
            secrets=secrets,
            doors=doors,
            smtp_url="",
            entry_url="https://layanan.example",
            example_data=True,
            log_level="INFO",
        )
        told |= {"CLOCKS_EVERY_SECONDS": "0.1", "STEADY_SECONDS": "0", "LEASE_SECONDS": "0.5"}
        made.append(Service(name, doors[name], told, logs / f"{name}-{len(made)}.log"))
        return made[-1]

    with suite.database.client() as client:
        client["routing"]["directory"].insert_one(
            {"_id": "BANK-001", "name": "Bank Contoh", "sector": "bank", "aliases": []}
        )
        client["routing"]["directory_version"].update_one({"_id": "directory"}, {"$inc": {"version": 1}}, upsert=True)
    yield one
    for service in made:
        service.stop()


@contextmanager
def at_work(*replicas: Service) -> Iterator[None]:
    for one in replicas:
        one.launch()
    try:
        yield
    finally:
        for one in replicas:
            one.stop()


@pytest.fixture
async def speaker(suite: Suite) -> AsyncIterator[Speaker]:
    async with speaking(suite.accounts.service_amqp) as speaker:
        yield speaker


class Stored:
    """What the databases of routing and gateway hold of a matter."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite

    def put(self, case: Case) -> None:
        """As a gateway of before left it."""
        empty: dict[str, Any] = {"version": 1, "seq": 0, "clock": 0, "size": 0, "heard": {}, "acts": [], "unsent": []}
        with self._suite.database.client() as client:
            cases = client["pujk_gateway"].get_collection("cases", codec_options=CODEC)
            cases.insert_one({"_id": case.number, **empty, "state": CaseDocuments().state(case)})

    def facts(self, number: str, owner: str = "routing") -> list[str]:
        with self._suite.database.client() as client:
            found = client[owner]["facts"].find({"subject": number}).sort("seq")
            return [one["type"].split(".")[2] for one in found]

    def state(self, number: str) -> dict[str, Any]:
        with self._suite.database.client() as client:
            found = client["routing"]["assignments"].find_one({"_id": number}) or {}
            return dict(found.get("state", {}))


@pytest.fixture
def stored(suite: Suite) -> Stored:
    return Stored(suite)


def documents_asked(matter: AMatter) -> Any:
    standing = matter.stands("in-handling", waiting_for="documents")
    words = matter.seal({"text": "Mohon salinan buku tabungan."})
    return matter.says(pujk_gateway.DocumentsAsked(round=1, by="budi", sealed=words, standing=standing))


async def test_two_workers_tell_each_ticket_once(replica: Replica, speaker: Speaker, stored: Stored) -> None:
    late, parked, paused = [AMatter() for _ in range(20)], AMatter(), AMatter()
    with at_work(replica(), replica()):
        await speaker.say([one.registered() for one in late])
        await speaker.say([parked.registered(pujk={"name": "Bank Entah"})])
        await speaker.say([paused.registered()])
        await eventually(lambda: "ticket-routed" in stored.facts(paused.number), "it is routed")
        await speaker.say([documents_asked(paused)])

        def all_told() -> bool:
            numbers = [one.number for one in late]
            return all(len(stored.facts(number)) >= len(MISSED) for number in numbers)

        await eventually(all_told, "every late ticket is missed and told to supervisor and division")
        await eventually(lambda: "clock-resumed" in stored.facts(paused.number), "documents are waited for no longer")
        await eventually(lambda: len(stored.facts(parked.number)) == 3, "what nobody routes is told further up twice")
        # Whoever says anything twice says it now.
        again = AMatter()
        await speaker.say([again.registered()])
        await eventually(lambda: stored.facts(again.number) == MISSED, "one more is told")
    assert [stored.facts(one.number) for one in late] == [MISSED] * len(late)
    assert stored.facts(parked.number) == ["ticket-parked", "ticket-escalated", "ticket-escalated"]


async def test_what_its_worker_dies_of_is_told_by_the_next_one_once(
    suite: Suite, replica: Replica, speaker: Speaker, stored: Stored
) -> None:
    late = [AMatter() for _ in range(5)]
    waits = replica()
    # Nobody is told to be late before the broker has answered for an hour.
    waits.told["STEADY_SECONDS"] = "3600"
    with at_work(waits):
        await speaker.say([one.registered() for one in late])
        await eventually(lambda: all(stored.state(one.number).get("miss_at") for one in late), "all are routed")
    assert {fact for one in late for fact in stored.facts(one.number)} == {"ticket-routed"}
    for point in ("before-write", "after-write-before-publish", "after-publish-before-move"):
        dies = replica()
        dies.launch({"SLKT_CRASH_AT": point})
        await eventually(lambda dies=dies: dies.exit_code == KILLED, f"a worker dies {point}")
    with at_work(replica()):
        await eventually(lambda: all(len(stored.facts(one.number)) >= len(MISSED) for one in late), "all are told")
        with suite.database.client() as client:
            left = client["routing"]["assignments"]
            await eventually(lambda: not left.count_documents({"unsent._id": {"$exists": True}}), "nothing is unsaid")
    assert [stored.facts(one.number) for one in late] == [MISSED] * len(late)


async def test_nobody_is_late_while_an_answer_may_wait_to_be_heard(
    suite: Suite, replica: Replica, speaker: Speaker, stored: Stored
) -> None:
    matter, routes = AMatter(), replica()
    routes.told["STEADY_SECONDS"] = "3600"
    with at_work(routes):
        await speaker.say([matter.registered()])
        await eventually(lambda: stored.state(matter.number).get("miss_at"), "it is routed")
    in_time = matter.proposed()
    await speaker.say([in_time])
    with at_work(replica()):
        await eventually(lambda: "deadline-met" in stored.facts(matter.number), "the answer in time is heard")
    assert stored.facts(matter.number) == ["ticket-routed", "deadline-met"]


async def test_two_workers_say_what_time_does_to_accepted_proposals_once(replica: Replica, stored: Stored) -> None:
    silent, promised = [a_number() for _ in range(20)], a_number()
    for number in silent:
        stored.put(accepted_long_ago(number, None))
    stored.put(accepted_long_ago(promised, date(2026, 3, 20)))
    ended, overdue = ["consumer-time-lapsed", "ticket-closed"], ["relief-overdue", "ticket-reopened"]
    with at_work(replica("pujk_gateway"), replica("pujk_gateway")):
        await eventually(
            lambda: all(len(stored.facts(one, "pujk_gateway")) >= len(ended) for one in silent), "who is silent agrees"
        )
        await eventually(lambda: stored.facts(promised, "pujk_gateway") == [ended[0], *overdue], "a promise is overdue")
    assert [stored.facts(one, "pujk_gateway") for one in silent] == [ended] * len(silent)


def accepted_long_ago(number: str, promised_by: date | None) -> Case:
    """In March 2026."""
    story = ACase(frozenset())
    story.case.number = number
    return story.registered().routed().taken_over().promising(promised_by).accepted().case
