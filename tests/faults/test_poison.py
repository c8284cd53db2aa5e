"""Is what can never be handled put aside with its reason, answered where somebody asked, and nobody else held up?"""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from contracts.channel import Submission
from contracts.intake import ServiceRegistered
from contracts.pujk import TakeOver
from contracts.topology import PUJK_ACTIONS, SUBMISSIONS, actions, channel_user, pujk_user, submissions
from kit.facts import AMatter
from kit.operator import Letter
from kit.outsider import send_raw
from kit.running import eventually
from kit.shaken import Shaken, a_sender
from kit.story import Story

FIVE_MB = b"x" * 5_000_000
OURS = {"name": "BANK BRI", "code": "BANK-002"}
KILLED = 137
#: Ten deaths and starts of a process, 2 s each on two idle cores.
PATIENCE_SECONDS = 240


async def test_poison_in_a_services_own_inbox_is_put_aside_with_its_reason(suite: Shaken) -> None:
    # No calendar reaches this year: a handler that fails, as a defect would make it.
    far = AMatter().registered(pujk=OURS, received_at=datetime(2040, 1, 2, 3, 4, tzinfo=UTC))
    body = far.model_dump_json(exclude_none=True, serialize_as_any=True).encode()
    poison = {
        "bad-json": Letter(uuid4().hex, ServiceRegistered.type(), body[:-9]),
        "wrong-schema": Letter(uuid4().hex, ServiceRegistered.type(), b'{"specversion": "1.0", "data": {}}'),
        "unknown-type": Letter(uuid4().hex, "slkt.intake.service-forgotten.v1", body),
        "not-its-owner": Letter(uuid4().hex, ServiceRegistered.type(), body.replace(b"/slkt/intake", b"/slkt/routing")),
        "too-large": Letter(uuid4().hex, ServiceRegistered.type(), FIVE_MB),
        "defect:NoSuchDay": Letter(far.id, far.type, body),
    }
    async with suite.steadfast("BANK-002") as firm:
        stories = [Story(suite, firm) for _ in range(4)]
        async with asyncio.TaskGroup() as group:
            for story in stories:
                group.create_task(story.whole_way())
            await suite.operator.put("routing.inbox", list(poison.values()))
        await suite.whole(dead=[("routing.inbox", reason, one.id) for reason, one in poison.items()])
        for story in stories:
            story.is_complete()
    assert suite.document("routing", far.subject) == {}


async def test_poison_at_outsiders_doors_is_answered_and_kept(suite: Shaken) -> None:
    channel, firm_ = suite.known["credentials"]["channels"]["phone"], suite.known["credentials"]["pujk"]["BANK-008"]
    _, data = a_sender()
    dead: list[tuple[str, str, str]] = []
    for user, queue, amqp, exchange, key, type_ in (
        (channel_user("phone"), submissions("phone"), channel["amqp"], SUBMISSIONS, "submission.phone", Submission),
        (pujk_user("BANK-008"), actions("BANK-008"), firm_["amqp"], PUJK_ACTIONS, "BANK-008.take-over", TakeOver),
    ):
        bad, schema, large = (uuid4().hex for _ in range(3))
        incomplete = _request(schema, type_.type(), data | {"kind": "gossip"})
        bodies = {bad: incomplete[:-7], schema: incomplete, large: FIVE_MB}
        await send_raw(amqp, exchange, key, bodies, type_.type())
        replies = await suite.operator.replies(user, bodies)
        assert [replies[one]["code"] for one in bodies] == ["invalid", "invalid", "too-large"]
        assert replies[schema]["problems"], replies[schema]
        dead += [(queue.name, "bad-json", bad), (queue.name, "too-large", large)]
    before = suite.mongo["intake"]["services"].count_documents({})
    api_key = {"X-API-Key": channel["api_key"], "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    for content, status in ((FIVE_MB, 413), (b'{"kind"', 422), (json.dumps({"kind": "gossip"}).encode(), 422)):
        answer = suite.http.post(f"{suite.url('intake')}/submissions", content=content, headers=api_key)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    await suite.whole(dead=dead)
    assert suite.mongo["intake"]["services"].count_documents({}) == before
    assert suite.mongo["intake"]["refused"].find_one({"_id": {"$regex": "^channel-phone:"}, "code": "invalid"})
    assert suite.mongo["pujk_gateway"]["refused"].find_one({"code": "invalid"})


@pytest.mark.long
async def test_one_message_that_kills_its_reader_takes_none_of_sixty_with_it(suite: Shaken) -> None:
    suite.kill("routing")
    deadly = AMatter().registered()
    receipts = await _thirty(suite)
    numbers = [one["number"] for one in receipts]
    await eventually(lambda: len(suite.unheard("routing", numbers)) == 30, "thirty facts wait for routing")
    body = deadly.model_dump_json(exclude_none=True, serialize_as_any=True).encode()
    await suite.operator.put("routing.inbox", [Letter(deadly.id, deadly.type, body)])
    receipts += await _thirty(suite)

    deaths = 0
    routing, armed = suite.service("routing"), {"SLKT_CRASH_AT": f"on-message:{deadly.id}"}
    routing.launch(armed)

    async def put_aside() -> bool:
        nonlocal deaths
        if routing.pid is None:
            assert routing.exit_code == KILLED
            deaths += 1
            routing.launch(armed)
        return bool(await suite.dead())

    try:
        await eventually(put_aside, "the deadly message is put aside", PATIENCE_SECONDS)
    finally:
        suite.kill("routing")
        await suite.start("routing")
    assert deaths >= 3
    await suite.whole(dead=[("routing.inbox", "kills-its-reader", deadly.id)])
    for one in receipts:
        assert "routing.ticket-routed" in suite.facts(one["number"])


async def _thirty(suite: Shaken) -> list[dict[str, Any]]:
    return await asyncio.gather(*(suite.accepted(a_sender()[1], uuid4().hex) for _ in range(30)))


def _request(id_: str, type_: str, data: dict[str, Any]) -> bytes:
    event = {"specversion": "1.0", "id": id_, "type": type_, "source": "/channel/phone", "data": data}
    return json.dumps(event).encode()
