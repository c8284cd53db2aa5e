"""Who decides and answers at OJK in the demo? A decider who returns some proposals, and a CSO for the questions."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import httpx

from slkt.demo import choices
from slkt.settings import Addresses

POLL_SECONDS = 0.5
PAGE = 200
AT_ONCE = 16


class Staff:
    """Works both desks until told to stop."""

    def __init__(self, stack: Mapping[str, Any], texts: Mapping[str, Any], stories: Mapping[str, str]) -> None:
        self._stack = stack
        known = Addresses.of_stack(stack)
        self._decider, self._cso = known.member("decider"), known.member("cso")
        self._texts = texts
        #: Number of a question → id of its story, whose answer is written for it.
        self._stories = stories
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._done: set[str] = set()

    async def work(self) -> None:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
            while True:
                await self._decide_all(http)
                await self._answer_all(http)
                await asyncio.sleep(POLL_SECONDS)

    async def _decide_all(self, http: httpx.AsyncClient) -> None:
        url = f"{self._stack['services']['pujk_gateway']}/proposals"
        page = await http.get(url, params={"limit": PAGE}, headers=self._decider.headers("pujk_gateway"))
        waiting = page.raise_for_status().json()["proposals"]
        await asyncio.gather(*(self._decide(http, one) for one in waiting))

    async def _decide(self, http: httpx.AsyncClient, proposal: dict[str, Any]) -> None:
        number, which = proposal["number"], proposal["proposal"]
        rng = random.Random(f"{number}/{which}")
        decision: dict[str, Any] = {"decision": "accept"}
        if choices.returned(number, which):
            decision = {"decision": "return", "reason": rng.choice(list(self._texts["returns"]))}
        async with self._gate:
            answer = await http.post(
                f"{self._stack['services']['pujk_gateway']}/cases/{number}/decision",
                json=decision,
                headers=self._decider.headers("pujk_gateway")
                | {"Idempotency-Key": f"{number}/{proposal['round']}/{which}"},
            )
        answer.raise_for_status()

    async def _answer_all(self, http: httpx.AsyncClient) -> None:
        url = f"{self._stack['services']['intake']}/questions"
        page = await http.get(url, params={"limit": PAGE}, headers=self._cso.headers("intake"))
        for question in page.raise_for_status().json()["questions"]:
            number = question["number"]
            if number in self._stories:
                await self._answer(http, number)

    async def _answer(self, http: httpx.AsyncClient, number: str) -> None:
        written = self._texts["cso"]
        text = written["answers"].get(self._stories[number]) or written["default"]
        answer = await http.post(
            f"{self._stack['services']['intake']}/services/{number}/answer",
            json={"text": text},
            headers=self._cso.headers("intake") | {"Idempotency-Key": number},
        )
        answer.raise_for_status()
