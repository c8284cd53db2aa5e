"""What does the demo's administrator do? Loads the directory, and opens a queue for each firm that will be asked."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from slkt.cfpb import load_firms
from slkt.demo.plan import Sent
from slkt.demo.show import console


class Administrator:
    def __init__(self, http: httpx.AsyncClient, services: Mapping[str, str]) -> None:
        self._http = http
        self._services = services

    async def load_directory(self) -> None:
        """The example directory of firms and their aliases."""
        firms = [{"code": f.code, "name": f.name, "sector": f.sector, "aliases": list(f.aliases)} for f in load_firms()]
        answer = await self._http.put(f"{self._services['routing']}/directory", json=firms)
        console.print(f"Direktori: {answer.raise_for_status().json()['firms']} PUJK dimuat / firms loaded")

    async def firms_meant(self, sent: Iterable[Sent]) -> list[str]:
        """Codes of the firms that routing finds for what the consumers wrote."""
        named = {(one.data["pujk"]["name"], one.data["pujk"].get("code")) for one in sent if one.data.get("pujk")}
        meant = set()
        for name, code in sorted(named, key=str):
            asked = {"name": name} | ({"code": code} if code else {})
            answer = await self._http.get(f"{self._services['routing']}/directory/search", params=asked)
            found = answer.raise_for_status().json()["pujk"]
            if found:
                meant.add(found["code"])
        return sorted(meant)

    async def open_endpoints(self, codes: Iterable[str]) -> None:
        for code in codes:
            url = f"{self._services['pujk_gateway']}/endpoints/{code}"
            (await self._http.put(url, json={"kind": "queue"})).raise_for_status()


@asynccontextmanager
async def administrator(known: Mapping[str, Any]) -> AsyncIterator[Administrator]:
    headers = {"Authorization": f"Bearer {known['credentials']['staff']['administrator']}"}
    async with httpx.AsyncClient(timeout=30, trust_env=False, headers=headers) as http:
        yield Administrator(http, known["services"])
