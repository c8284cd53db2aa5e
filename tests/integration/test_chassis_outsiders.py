"""Outsiders are known by what the broker says of them, answered on their own queue, told all that is wrong."""

import hashlib
import json
from typing import Any

import pytest
from chassis.audit import Act, Actor, Audit
from chassis.letters import KEPT_BYTES, KEPT_TYPE
from chassis.refusals import Unavailable
from contracts.base import MAX_FACT_BYTES
from kit.ground import Ground, a_number, an_ask
from kit.pings import ASKS, VAULT, Ask, CountAsk, ask_router
from kit.running import eventually
from kit.trails import a_key, judged, stored

from chassis import consuming, patience, surround

CALLER = Actor("system", "outsider-a", behalf="ani")
MARKER = "Sri Rahayu Lestari"


async def ask(ground: Ground, body: bytes, *, key: str = "ask.a", user: str = "outsider-a", **properties: Any) -> None:
    properties.setdefault("user_id", user)
    await ground.send("t.asks", key, body, properties.pop("type_", Ask.type()), user=user, **properties)


async def emptied(ground: Ground) -> None:
    async def empty() -> bool:
        return await ground.waits_in(ASKS.name) == 0

    await eventually(empty, "the queue of asks is empty", 20)


async def read(ground: Ground) -> None:
    """Everything that waits is handled, and its reader gone."""
    async with ground.reading(ask_router(CountAsk(ground.repository()))) as consumer:
        await emptied(ground)
    assert consumer._surround._outside
    await consumer._surround._outside.close()


async def answers(ground: Ground, user: str = "outsider-a") -> list[Any]:
    found = []
    while message := await ground.take(f"reply.{user}"):
        found.append(message)
    return found


async def test_an_outsider_is_answered_on_its_own_queue_and_the_same_again(ground: Ground) -> None:
    number = a_number()
    for _ in range(2):
        await ask(ground, an_ask(number, "k-1"), correlation_id="mine")
    await read(ground)
    found = await answers(ground)
    assert [(json.loads(m.body), m.correlation_id) for m in found] == [({"count": 1}, "mine")] * 2
    assert (await ground.matter(number))["state"]["count"] == 1


async def test_nobody_known_and_somebody_else_are_put_aside_and_not_answered(ground: Ground) -> None:
    number = a_number()
    await ask(ground, an_ask(number, "no-user"), user_id=None)
    await ask(ground, an_ask(number, "forged"), user="outsider-b")
    await ask(
        ground,
        an_ask(number, "claims"),
        user="outsider-b",
        headers={"x-slkt-sender": "outsider-a", "x-slkt-key": "ask.a"},
    )
    await read(ground)
    reasons = sorted(m.headers["x-slkt-reason"] for m in await ground.dead(ASKS.name))
    assert reasons == ["sender-forged", "sender-forged", "sender-unknown"]
    assert await answers(ground) == await answers(ground, "outsider-b") == []
    assert await ground.matter(number) == {}


