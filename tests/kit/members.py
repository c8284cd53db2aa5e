"""A member of staff with a token for each of the five services, and somebody who puts them out."""

from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
from contracts.topology import OWNERS
from kit.people import Person
from kit.running import Suite, eventually
from slkt_local.member import API

#: One door of each service that a CSO may use, for a matter that nobody has.
DOORS = {
    "intake": "/services/5043812177304",
    "routing": "/tickets/5043812177304",
    "pujk_gateway": "/cases/5043812177304",
    "notifier": "/notifications/5043812177304",
    "tracking": "/timelines/5043812177304",
}


class Insider:
    """A CSO who is in, at every service of the suite."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._api = f"{suite.url('intake')}{API}"
        account = f"cso.{uuid4().hex[:8]}"
        made = self.administer("PUT", account, "", {"name": "Orang Dalam", "roles": ["cso"]})
        self.person = Person(self._api, account, made.raise_for_status().json()["password"], suite.http)
        self.person.settle().raise_for_status()
        self.headers = self.at_all()

    @property
    def number(self) -> str:
        """What facts call the account."""
        return str(self._suite.mongo["intake"]["accounts"].find_one({"state.id": self.person.id}, {"_id": 1})["_id"])  # type: ignore[index]

    def at_all(self) -> dict[str, dict[str, str]]:
        """A token for each service."""
        return {service: self.person.bearer(service) for service in OWNERS}

    def administer(self, method: str, account: str, what: str, body: dict[str, Any] | None = None) -> httpx.Response:
        url, headers = f"{self._api}/accounts/{account}{what}", self._suite.staff("administrator")
        return self._suite.http.request(method, url, json=body, headers=headers)

    def lock(self) -> httpx.Response:
        return self.administer("PUT", self.person.id, "/lock", {"reason": "keluar"})

    def let_in_by(self, headers: dict[str, dict[str, str]] | None = None) -> set[str]:
        """The services whose doors still know the tokens."""
        return {service for service in OWNERS if self._status(service, headers or self.headers) != 401}

    def _status(self, service: str, headers: dict[str, dict[str, str]]) -> int:
        url = f"{self._suite.url(service)}{DOORS[service]}"
        return self._suite.http.get(url, headers=headers[service]).status_code

    async def shut_out(self) -> float:
        """Seconds until every service refuses the tokens."""
        started = monotonic()
        await eventually(lambda: not self.let_in_by(), "all doors are closed to who was locked", 60)
        return monotonic() - started
