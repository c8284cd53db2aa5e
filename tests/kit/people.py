"""A person at a log-in: types what the letter says, has an authenticator, keeps the session."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pymongo
import pytest
from chassis.people.second_factor import STEP_SECONDS, code_at
from slkt_local.member import API
from slkt_local.services import Service
from slkt_local.stack import Stack

OWN_PASSWORD = "hujan-di-bulan-juni"
UNAUTHENTICATED = (401, "unauthenticated")


def first_administrator(intake: Service, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "intake.first_administrator", *words]
    return subprocess.run(command, env=intake.environment(), capture_output=True, text=True, timeout=60, check=False)


def seed_of(secret: str) -> bytes:
    """What an authenticator makes of the text that it is told."""
    text = secret.replace(" ", "")
    return base64.b32decode(text + "=" * (-len(text) % 8))


@dataclass
class Person:
    """One person and their browser."""

    url: str
    id: str
    password: str
    http: httpx.Client
    seed: bytes = b""
    #: The code that was taken last: a moment later it may no longer be the one that an authenticator shows.
    used: str = ""
    session: str = ""
    recovery_codes: list[str] = field(default_factory=list)

    def post(self, path: str, body: dict[str, Any], *, session: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {session or self.session or 'none'}"}
        return self.http.post(f"{self.url}{path}", json=body, headers=headers)

    def begin(self, password: str | None = None) -> httpx.Response:
        answer = self.post("/log-in", {"name": self.id, "password": password or self.password})
        if answer.status_code == 200:
            begun = answer.json()
            self.session = begun["session"]
            if begun["then"] == "first-log-in":
                self.seed = seed_of(begun["secret"])
        return answer

    def code(self, steps_later: int = 0) -> str:
        return code_at(self.seed, datetime.now(UTC) + timedelta(seconds=steps_later * STEP_SECONDS))

    def settle(self, password: str = OWN_PASSWORD) -> httpx.Response:
        """The first log-in, whole."""
        self.begin().raise_for_status()
        code = self.code()
        answer = self.post("/log-in/first", {"password": password, "code": code})
        if answer.status_code == 200:
            self.password, self.used = password, code
            self._is_in(answer)
            self.recovery_codes = answer.json()["recovery_codes"]
        return answer

    def prove(self, code: str) -> httpx.Response:
        answer = self.post("/log-in/second-factor", {"code": code})
        if answer.status_code == 200:
            self._is_in(answer)
        return answer

    def _is_in(self, answer: httpx.Response) -> None:
        begun = answer.json()
        assert begun["then"] == "in"
        self.session = begun["session"]

    def token(self, audience: str) -> httpx.Response:
        return self.post("/token", {"audience": audience})

    def bearer(self, audience: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(audience).raise_for_status().json()['token']}"}

    def me(self) -> httpx.Response:
        return self.http.get(f"{self.url}/me", headers={"Authorization": f"Bearer {self.session}"})


class House:
    """One intake, its database, and an administrator who is in."""

    def __init__(self, stack: Stack) -> None:
        self.intake = stack.services["intake"]
        self.api = f"{self.intake.url}{API}"
        self.stack = stack
        self.http = httpx.Client(timeout=30, trust_env=False)
        self.mongo: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.database.mongo_url, tz_aware=True)
        self.database = self.mongo["intake"]
        self.master_key = base64.b64decode(stack.secrets.master_key)
        kept = stack.description()["credentials"]["staff"]["administrator"]
        self.administrator = self.person(kept["id"], kept["password"])
        self.administrator.session = kept["session"]

    def person(self, account: str, password: str) -> Person:
        return Person(self.api, account, password, self.http)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """As the administrator."""
        headers = self.administrator.bearer("intake")
        return self.http.request(method, f"{self.api}{path}", json=body, headers=headers)

    def new(self, *roles: str, **but: Any) -> Person:
        """A person with a letter in hand."""
        account = f"budi.{uuid4().hex[:8]}"
        made = self.ask("PUT", f"/accounts/{account}", {"name": "Budi", "roles": roles or ["cso"]} | but)
        assert made.status_code == 201, made.text
        return self.person(account, made.json()["password"])

    def settled(self, *roles: str) -> Person:
        person = self.new(*roles)
        assert person.settle().status_code == 200
        return person

    def set(self, person: Person, **fields: Any) -> None:
        """The account as time or an operator left it."""
        changed = {f"state.{name}": value for name, value in fields.items()}
        done = self.database["accounts"].update_one({"state.id": person.id}, [{"$set": changed}])
        assert done.matched_count == 1

    def forget_tries(self) -> None:
        self.database["attempts"].delete_many({})

    def close(self) -> None:
        self.http.close()
        self.mongo.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    root = tmp_path_factory.mktemp("house")
    # Example data brings accounts, as it does for who runs the demo.
    with Stack(root, say=lambda _: None, services=["intake"], log_level="DEBUG", example_data=True) as stack:
        made = House(stack)
        yield made
        made.close()


@pytest.fixture
def patient(house: House) -> None:
    house.forget_tries()


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:slkt:problem:")


def ago(minutes: int) -> dict[str, Any]:
    return {"$dateSubtract": {"startDate": "$$NOW", "unit": "minute", "amount": minutes}}
