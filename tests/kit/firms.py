"""How does a test onboard a firm? As OJK's administrator at the gateway's door; it opens letters itself."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pypdf
from kit.people import Person
from kit.running import Suite, eventually

SEATS = ("product", "service", "deciding")
NAMES = {"product": "Siti Nur'aini", "service": "Agus Ĝunawan", "deciding": "Raden Ayu Kusumaningrat, S.H."}


def a_firm(**but: Any) -> dict[str, Any]:
    people = {seat: {"name": name, "position": f"Kepala {seat}"} for seat, name in NAMES.items()}
    about = {"name": "PT Bank Contoh", "address": ["Jl. Contoh 1", "Jakarta 12920"], "sure_of_code": True}
    return about | {"people": people} | but


def text_of(page: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(page))
    assert len(reader.pages) == 1
    return str(reader.pages[0].extract_text())


class Onboarded:
    """One firm of a test, and its administrator."""

    def __init__(self, suite: Suite, code: str) -> None:
        self.suite, self.code = suite, code
        self.url = f"{suite.url('pujk_gateway')}/firms/{code}"
        self.api = f"{suite.url('pujk_gateway')}/pujk/api"

    def ask(self, method: str, path: str = "", body: Any = None) -> httpx.Response:
        headers = self.suite.staff("administrator")
        return self.suite.http.request(method, f"{self.url}{path}", json=body, headers=headers)

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET").raise_for_status().json()
        return found

    def account(self, seat: str) -> str:
        return str(self.shown()["people"][seat]["account"])

    def letter(self, seat: str) -> httpx.Response:
        return self.ask("POST", f"/people/{self.account(seat)}/letter")

    def password(self, seat: str) -> str:
        """What the letter tells."""
        found = re.search(r"sekali pakai (\S{4}-\S{4}-\S{4}-\S{4})", text_of(self.letter(seat).content))
        assert found
        return found[1]

    def person(self, seat: str) -> Person:
        return Person(self.api, self.account(seat), self.password(seat), self.suite.http)

    def settled(self, seat: str) -> Person:
        person = self.person(seat)
        assert person.settle().status_code == 200
        return person

    def broker_state(self) -> str:
        return str(self.shown()["broker"]["state"])

    async def gets_broker(self) -> str:
        """The URL of its own user, once that stands."""
        told = self.ask("POST", "/broker")
        assert told.status_code == 202, told.text
        await eventually(lambda: self.broker_state() == "stands", f"the broker user of {self.code} stands")
        given, amqp = told.json(), self.suite.known["amqp"].rpartition("@")[2]
        return f"amqp://{given['user']}:{given['password']}@{amqp}"


@contextmanager
def onboarded(suite: Suite) -> Iterator[Onboarded]:
    """A firm that nobody else knows; off-boarded at the end."""
    firm = Onboarded(suite, f"BANK-{uuid4().hex[:6].upper()}")
    assert firm.ask("PUT", body=a_firm()).status_code == 200
    try:
        yield firm
    finally:
        firm.ask("DELETE").raise_for_status()
