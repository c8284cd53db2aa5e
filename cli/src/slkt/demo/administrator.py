"""What does the demo's administrator do? Loads the directory, and opens a queue for each firm that will be asked."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from slkt_local.member import Member

from slkt.demo.plan import Sent
from slkt.demo.show import console
from slkt.directory import firms
from slkt.settings import Addresses


class Administrator:
    def __init__(self, http: httpx.AsyncClient, services: Mapping[str, str], member: Member) -> None:
        self._http = http
        self._services = services
        self._member = member

    async def load_directory(self) -> None:
        """The example directory of firms and their aliases."""
        url = f"{self._services['routing']}/directory"
        answer = await self._http.put(url, json=firms(), headers=self._member.headers("routing"))
        console.print(f"Direktori: {answer.raise_for_status().json()['firms']} PUJK dimuat / firms loaded")

    async def find_firms(self, sent: Iterable[Sent]) -> list[str]:
        """Asks routing which firm each names that concerns one, before it is sent; the codes of those found."""
        found: dict[tuple[str, str | None], str | None] = {}
        for one in sent:
            if not one.routed:
                continue
            named = (one.data["pujk"]["name"], one.data["pujk"].get("code"))
            if named not in found:
                found[named] = await self._search(*named)
            one.firm = found[named]
        return sorted({code for code in found.values() if code})

    async def _search(self, name: str, code: str | None) -> str | None:
        asked = {"name": name} | ({"code": code} if code else {})
        url = f"{self._services['routing']}/directory/search"
        answer = await self._http.get(url, params=asked, headers=self._member.headers("routing"))
        meant = answer.raise_for_status().json()["pujk"]
        return meant["code"] if meant else None

    async def open_endpoints(self, codes: Iterable[str]) -> None:
        for code in codes:
            url = f"{self._services['pujk_gateway']}/endpoints/{code}"
            headers = self._member.headers("pujk_gateway")
            (await self._http.put(url, json={"kind": "queue"}, headers=headers)).raise_for_status()

    async def who_decides(self, code: str) -> str:
        """The account of who sits in the firm's deciding seat."""
        url, headers = f"{self._services['pujk_gateway']}/firms/{code}", self._member.headers("pujk_gateway")
        found = (await self._http.get(url, headers=headers)).raise_for_status().json()
        return str(found["people"]["deciding"]["account"])


@asynccontextmanager
async def administrator(known: Mapping[str, Any]) -> AsyncIterator[Administrator]:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        yield Administrator(http, known["services"], Addresses.of_stack(known).member("administrator"))
