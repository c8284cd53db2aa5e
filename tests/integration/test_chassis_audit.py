"""No entry is lost between replicas, and no harm to the chain passes, with all the rights that a database gives."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chassis.audit import Audit
from chassis.chain import BEFORE_ALL, Root, digest, read_root
from chassis.clock import Clock
from chassis.database import connect
from chassis.roots import AuditRoots
from kit.running import eventually
from kit.trails import ACT, KEYS, OFFICER, a_key, an_audit, judged
from slkt_local.database import Database

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


@pytest.fixture
async def database(mongod: Database, empty_database: str) -> AsyncIterator[Any]:
    client = connect(mongod.mongo_url)
    yield client[empty_database]
    client.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


async def act(audit: Audit, times: int = 1) -> None:
    for _ in range(times):
        await audit.answered(await audit.asked(OFFICER, ACT), 200)


async def stored(database: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await database["audit"].find(sort=[("_id", 1)]).to_list(None)
    return found


async def test_many_replicas_write_one_chain_and_no_entry_is_lost(
    database: Any, clock: Clock, mongod: Database
) -> None:
    clients = [connect(mongod.mongo_url) for _ in range(4)]
    replicas = [an_audit(client[database.name], clock) for client in clients]
    await asyncio.gather(*(act(replica, 5) for replica in replicas for _ in range(12)))
    whole = await judged(database)
    assert (whole.findings, whole.count, whole.open) == ([], 4 * 12 * 5 * 2, set())
    assert len({entry["id"] for entry in await stored(database)}) == whole.count
    for client in clients:
        client.close()


async def test_many_at_once_in_one_process_are_few_writes(database: Any, clock: Clock) -> None:
    audit = an_audit(database, clock)
    numbers = await asyncio.gather(*(audit.asked(OFFICER, ACT) for _ in range(300)))
    assert sorted(numbers) == list(range(1, 301))
    assert (await judged(database)).findings == []


async def test_an_entry_says_who_what_on_what_from_where_and_nothing_else(database: Any, clock: Clock) -> None:
    await act(an_audit(database, clock))
    asked, answered = await stored(database)
    assert {
        name: asked[name] for name in ("_id", "at", "step", "actor", "behalf", "act", "object", "from", "prev")
    } == {
        "_id": 1,
        "at": NOON,
        "step": "asked",
        "actor": {"kind": "staff", "id": "budi", "roles": ["cso", "decider"]},
        "behalf": None,
        "act": "POST /cases/{number}/decision",
        "object": {"number": "5043812177304"},
        "from": "192.0.2.7",
        "prev": BEFORE_ALL,
    }
    assert asked.keys() - answered.keys() == {"actor", "behalf", "act", "object", "from"}
    assert (answered["step"], answered["asked"], answered["outcome"], answered["prev"]) == (
        "answered",
        1,
        200,
        asked["hash"],
    )


async def change(audit: Any) -> None:
    await audit.update_one({"_id": 5}, {"$set": {"actor.id": "siti"}})


async def remove(audit: Any) -> None:
    await audit.delete_one({"_id": 5})


async def insert(audit: Any) -> None:
    """In its place, with all that follow one further."""
    entries = await audit.find(sort=[("_id", 1)]).to_list(None)
    await audit.delete_many({"_id": {"$gte": 5}})
    false = entries[4] | {"id": "false", "act": "GET /proposals"}
    await audit.insert_many([one | {"_id": n} for n, one in enumerate([false, *entries[4:]], 5)])


async def reorder(audit: Any) -> None:
    fifth, sixth = await audit.find_one({"_id": 5}), await audit.find_one({"_id": 6})
    await audit.replace_one({"_id": 5}, {**sixth, "_id": 5})
    await audit.replace_one({"_id": 6}, {**fifth, "_id": 6})


async def cut(audit: Any) -> None:
    await audit.delete_many({"_id": {"$gte": 5}})


async def compute_anew(audit: Any) -> None:
    """Every number, every `prev` and every hash as they ought to be."""
    last = BEFORE_ALL
    for n, one in enumerate(await audit.find(sort=[("_id", 1)]).to_list(None), 1):
        await audit.delete_one({"_id": one["_id"]})
        made = {**one, "_id": n, "prev": last}
        last = made["hash"] = digest(made)
        await audit.insert_one(made)


@pytest.mark.parametrize(
    ("harm", "as_it_stands", "computed_anew"),
    [
        (change, "changed", "forged"),
        (remove, "removed", "forged"),
        (insert, "changed", "forged"),
        (reorder, "changed", "forged"),
        (cut, "truncated", "truncated"),
    ],
)
async def test_harm_by_who_has_every_right_on_the_database_is_found_where_it_was_done(
    database: Any, clock: Clock, harm: Callable[[Any], Any], as_it_stands: str, computed_anew: str
) -> None:
    await act(an_audit(database, clock), 5)
    before = await judged(database)
    root = Root("ping", "2026-03-02", before.head.last, before.head.hash, before.count)
    assert (await judged(database, root)).findings == []
    await harm(database["audit"])
    found = (await judged(database, root)).findings
    assert (found[0].number, found[0].kind) == (5, as_it_stands)
    await compute_anew(database["audit"])
    found = (await judged(database, root)).findings
    assert (found[0].number, found[0].kind) == (5, computed_anew)


async def test_an_end_that_is_cut_off_while_the_service_lives_leaves_a_gap(database: Any, clock: Clock) -> None:
    one, other = an_audit(database, clock), an_audit(database, clock)
    await act(one, 5)
    await act(other)
    await database["audit"].delete_many({"_id": {"$gte": 9}})
    # Either has forgotten nothing: not the one that wrote last, nor the one that must look where the chain ends.
    await act(one)
    await act(other)
    found = (await judged(database)).findings
    assert (found[0].number, found[0].kind) == (9, "removed")


async def test_what_the_database_does_not_take_is_told_and_the_chain_goes_on(
    database: Any, clock: Clock, mongod: Database
) -> None:
    audit = an_audit(database, clock)
    await act(audit)
    with mongod.client() as client:
        fail = {"configureFailPoint": "failCommand", "data": {"failCommands": ["insert"], "closeConnection": True}}
        client.admin.command(fail | {"mode": {"times": 2}})
        outcomes = await asyncio.gather(*(audit.asked(OFFICER, ACT) for _ in range(3)), return_exceptions=True)
        client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    assert {type(one).__name__ for one in outcomes} == {"Unavailable"}
    await act(audit)
    assert (await judged(database)).findings == []


def roots(database: Any, clock: Clock, folder: Path | None) -> AuditRoots:
    return AuditRoots(database, clock, a_key(), "ping", folder)


def kept(folder: Path) -> list[Root]:
    return [read_root(line.split()[1], KEYS) for line in (folder / "ping.roots").read_text().splitlines()]


async def test_each_day_that_ended_has_one_root_in_every_replicas_file(
    database: Any, clock: Hands, tmp_path: Path
) -> None:
    audit = an_audit(database, clock)
    here, there = tmp_path / "here", tmp_path / "there"
    one, other = roots(database, clock, here), roots(database, clock, there)
    await one.look()
    assert not here.exists(), "no day has ended"
    await act(audit, 2)
    clock.at += timedelta(hours=12, seconds=30)
    await one.look()
    assert not here.exists(), "what was asked before midnight may still be written"
    clock.at += timedelta(days=2, minutes=5)
    await act(audit)
    await asyncio.gather(one.look(), other.look())
    await asyncio.gather(one.look(), other.look(), roots(database, clock, here).look())
    entries = await stored(database)
    expected = [
        Root("ping", f"2026-03-0{day}", 4, entries[3]["hash"], count) for day, count in ((2, 4), (3, 0), (4, 0))
    ]
    assert kept(here) == kept(there) == expected
    assert (await judged(database, *kept(here))).findings == []


async def test_a_root_made_again_over_a_cut_end_does_not_hide_it(database: Any, clock: Hands, tmp_path: Path) -> None:
    await act(an_audit(database, clock), 3)
    clock.at += timedelta(days=1)
    await roots(database, clock, tmp_path).look()
    await database["audit"].delete_many({"_id": {"$gte": 3}})
    await database["audit_roots"].delete_many({})
    await act(an_audit(database, clock), 3)
    await roots(database, clock, None).look()
    again = [read_root(one["jws"], KEYS) async for one in database["audit_roots"].find()]
    assert [one.last for one in again] == [2]
    assert (await judged(database, *again)).findings == []
    found = (await judged(database, *again, *kept(tmp_path))).findings
    assert [(one.number, one.kind) for one in found] == [(6, "another-root")]


async def test_the_job_tells_its_roots_in_the_log(
    database: Any, clock: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    await act(an_audit(database, clock))
    clock.at += timedelta(days=3)
    with caplog.at_level("INFO"):
        running = asyncio.create_task(roots(database, clock, None).run())
        await eventually(lambda: len(_told(caplog)) == 3, "three roots in the log")
        running.cancel()
    assert [read_root(one, KEYS).day for one in _told(caplog)] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    caplog.clear()
    with caplog.at_level("INFO"):
        await roots(database, clock, None).look()
    assert [read_root(one, KEYS).day for one in _told(caplog)] == ["2026-03-04"], "a start tells the last again"


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.root for record in caplog.records if hasattr(record, "root")]
