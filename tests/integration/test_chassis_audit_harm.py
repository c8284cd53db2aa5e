"""An entry that was harmed so that it reads as before, or cannot be read at all, is told, and hides no other."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from bson.code import Code
from bson.decimal128 import Decimal128
from bson.raw_bson import RawBSONDocument
from bson.son import SON
from chassis.audit_desk.search import Wanted, acts_of
from chassis.audit_desk.standing import standing_of
from chassis.chain import Finding
from chassis.clock import Clock
from chassis.database import connect
from integration.test_chassis_roots import roots
from kit.trails import ACT, NOON, OFFICER, Hands, a_key, act, an_audit, judged, stored
from slkt_local.database import Database

Harm = Callable[[dict[str, Any]], RawBSONDocument]


@pytest.fixture
async def database(mongod: Database, empty_database: str) -> AsyncIterator[Any]:
    client = connect(mongod.mongo_url)
    yield client[empty_database]
    client.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


def raw(fields: bytes) -> bytes:
    return (len(fields) + 5).to_bytes(4, "little") + fields + b"\0"


def fields(said: dict[str, Any]) -> bytes:
    return bson.encode(said)[4:-1]


def document(content: bytes) -> RawBSONDocument:
    return RawBSONDocument(raw(content))


def twice(**false: Any) -> Harm:
    """The false ones first: those are searched, the others are read."""
    return lambda entry: document(fields({"_id": entry["_id"], **false}) + fields(entry)[len(fields({"_id": 1})) :])


def twice_within(entry: dict[str, Any]) -> RawBSONDocument:
    actor = raw(fields({"id": "boss"}) + fields(entry["actor"]))
    others = fields({name: value for name, value in entry.items() if name != "actor"})
    return document(others + b"\x03actor\0" + actor)


def changed(**false: Any) -> Harm:
    return lambda entry: RawBSONDocument(bson.encode(entry | false))


def without(name: str) -> Harm:
    return lambda entry: RawBSONDocument(bson.encode({one: value for one, value in entry.items() if one != name}))


def as_symbol(entry: dict[str, Any]) -> RawBSONDocument:
    """A type of old that reads as text."""
    others = fields({name: value for name, value in entry.items() if name != "act"})
    text = str(entry["act"]).encode() + b"\0"
    return document(others + b"\x0eact\0" + len(text).to_bytes(4, "little") + text)


def no_text(entry: dict[str, Any]) -> RawBSONDocument:
    return RawBSONDocument(bson.encode(entry | {"from": "????"}).replace(b"????", b"\xff\xfe\xff\xfe"))


TEXT = "2026-03-02T12:00:00.000Z"
#: A moment that no calendar has.
FAR = bson.datetime_ms.DatetimeMS(2**60)
HARM: dict[str, Harm] = {
    "another actor, searched": twice(actor={"kind": "staff", "id": "boss", "roles": []}),
    "another matter, searched": twice(object={"number": "1111111111116"}),
    "another account within": twice_within,
    "moment as text": changed(at=TEXT),
    "moment gone": without("at"),
    "moment far away": changed(at=FAR),
    "last moment": changed(at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)),
    "text as a program": lambda entry: changed(act=Code(entry["act"]))(entry),
    "text as a symbol": as_symbol,
    "text that is none": no_text,
    "actor a word": changed(actor="boss"),
    "actor without roles": changed(actor={"kind": "staff", "id": "budi"}),
    "actor of numbers": changed(actor={"kind": 7, "id": [1], "roles": "x"}),
    "about a word": changed(object="x"),
    "about what is no JSON": changed(object={"number": Decimal128("1"), "x": b"x", "y": float("nan"), "z": FAR}),
    "address gone": without("from"),
    "behalf gone": without("behalf"),
    "act a list": changed(act=[SON(a=1)]),
    "hash gone": without("hash"),
    "hash a number": changed(hash=7),
    "key gone": without("key"),
}


async def harm(database: Any, number: int, how: Harm) -> None:
    entry = await database["audit"].find_one({"_id": number})
    harmed = how(entry)
    await database["audit"].delete_one({"_id": number})
    # As an insert command, which keeps the bytes: the driver would name each field once.
    await database.command("insert", "audit", documents=[harmed])


def told(findings: list[Finding]) -> list[tuple[int, str]]:
    return [(one.number, one.kind) for one in findings]


@pytest.mark.parametrize("what", HARM)
async def test_what_was_harmed_is_told_and_hides_no_other(database: Any, clock: Clock, what: str) -> None:
    await act(an_audit(database, clock), 3)
    await harm(database, 5, HARM[what])
    assert told((await judged(database)).findings)[0] == (5, "changed")
    # The newest act, with a process that knows nothing of it: it goes on, and an auditor sees what it is worth.
    await database["audit"].delete_one({"_id": 6})
    assert await an_audit(database, clock).asked(OFFICER, ACT) == 6
    found = await acts_of(database["audit"], Wanted(), 9)
    assert [(one.number, one.genuine) for one in found] == [(6, True), (5, False), (3, True), (1, True)]
    assert (5, "changed") in told((await standing_of(a_key(), database, None)).findings)
    entries = await database["audit"].find({"_id": 6}).to_list(None)
    assert entries[0]["at"] == NOON, "nobody's false moment is carried on"
    await roots(database, clock, None).close()


async def test_what_came_of_an_act_is_not_believed_when_it_was_harmed(database: Any, clock: Clock) -> None:
    await act(an_audit(database, clock), 4)
    for number, how in ((2, changed(outcome="200")), (4, changed(step="about", object=7)), (6, changed(asked=[1, 5]))):
        await harm(database, number, how)
    found = await acts_of(database["audit"], Wanted(), 9, upwards=True)
    assert [(one.number, one.outcome, one.genuine) for one in found] == [
        (1, None, False),
        (3, None, False),
        (5, None, True),
        (7, 200, True),
    ]
    assert told((await judged(database)).findings)[::2] == [(2, "changed"), (4, "changed"), (6, "changed")][::2]


@pytest.mark.parametrize("number", ["zzz", None, 7.5, 7.0, True, 2**60, {"a": 1}])
async def test_what_is_put_among_the_entries_stops_no_act_and_is_told(database: Any, clock: Clock, number: Any) -> None:
    await act(an_audit(database, clock), 3)
    await database["audit"].insert_one({"_id": number, "act": "GET /x", "actor": None, "asked": {}})
    await act(an_audit(database, clock))
    assert {"inserted", "changed"} & {one.kind for one in (await judged(database)).findings}
    assert len([one for one in await acts_of(database["audit"], Wanted(), 9) if one.genuine]) == 4
    assert number is None or (await standing_of(a_key(), database, None)).findings


async def test_a_moment_in_an_entry_is_never_taken_for_its_text(database: Any, clock: Clock) -> None:
    audit = an_audit(database, clock)
    asked = await audit.asked(OFFICER, ACT)
    await audit.about(asked, {"since": NOON, "account": TEXT, "numbers": [TEXT, "2026-13-02T12:00:00.000Z"]})
    assert (await judged(database)).findings == []
    assert (await stored(database))[1]["object"]["account"] == NOON
    await harm(
        database, 2, changed(object={"since": TEXT, "account": NOON, "numbers": [NOON, "2026-13-02T12:00:00.000Z"]})
    )
    assert told((await judged(database)).findings) == [(2, "changed")]
