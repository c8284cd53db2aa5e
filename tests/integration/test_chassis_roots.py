"""Each day has its root, told by every replica, and whatever is done in the database stops none."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chassis.chain import Root, read_root
from chassis.clock import Clock
from chassis.database import connect
from chassis.roots import AuditRoots
from kit.running import eventually
from kit.trails import KEYS, Hands, a_key, act, an_audit, judged, stored
from slkt_local.database import Database


@pytest.fixture
async def database(mongod: Database, empty_database: str) -> AsyncIterator[Any]:
    client = connect(mongod.mongo_url)
    yield client[empty_database]
    client.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


def roots(database: Any, clock: Clock, folder: Path | None) -> AuditRoots:
    return AuditRoots(database, clock, a_key(), "ping", folder)


def told(folder: Path) -> list[Root]:
    return [read_root(line.split()[1], KEYS) for line in (folder / "ping.roots").read_text().splitlines()]


def kept(folder: Path) -> list[Root]:
    """Those of days."""
    return [root for root in told(folder) if not root.at]


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
    assert kept(here) == [], "what was asked before midnight may still be written"
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


async def test_an_end_is_cut_off_unseen_for_minutes_only(database: Any, clock: Hands, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    audit, one, other = an_audit(database, clock), roots(database, clock, here), roots(database, clock, there)
    await act(audit, 3)
    await one.look()
    assert not here.exists(), "what was asked before noon may still be written"
    clock.at += timedelta(minutes=7, seconds=1)
    await act(audit)
    for _ in range(2):
        await asyncio.gather(one.look(), other.look())
    assert told(here) == told(there)
    assert [(root.at, root.last, root.count) for root in told(here)] == [("2026-03-02T12:05:00.000Z", 6, 6)]
    clock.at += timedelta(minutes=30)
    await one.look()
    clock.at += timedelta(minutes=75)
    await one.look()
    assert [root.last for root in told(here)] == [6, 8, 8], "also an idle one says up to when"
    await database["audit"].delete_many({"_id": {"$gte": 5}})
    found = (await judged(database, *told(here))).findings
    assert [(at.number, at.kind) for at in found] == [(5, "truncated")]


async def test_a_process_that_ends_signs_what_stands(database: Any, clock: Hands, tmp_path: Path) -> None:
    ending = roots(database, clock, tmp_path)
    await ending.close()
    assert not tmp_path.joinpath("ping.roots").exists(), "nothing stands"
    await act(an_audit(database, clock))
    await ending.close()
    await ending.close()
    assert [(root.last, root.until) for root in told(tmp_path)] == [(2, clock.at)]


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
        assert _told(caplog) == [], "they are known"
        clock.at += timedelta(days=1)
        await roots(database, clock, None).look()
    assert [read_root(one, KEYS).day for one in _told(caplog)] == ["2026-03-05"]


async def test_what_somebody_puts_among_the_roots_stops_none(database: Any, clock: Hands, tmp_path: Path) -> None:
    await act(an_audit(database, clock))
    here, nowhere = roots(database, clock, tmp_path), roots(database, clock, None)
    await asyncio.gather(here.look(), nowhere.look())
    await database["audit_roots"].insert_many([{"_id": one} for one in ("2026-03-02", "2026-03-03x", "9999-12-31")])
    clock.at += timedelta(days=2)
    await asyncio.gather(here.look(), nowhere.look(), roots(database, clock, None).look())
    assert [one.day for one in kept(tmp_path)] == ["2026-03-02", "2026-03-03"]
    (stored_now,) = [one async for one in database["audit_roots"].find({"_id": "2026-03-03"})]
    assert read_root(stored_now["jws"], KEYS) == kept(tmp_path)[-1]


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Those of days."""
    roots = [record.root for record in caplog.records if hasattr(record, "root")]
    return [one for one in roots if not read_root(one, KEYS).at]
