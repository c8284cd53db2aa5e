"""Which firms are onboarded on this machine? Those asked for, by an administrator at the gateway's own doors."""

import io
import json
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from chassis.trust import trust
from contracts.topology import pujk_user

from slkt_local.addresses import Login, write_private_json
from slkt_local.broker import Broker
from slkt_local.member import API, FIRMS_API, TIMEOUT_SECONDS, Kept, Member
from slkt_local.services import Service
from slkt_local.waiting import wait_until

PEOPLE = {
    "product": {"name": "Sari Wulandari", "position": "Kepala Produk dan Layanan"},
    "service": {"name": "Agus Setiawan", "position": "Kepala Layanan Konsumen"},
    "deciding": {"name": "Rina Kusuma, S.H.", "position": "Direktur Kepatuhan"},
}
ADDRESS = ["Jl. Contoh 1", "Jakarta 12920"]
STANDS_SECONDS = 60
PASSWORD = re.compile(r"\b(?:[a-z0-9]{4}-){3}[a-z0-9]{4}\b")

#: Of one firm: the account of each seat.
People = dict[str, Kept]


class Onboarding:
    """``store`` keeps the passwords of broker users (0600), as it does those of everybody else."""

    def __init__(self, gateway: Service, administrator: Member, broker: Broker, store: Path) -> None:
        self._url = f"{gateway.url}/firms"
        self._api = f"{gateway.url}{FIRMS_API}"
        self._headers = administrator.headers("pujk_gateway")
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, verify=trust(self._url))
        self._broker = broker
        self._store = store

    def firms(self, names: Mapping[str, str]) -> dict[str, str]:
        """Code → AMQP URL of each firm's own user, once it stands. Raises httpx.HTTPError, NotInTime."""
        known: dict[str, str] = json.loads(self._store.read_text())
        with ThreadPoolExecutor(4) as pool:
            told = pool.map(lambda code: self._access(code, names[code], known), names)
            passwords = dict(zip(names, told, strict=True))
        write_private_json(self._store, known | {_kept(code): word for code, word in passwords.items()})
        wait_until(lambda: self._stand(names), what="the firms' broker users stand", timeout_seconds=STANDS_SECONDS)
        return {code: self._broker.url_for(Login(pujk_user(code), word)) for code, word in passwords.items()}

    def _stand(self, names: Iterable[str]) -> bool:
        states = {one["code"]: one["broker"] and one["broker"]["state"] for one in self._ask("GET", "")["firms"]}
        return all(states[code] == "stands" for code in names)

    def people(self, code: str) -> People:
        """Each opens their letter and logs in for the first time. Raises httpx.HTTPError."""
        sitting = self._ask("GET", f"/{code}")["people"]
        with ThreadPoolExecutor(len(sitting)) as pool:
            found = pool.map(lambda one: (one[0], self._settled(code, one[1]["account"])), sitting.items())
            return dict(found)

    def _access(self, code: str, name: str, known: Mapping[str, str]) -> str:
        # From the directory, by which no ticket was routed yet.
        about = {"name": name, "address": ADDRESS, "people": PEOPLE, "sure_of_code": True}
        firm = self._ask("PUT", f"/{code}", about)
        if firm["broker"] and _kept(code) in known:
            return known[_kept(code)]
        return str(self._ask("POST", f"/{code}/broker")["password"])

    def _settled(self, code: str, account: str) -> Kept:
        page = self._send("POST", f"/{code}/people/{account}/letter").content
        # Loaded where a letter is opened: it takes half a second, which no other start should wait for.
        reader = import_module("pypdf").PdfReader(io.BytesIO(page))
        told = PASSWORD.search(reader.pages[0].extract_text())
        assert told
        person = Member(self._api, {"id": account})
        person.first_log_in(told[0])
        return person.kept

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        said: dict[str, Any] = self._send(method, path, body).json()
        return said

    def _send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self._http.request(method, f"{self._url}{path}", json=body, headers=self._headers).raise_for_status()


def onboard(
    services: Mapping[str, Service], staff: Mapping[str, Kept], broker: Broker, store: Path, names: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, People]]:
    """AMQP URLs by code, and the people of the first firm that ever was, who logged in and are kept (0600)."""
    member = Member(f"{services['intake'].url}{API}", dict(staff["administrator"]))
    desk = Onboarding(services["pujk_gateway"], member, broker, store)
    urls, kept = desk.firms(names), store.with_name("people.json")
    people: dict[str, People] = json.loads(kept.read_text()) if kept.exists() else {}
    if not people and names:
        people = {min(names): desk.people(min(names))}
        write_private_json(kept, people)
    return urls, people


def named(codes: Iterable[str]) -> dict[str, str]:
    """Code → name, where somebody knows it."""
    names = codes if isinstance(codes, Mapping) else {}
    return {code: str(names.get(code, f"PT {code}")) for code in codes}


def _kept(code: str) -> str:
    return f"broker/{pujk_user(code)}"
