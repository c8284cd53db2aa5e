"""No entry is lost between replicas, and no harm to the chain passes, with all the rights that a database gives."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import kit
import pytest
from chassis.chain import Root, digest
from chassis.clock import Clock
from chassis.database import connect
from chassis.stored import BEFORE_ALL
from kit.trails import ACT, NOON, OFFICER, PRIVATE, Hands, act, an_audit, judged, stored
from slkt_local.database import Database


@pytest.fixture
async def database(mongod: Database, empty_database: str) -> AsyncIterator[Any]:
    client = connect(mongod.mongo_url)
    yield client[empty_database]
    client.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


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


async def test_more_at_once_than_one_write_takes_have_each_a_number_of_its_own(database: Any, clock: Clock) -> None:
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


KILLED = """
import asyncio, json, os, signal, sys
from chassis.audit import Audit
from chassis.chain import AuditKey
from chassis.clock import DatabaseClock
from chassis.database import connect
from chassis.stored import BEFORE_ALL
from kit.trails import ACT, OFFICER

async def act():
    client = connect(sys.argv[1])
    audit = Audit(client[sys.argv[2]], DatabaseClock(client["admin"]), AuditKey(json.loads(sys.argv[3]), "ping"))
    await audit.answered(await audit.asked(OFFICER, ACT), 200)
    await asyncio.gather(*(audit.asked(OFFICER, ACT) for _ in range(3)))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(act())
"""


async def test_a_process_killed_in_the_midst_of_acts_had_left_their_traces(
    database: Any, clock: Clock, mongod: Database
) -> None:
    command = [sys.executable, "-c", KILLED, mongod.mongo_url, database.name, json.dumps(PRIVATE)]
    path = os.pathsep.join([str(Path(kit.__path__[0]).parent), os.environ.get("PYTHONPATH", "")])
    killed = await asyncio.create_subprocess_exec(*command, env={**os.environ, "PYTHONPATH": path})
    assert await killed.wait() == -signal.SIGKILL
    await act(an_audit(database, clock))
    whole = await judged(database)
    assert (whole.findings, whole.count, whole.open) == ([], 7, {3, 4, 5})


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
