"""Keys come in batches, are forgotten in time, and no answer of the desk leaves anybody waiting."""

import asyncio
from typing import Any

import httpx
import pytest
from chassis.keydesk import KeyDesk, KeyDestroyed
from chassis.refusals import Unavailable
from chassis.sealing import b64

from chassis import keydesk

KEY = bytes(range(32))


class Tokens:
    def token(self, audience: str, purpose: str) -> str:
        return f"{audience}-{purpose}"


class Desk:
    """Intake, as far as its key desk goes."""

    def __init__(self, answer: Any) -> None:
        self.asked: list[list[str]] = []
        self.answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer intake-mail"
        numbers = httpx.Response(200, content=request.content).json()["numbers"]
        self.asked.append(numbers)
        if isinstance(self.answer, Exception):
            raise self.answer
        answered: httpx.Response = self.answer(numbers) if callable(self.answer) else self.answer
        return answered

    def desk(self) -> KeyDesk:
        made = KeyDesk("http://intake", Tokens(), "mail")  # type: ignore[arg-type]
        assert not made._http.trust_env, "a proxy of the environment would see the keys"
        made._http = httpx.AsyncClient(base_url="http://intake", transport=httpx.MockTransport(self))
        return made


def all_of(numbers: list[str]) -> httpx.Response:
    return httpx.Response(200, json={"keys": {number: b64(KEY) for number in numbers}})


async def test_those_asked_for_at_once_go_in_one_request_and_are_kept() -> None:
    intake = Desk(all_of)
    desk = intake.desk()
    assert await asyncio.gather(*(desk.key(str(i)) for i in range(50))) == [KEY] * 50
    assert await asyncio.gather(*(desk.key(str(i)) for i in range(50))) == [KEY] * 50
    assert [len(asked) for asked in intake.asked] == [50]


async def test_many_go_in_several() -> None:
    intake = Desk(all_of)
    desk = intake.desk()
    await asyncio.gather(*(desk.key(str(i)) for i in range(450)))
    assert [len(asked) for asked in intake.asked] == [200, 200, 50]


async def test_a_key_that_is_not_there_is_destroyed_and_the_others_are_not() -> None:
    intake = Desk(lambda numbers: all_of([number for number in numbers if number != "2"]))
    desk = intake.desk()
    results = await asyncio.gather(*(desk.key(str(i)) for i in (1, 2, 3)), return_exceptions=True)
    assert [type(result) for result in results] == [bytes, KeyDestroyed, bytes]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503),
        httpx.Response(401),
        httpx.Response(200, text="no json"),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"keys": []}),
        httpx.Response(200, json={"keys": {"1": "!"}}),
        httpx.Response(200, json={"keys": {"1": None}}),
        httpx.ConnectError("away"),
    ],
    ids=str,
)
async def test_whatever_goes_wrong_is_unavailable_and_nobody_waits(answer: Any) -> None:
    intake = Desk(answer)
    desk = intake.desk()
    async with asyncio.timeout(5):
        results = await asyncio.gather(*(desk.key("1") for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [Unavailable] * 3
    intake.answer = all_of
    async with asyncio.timeout(5):
        assert await desk.key("1") == KEY


async def test_a_key_is_gone_from_memory_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keydesk, "KEPT_SECONDS", 0.05)
    intake = Desk(all_of)
    desk = intake.desk()
    await desk.key("1")
    assert len(desk._kept) == 1
    async with asyncio.timeout(5):
        while desk._kept:
            await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=0.01)
    await desk.key("1")
    assert len(intake.asked) == 2


async def test_the_oldest_key_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keydesk, "KEPT_MOST", 2)
    intake = Desk(all_of)
    desk = intake.desk()
    for number in ("1", "2", "3", "3", "2", "1"):
        await desk.key(number)
    assert intake.asked == [["1"], ["2"], ["3"], ["1"]]


async def test_an_asker_that_gives_up_takes_nobody_with_it() -> None:
    intake = Desk(all_of)
    desk = intake.desk()
    gives_up, waits = (asyncio.create_task(desk.key("1")) for _ in range(2))
    await asyncio.wait([gives_up], timeout=0)
    gives_up.cancel()
    assert await waits == KEY