async def test_what_another_slips_in_by_a_second_key_stops_nobody_and_fills_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brokers before RabbitMQ 4 look at the right to the first key only."""
    monkeypatch.setattr(consuming, "DEAD_MOST", 5)
    monkeypatch.setattr(surround, "SLIPPED_MOST", 3)
    number, second = a_number(), {"CC": ["ask.a"]}
    for at in range(20):
        user = ("outsider-b", None)[at % 2]
        await ask(ground, b"{}", key="ask.b", user="outsider-b", user_id=user, headers=second)
    await ask(ground, an_ask(number, "its-own"))
    async with ground.reading(ask_router(CountAsk(ground.repository()))):
        await eventually(lambda: ground.matter(number), "its own is done, without a rest")
    letters = await ground.dead(ASKS.name)
    assert [one.headers["x-slkt-reason"] for one in letters] == ["sender-forged"] * 3
    assert {one.headers.get("x-slkt-sender") for one in letters} <= {"outsider-b", None}


async def test_a_reply_goes_to_nobody_elses_address(ground: Ground) -> None:
    number = a_number()
    for reply_to in ("reply.outsider-b", "ping.inbox", "asks.a.dead"):
        await ask(ground, an_ask(number, reply_to), reply_to=reply_to)
    await read(ground)
    assert len(await answers(ground)) == 3
    assert await answers(ground, "outsider-b") == []
    assert await ground.waits_in("ping.inbox") == 0


async def test_a_reply_queue_that_is_gone_holds_up_nothing(ground: Ground) -> None:
    number = a_number()
    await (await ground._channel("operator")).queue_delete("reply.outsider-a")
    try:
        await ask(ground, an_ask(number, "k"))
        await read(ground)
        assert (await ground.matter(number))["state"]["count"] == 1
        assert await ground.dead(ASKS.name) == []
    finally:
        await ground.mend()


async def test_a_refused_command_is_answered_with_every_problem_and_kept_sealed(ground: Ground) -> None:
    body = an_ask(a_number(), "k", times=99, note=MARKER, more=1)
    for _ in range(2):
        await ask(ground, body)
    await read(ground)
    first, again = [json.loads(m.body) for m in await answers(ground)]
    assert first == again and (first["status"], first["code"]) == ("refused", "invalid")
    assert {problem["field"] for problem in first["problems"]} == {"data.times", "data.more"}
    [kept] = await ground.database["refused"].find().to_list(None)
    assert hashlib.sha256(body).hexdigest() not in kept["_id"], "what few words it holds could be guessed"
    assert (kept["code"], kept["times"]) == ("invalid", 2)
    assert VAULT.open(kept["body"]) == body
    assert MARKER.encode() not in kept["body"] and MARKER not in str(kept)
    assert await ground.dead(ASKS.name) == []


async def test_a_domains_refusal_is_an_answer_too(ground: Ground) -> None:
    await ask(ground, an_ask(a_number(), "k", note="shy"))
    await read(ground)
    [answer] = await answers(ground)
    assert json.loads(answer.body)["code"] == "too-shy"


@pytest.mark.parametrize("type_", [Ask.type(), None], ids=["typed", "untyped"])
async def test_what_is_no_json_is_answered_and_put_aside(ground: Ground, type_: str | None) -> None:
    await ask(ground, b'{"note": "' + MARKER.encode(), type_=type_, correlation_id="c")
    await read(ground)
    [answer] = await answers(ground)
    assert (json.loads(answer.body)["code"], answer.correlation_id) == ("invalid", "c")
    assert MARKER not in answer.body.decode()
    [letter] = await ground.dead(ASKS.name)
    assert letter.headers["x-slkt-reason"] == "bad-json"


async def test_an_unknown_type_is_told_what_is_known(ground: Ground) -> None:
    await ask(ground, an_ask(a_number(), "k"), type_="slkt.outsider.sing.v1")
    await read(ground)
    [answer] = await answers(ground)
    [problem] = json.loads(answer.body)["problems"]
    assert (problem["field"], Ask.type() in problem["expected"]) == ("type", True)


async def test_the_body_of_a_dead_letter_is_sealed_and_only_we_can_replay_it(ground: Ground) -> None:
    number = a_number()
    body = an_ask(number, "k", note=MARKER)
    await ask(ground, body[:-1], correlation_id="c")
    await read(ground)
    [letter] = await ground.dead(ASKS.name)
    assert letter.content_type == KEPT_TYPE
    assert MARKER.encode() not in letter.body and MARKER not in str(letter.headers)
    # Mended and replayed by the operator: the sender in the header is believed.
    headers = {"x-slkt-sender": "outsider-a", "x-slkt-key": "ask.a"}
    await ground.send("t.asks", "ask.a", body, Ask.type(), headers=headers, user_id="operator")
    await read(ground)
    assert (await ground.matter(number))["state"]["texts"] == [MARKER]


async def test_a_sealed_letter_is_replayed_as_it_is(ground: Ground) -> None:
    number = a_number()
    await ask(ground, an_ask(number, "k", note=MARKER), user_id=None)
    await read(ground)
    [letter] = await ground.dead(ASKS.name)
    headers = letter.headers | {"x-slkt-sender": "outsider-a", "x-slkt-key": "ask.a"}
    sealed = {"content_type": letter.content_type, "user_id": "operator", "headers": headers}
    await ground.send("t.asks", "ask.a", letter.body, Ask.type(), **sealed)
    await read(ground)
    assert (await ground.matter(number))["state"]["texts"] == [MARKER]


@pytest.mark.parametrize("size", [MAX_FACT_BYTES + 1, KEPT_BYTES + 1, 8 * 2**20 - 100])
async def test_a_body_too_large_is_answered_put_aside_and_blocks_nobody(ground: Ground, size: int) -> None:
    number = a_number()
    await ask(ground, b"x" * size, correlation_id="large")
    await ask(ground, an_ask(number, "k"))
    await read(ground)
    codes = {m.correlation_id: json.loads(m.body).get("code") for m in await answers(ground)}
    assert codes == {"large": "too-large", "k": None}
    [letter] = await ground.dead(ASKS.name)
    assert (letter.headers["x-slkt-reason"], letter.headers["x-slkt-bytes"]) == ("too-large", size)
    assert await ground.database["refused"].count_documents({}) == 0
    assert (await ground.matter(number))["state"]["count"] == 1


class Witness(Audit):
    """Fails so many times before it writes."""

    def __init__(self, ground: Ground, fails: int) -> None:
        super().__init__(ground.database, ground.clock, a_key())
        self.fails, self.writes = fails, 0

    async def asked(self, actor: Actor, act: Act) -> int:
        if self.fails:
            self.fails -= 1
            raise Unavailable
        return await super().asked(actor, act)

    async def _write(self, batch: Any) -> None:
        self.writes += 1
        await super()._write(batch)


async def test_what_an_outsider_does_is_in_the_audit_before_it_is_done_and_many_are_one_write(ground: Ground) -> None:
    audit, acts = Witness(ground, fails=2), 60
    numbers = [a_number() for _ in range(acts)]
    for at, number in enumerate(numbers):
        await ask(ground, an_ask(number, f"k-{at}"))
    await ask(ground, an_ask(numbers[0], "k-0", note="another"))
    await ask(ground, b"{}")
    inbox = ask_router(CountAsk(ground.repository()), lambda sender, asked: (CALLER, {"number": asked.subject or ""}))
    async with ground.reading(inbox, audit=audit):
        await emptied(ground)
    entries = await stored(ground.database)
    asked = [one for one in entries if one["step"] == "asked"]
    outcomes = {one["asked"]: one["outcome"] for one in entries if one["step"] == "answered"}
    assert len(asked) == acts + 1 == len(outcomes), "what cannot be read is no act"
    assert {(one["act"], one["from"], one["behalf"]) for one in asked} == {(f"AMQP {Ask.type()}", "amqp", "ani")}
    assert sorted(one["object"]["number"] for one in asked) == sorted([*numbers, numbers[0]])
    assert sorted(outcomes.values()) == [200] * acts + [409]
    assert audit.writes <= len(entries) / 3, f"{audit.writes} writes of {len(entries)} entries"
    assert (await judged(ground.database)).findings == []


async def test_without_its_trace_nothing_is_done(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "WAIT_OUT_SECONDS", 0.3)
    number, audit = a_number(), Witness(ground, fails=1_000)
    await ask(ground, an_ask(number, "k"))
    inbox = ask_router(CountAsk(ground.repository()), lambda *_: (CALLER, {}))
    async with ground.reading(inbox, audit=audit):
        await eventually(lambda: audit.fails < 998, "a third try")
        assert await ground.matter(number) == {}
        audit.fails = 0
        await eventually(lambda: ground.matter(number), "it is done")
    assert (await ground.matter(number))["state"]["count"] == 1
