"""Who acts on what a simulated year brings? The demo's CSO and decider, the systems of firms that have a queue, and the
consumers, each at their own door."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx

from slkt.demo.administrator import administrator
from slkt.demo.consumers import Consumers
from slkt.demo.firms import Firm, acts
from slkt.demo.plan import Sent
from slkt.demo.staff import Staff
from slkt.demo.story import today
from slkt.settings import Addresses
from slkt.simulating.year import Simulated

POLL_SECONDS = 1.0
#: Nothing waits at either desk for so many looks: all that can be done was done.
QUIET_LOOKS = 5


class People:
    """``codes``: firms whose systems act; empty where none has a queue, or nobody acts."""

    def __init__(self, known: dict[str, Any], act: bool) -> None:
        self._known, self._act = known, act
        firms = known["credentials"].get("pujk", {})
        self.codes = sorted(code for code, one in firms.items() if act and "amqp" in one)
        self._sent: list[Sent] = []
        self._stories: dict[str, str] = {}
        self._work: list[asyncio.Task[None]] = []
        self._firms: list[Firm] = []

    async def begin(self, open_: AsyncExitStack) -> None:
        """Errors: those of doors and connections."""
        if not self._act:
            return
        texts = acts()
        async with administrator(self._known) as desk:
            deciding = {code: await desk.who_decides(code) for code in self.codes}
        amqp = {code: self._known["credentials"]["pujk"][code]["amqp"] for code in self.codes}
        self._firms = [Firm(code, amqp[code], deciding[code], texts, today()) for code in self.codes]
        for firm in self._firms:
            await firm.open()
            open_.push_async_callback(firm.close)
        works = [
            Staff(self._known, texts, self._stories).work(),
            Consumers(self._known, self._sent, self._agreed).work(),
        ]
        self._work = [asyncio.create_task(work) for work in works]
        open_.push_async_callback(self._stop)

    def know(self, one: Simulated, receipt: dict[str, Any]) -> None:
        """It was accepted under this number."""
        number, pin = str(receipt["number"]), str(receipt["pin"])
        if one.data["kind"] == "question":
            self._stories[number] = ""
        self._sent.append(Sent(one.key, one.channel, one.data, firm=one.firm, number=number, pin=pin))

    async def finish(self) -> None:
        """Until nothing waits for a CSO or a decider any more. Errors: those of doors, of whoever acts."""
        quiet = 0 if self._act else QUIET_LOOKS
        while quiet < QUIET_LOOKS:
            for one in self._work:
                if one.done():
                    one.result()
            quiet = 0 if await self._waits() else quiet + 1
            await asyncio.sleep(POLL_SECONDS)

    async def _waits(self) -> bool:
        """Whether a question of ours, or any proposal, waits."""
        where = Addresses.of_stack(self._known)
        cso, decider = where.member("cso"), where.member("decider")
        async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
            intake, gateway = where.service("intake"), where.service("pujk_gateway")
            asked = await http.get(f"{intake}/questions", params={"limit": 500}, headers=cso.headers("intake"))
            said = await http.get(f"{gateway}/proposals", params={"limit": 1}, headers=decider.headers("pujk_gateway"))
        ours = {one["number"] for one in asked.raise_for_status().json()["questions"]} & self._stories.keys()
        return bool(ours or said.raise_for_status().json()["proposals"])

    def _agreed(self, number: str) -> None:
        for firm in self._firms:
            firm.agreed(number)

    async def _stop(self) -> None:
        for one in self._work:
            one.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
