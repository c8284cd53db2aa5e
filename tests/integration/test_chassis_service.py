"""A service as a process: it says truthfully whether it is fit, stops without losing anything, and a message that kills
it takes no innocent with it."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.consuming import CAREFUL_FROM
from chassis.trials import DEATHS_MOST
from kit.ground import Ground, a_number, an_ask, pong
from kit.ping_process import Process
from kit.pings import ASKS, INBOX, Ask, Ponged
from kit.running import eventually

MARKER = "Sri Rahayu Lestari"
GOOD = 60
TRIES_SEEN = 150


async def post(running: Process, path: str, body: Any, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=running.http, trust_env=False, timeout=10) as client:
        return await client.post(path, json=body, headers=headers)


async def counted(ground: Ground, numbers: list[str]) -> bool:
    wanted = {"_id": {"$in": numbers}, "state.count": 1}
    return bool(await ground.database["pings"].count_documents(wanted) == len(numbers))


@pytest.mark.long
async def test_a_message_that_kills_its_reader_among_sixty_good_ones(ground: Ground, tmp_path: Path) -> None:
    numbers = [a_number() for _ in range(GOOD)]
    culprit = pong(a_number(), 1, deadly=True)
    await ground.say(*(pong(number, 1) for number in numbers[:30]))
    await ground.say(culprit)
    await ground.say(*(pong(number, 1) for number in numbers[30:]))
    with ground.process(tmp_path, "--again") as running:

        async def over() -> bool:
            return await counted(ground, numbers) and await ground.waits_in(f"{INBOX.name}.dead") > 0

        await eventually(over, "the good ones are handled and the culprit is put aside", 120)
        await eventually(running.is_ready, "the service is fit again")
        deaths = running.log.read_text().count('"killed"')
    [letter] = await ground.dead(INBOX.name)
    assert (letter.message_id, letter.headers["x-slkt-reason"]) == (culprit.id, "kills-its-reader")
    assert deaths == CAREFUL_FROM + DEATHS_MOST
    assert await ground.waits_in(INBOX.name) == 0


async def test_a_service_tells_truly_whether_it_is_fit_and_stops_without_losing(ground: Ground, tmp_path: Path) -> None:
    number, refused = a_number(), a_number()
    settings = {"PING_UNSENT_ALARM_SECONDS": "2", "PING_LEASE_SECONDS": "1"}
    with ground.process(tmp_path, **settings) as running:
        await eventually(running.is_ready, "the service is ready")
        answers = await asyncio.gather(
            *(post(running, f"/pings/{number}", {"note": "n"}, **{"Idempotency-Key": "k"}) for _ in range(5))
        )
        assert {(a.status_code, a.json()["count"]) for a in answers} == {(200, 1)}
        await _speaks_problem_json(running, number)
        await _closes_its_doors_while_the_broker_takes_nothing(ground, running, number, refused)
        await ground.send(
            "t.asks", "ask.a", an_ask(number, "late", note=MARKER), Ask.type(), user="outsider-a", user_id="outsider-a"
        )
        others = [a_number() for _ in range(300)]
        await ground.say(*(pong(other, 1, text=MARKER) for other in others))
        # In the midst of it, it is asked to stop.
        running.program._signal(signal.SIGTERM)
        await asyncio.get_running_loop().run_in_executor(None, running.program.wait, 40.0)
        assert running.program.exit_code == 0
        handled = await ground.database["pings"].count_documents({"_id": {"$in": others}})
        assert await ground.waits_in(INBOX.name) == len(others) - handled, "each is handled or still there"
        assert await ground.database["pings"].count_documents({"unsent.0": {"$exists": True}}) == 0
        running.start()
        await eventually(lambda: counted(ground, others), "the rest is handled after the start")
        assert await ground.dead(INBOX.name) == await ground.dead(ASKS.name) == []
    lines = running.log.read_text()
    assert all(json.loads(line)["service"] == "ping" for line in lines.splitlines())
    assert MARKER not in lines


async def test_letters_that_the_broker_forbids_hold_up_no_fact(ground: Ground, tmp_path: Path) -> None:
    """Each of their tries closes the channel that it went by, until somebody gives the right back."""
    rights = {"exchange": "t.dead", "write": "^nothing$", "read": ".*"}
    with ground.process(tmp_path) as running:
        await eventually(running.is_ready, "the service is ready")
        await ground.management("PUT", f"/topic-permissions/{ground.vhost}/ping", json=rights)
        try:
            for _ in range(40):
                await ground.send("t.events", Ponged.key, b"{no json", Ponged.type())
            await eventually(lambda: "not put aside yet" in running.log.read_text(), "the letter is forbidden")
            async with httpx.AsyncClient(base_url=running.http, trust_env=False, timeout=30) as client:
                while running.log.read_text().count("not put aside yet") < TRIES_SEEN:
                    answers = [client.post(f"/pings/{a_number()}", json={"note": "n"}) for _ in range(20)]
                    assert {one.status_code for one in await asyncio.gather(*answers)} == {200}
                assert "slkt_publish_failed_total 0.0" in (await client.get(f"{running.ops}/metrics")).text
        finally:
            await ground.management("DELETE", f"/topic-permissions/{ground.vhost}/ping")
        await eventually(lambda: ground.dead(INBOX.name), "they are put aside when they may be", 30)


async def _speaks_problem_json(running: Process, number: str) -> None:
    """Every refusal has a stable code; a defect says nothing of its cause."""
    key = {"Idempotency-Key": "k"}
    for body, headers, status, code in (
        ({"note": "another"}, key, 409, "key-reused"),
        ({"note": 7}, {}, 422, "invalid"),
        ({"note": "shy"}, {}, 409, "too-shy"),
    ):
        answer = await post(running, f"/pings/{number}", body, **headers)
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:slkt:problem:{code}")
        assert answer.headers["content-type"] == "application/problem+json"
    answer = await post(running, "/defect", {"note": MARKER})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert MARKER not in answer.text and "RuntimeError" not in answer.text
    async with httpx.AsyncClient(trust_env=False) as client:
        metrics = (await client.get(f"{running.ops}/metrics")).text
        assert 'slkt_http_seconds_count{route="/defect",status="500"} 1.0' in metrics
        assert (await client.get(f"{running.ops}/live")).status_code == 200
        # Health is for those inside: the public door does not have it.
        assert (await client.get(f"{running.http}/ready")).status_code == 404


async def _closes_its_doors_while_the_broker_takes_nothing(
    ground: Ground, running: Process, number: str, refused: str
) -> None:
    """The broker's memory alarm blocks who publishes: what is accepted cannot be passed on."""
    await _alarm(ground, on=True)
    try:
        accepted = await post(running, f"/pings/{number}", {"note": "accepted"})
        assert accepted.status_code == 200

        async def unfit() -> bool:
            return any("unsaid" in trouble for trouble in await running.ready() or [])

        await eventually(unfit, "it says that a fact waits too long", 30)
        answer = await post(running, f"/pings/{refused}", {"note": "refused"})
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:slkt:problem:unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    finally:
        await _alarm(ground, on=False)
    await eventually(running.is_ready, "it is fit again when the broker takes messages", 60)
    assert (await ground.matter(number))["unsent"] == []
    assert await ground.matter(refused) == {}
    assert [fact["seq"] for fact in await ground.facts(number)] == [1, 2]


async def _alarm(ground: Ground, *, on: bool) -> None:
    await asyncio.get_running_loop().run_in_executor(None, ground.alarm, on)
