"""An act is done after its entry stands, and not at all where it cannot stand; what people wrote is in no entry."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import Annotated, Any

import httpx
import pytest
from chassis.access import Gate, Reader, anybody, channel, service, staff
from chassis.auth import Issuer, ServiceTokens
from chassis.clock import DatabaseClock
from chassis.credentials.credential import Credential
from chassis.database import connect
from chassis.http import http_app
from chassis.keys import PublishedKeys
from chassis.readers import ChannelReader, service_reader, staff_reader
from chassis.refusals import NotFound, Refusals, Unauthenticated
from chassis.traced import about
from fastapi import APIRouter, Depends, Path, Request
from kit.tokens import staff_token
from kit.trails import NOON, an_audit, judged
from pydantic import BaseModel
from slkt_local.database import Database
from slkt_local.secrets import Secrets, make_secrets

MARKER = "Ny.Rahasia-0812"


ACCESS = {
    "POST /cases/{number}/note": staff("cso"),
    "GET /cases/{number}": staff("cso", "decider"),
    "POST /keys": service("notifier"),
    "GET /cases": staff("cso"),
    "POST /wish/{number}": channel("withdraw"),
    "GET /open": anybody,
}


class Note(BaseModel):
    text: str


class Keys:
    """The web channel has one; and one is of a channel that there is no more."""

    async def admit(self, text: str | None, detail: str) -> Credential:
        owner = {"key of the web channel": "web", "key of the fax channel": "fax"}.get(text or "")
        if owner is None:
            raise Unauthenticated(detail)
        return Credential("2" * 12, owner, ("withdraw",), 1, NOON, "administrator-1", NOON, "")


@dataclass
class House:
    """A service with doors for everybody, and what was done behind them."""

    mongod: Database
    database: Any
    clock: DatabaseClock
    secrets: Secrets
    done: list[str] = field(default_factory=list)
    acting: Callable[[], Awaitable[None]] | None = None

    def __post_init__(self) -> None:
        self.app = http_app("routing", Refusals(), an_audit(self.database, self.clock))
        self.app.include_router(self._router(), dependencies=[Depends(self._gate())])
        transport = httpx.ASGITransport(self.app, client=("192.0.2.7", 1), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(base_url="http://house", transport=transport)

    def _gate(self) -> Gate:
        def issuer(keys: Folder, name: str) -> Issuer:
            return Issuer(PublishedKeys(keys), name, "routing", self.clock)

        readers: dict[str, Reader] = {
            "staff": staff_reader(issuer(self.secrets.staff_keys, "slkt-staff")),
            "service": service_reader(issuer(self.secrets.service_keys, "slkt-service")),
            "channel": ChannelReader(Keys(), ["web"]),
        }
        return Gate(ACCESS, readers)

    def _router(self) -> APIRouter:
        router = APIRouter()
        number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]

        @router.post("/cases/{number}/note")
        async def note(number: number, body: Note) -> dict[str, str]:
            if self.acting:
                await self.acting()
            self.done.append(body.text)
            return {}

        @router.get("/cases/{number}")
        async def case(number: number) -> dict[str, str]:
            if number.startswith("0"):
                raise NotFound(MARKER)
            raise RuntimeError(MARKER)

        @router.get("/cases")
        async def cases(request: Request, also: str = "") -> dict[str, str]:
            await about(request, numbers=["6043812177304", "5043812177304"], decision=also or "return")
            return {"shown": "unsealed"}

        @router.post("/keys")
        async def keys() -> dict[str, str]:
            return {}

        @router.post("/wish/{number}")
        async def wish(number: number) -> dict[str, str]:
            return {}

        @router.get("/open")
        async def public() -> dict[str, str]:
            return {}

        return router

    async def ask(self, method: str, path: str, role: str | None = "cso", **but: Any) -> httpx.Response:
        if role:
            but.setdefault("headers", {})["Authorization"] = f"Bearer {staff_token(self.secrets, role)}"
        return await self.http.request(method, path, **but)

    async def note(self, text: str = "x", **but: Any) -> httpx.Response:
        return await self.ask("POST", "/cases/5043812177304/note", json={"text": text}, **but)

    async def entries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.database["audit"].find(sort=[("_id", 1)]).to_list(None)
        return found

    async def told(self) -> list[tuple[Any, ...]]:
        return [(one["step"], one.get("act"), one.get("object"), one.get("outcome")) for one in await self.entries()]

    @contextmanager
    def refusing(self, mode: Any) -> Iterator[None]:
        """The database is not primary for inserts."""
        fail = {"configureFailPoint": "failCommand", "data": {"failCommands": ["insert"], "errorCode": 10107}}
        with self.mongod.client() as client:
            client.admin.command(fail | {"mode": mode})
            try:
                yield
            finally:
                client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})


@pytest.fixture
async def house(mongod: Database, empty_database: str, tmp_path: Folder) -> AsyncIterator[House]:
    client = connect(mongod.mongo_url)
    clock = DatabaseClock(client["admin"])
    await clock.sync()
    made = House(mongod, client[empty_database], clock, make_secrets(tmp_path / "secrets"))
    yield made
    await made.http.aclose()
    client.close()


NOTE, CASE = "POST /cases/{number}/note", "GET /cases/{number}"
ON_IT = {"number": "5043812177304"}


async def test_what_was_asked_stands_before_it_is_done_and_what_came_of_it_before_the_answer(house: House) -> None:
    seen = []

    async def look() -> None:
        seen.extend(await house.told())

    house.acting = look
    assert (await house.note()).status_code == 200
    assert seen == [("asked", NOTE, ON_IT, None)]
    asked, answered = await house.entries()
    assert (answered["asked"], answered["outcome"]) == (asked["_id"], 200)
    assert (asked["actor"], asked["from"]) == ({"kind": "staff", "id": "cso-1", "roles": ["cso"]}, "192.0.2.7")
    assert (await judged(house.database)).findings == []


async def test_refusals_and_looks_are_written_down_and_strangers_are_not(house: House) -> None:
    assert (await house.note(role="decider")).status_code == 403
    assert (await house.ask("GET", "/cases/0043812177304")).status_code == 404
    assert (await house.ask("GET", "/cases/5043812177304")).status_code == 500
    assert (await house.note(role=None)).status_code == 401
    assert (await house.ask("POST", "/wish/5043812177304", None, headers={"X-API-Key": "wrong"})).status_code == 401
    gone = {"X-API-Key": "key of the fax channel"}
    assert (await house.ask("POST", "/wish/5043812177304", None, headers=gone)).status_code == 401
    assert (await house.ask("GET", "/open", None)).status_code == 200
    assert await house.told() == [
        ("refused", NOTE, ON_IT, 403),
        ("asked", CASE, {"number": "0043812177304"}, None),
        ("answered", None, None, 404),
        ("asked", CASE, ON_IT, None),
        ("answered", None, None, 500),
    ]
    assert house.done == []


async def test_services_and_channels_leave_their_trace_and_for_what(house: House) -> None:
    tokens = {
        name: ServiceTokens(house.secrets.service_key(name), name, house.clock).token("routing", "tell the consumer")
        for name in ("notifier", "tracking")
    }
    for name, expected in (("notifier", 200), ("tracking", 403)):
        headers = {"Authorization": f"Bearer {tokens[name]}"}
        assert (await house.ask("POST", "/keys", None, headers=headers)).status_code == expected
    headers = {"X-API-Key": "key of the web channel"}
    assert (await house.ask("POST", "/wish/5043812177304", None, headers=headers)).status_code == 200
    told = [(one["step"], one["actor"]["kind"], one["actor"]["id"], one["behalf"]) for one in await house.entries()
            if "actor" in one]  # fmt: skip
    assert told == [
        ("asked", "service", "notifier", "tell the consumer"),
        ("refused", "service", "tracking", "tell the consumer"),
        ("asked", "channel", "web", None),
    ]


async def test_what_somebody_wrote_is_in_no_entry(house: House) -> None:
    assert (await house.note(f"dari {MARKER}")).status_code == 200
    assert (await house.ask("POST", f"/cases/{MARKER}/note", json={"text": MARKER})).status_code == 422
    assert (await house.ask("POST", "/cases/5043812177304/note", json={MARKER: MARKER})).status_code == 422
    query: dict[str, Any] = {"params": {"name": MARKER}, "headers": {"User-Agent": MARKER, "Idempotency-Key": MARKER}}
    assert (await house.ask("GET", f"/cases/{MARKER}", **query)).status_code == 422
    assert (await house.ask("GET", "/cases/0043812177304", **query)).status_code == 404
    entries = await house.entries()
    assert len(entries) == 10
    assert [one["object"] for one in entries if "object" in one] == [ON_IT, {}, ON_IT, {}, {"number": "0043812177304"}]
    assert MARKER not in str(entries) and "Rahasia" not in str(entries)


async def test_what_a_page_of_matters_tells_is_written_down_before_it_is_shown(house: House) -> None:
    assert (await house.ask("GET", "/cases")).status_code == 200
    asked, told, answered = await house.entries()
    assert (told["step"], told["asked"], answered["asked"]) == ("about", asked["_id"], asked["_id"])
    assert told["object"] == {"numbers": ["5043812177304", "6043812177304"], "decision": "return"}
    with house.refusing({"skip": 1}):
        assert (await house.ask("GET", "/cases")).status_code == 503
    written = await house.ask("GET", "/cases", params={"also": "Ny. Rahasia"})
    assert written.status_code == 200 and "Rahasia" not in str(await house.entries())
    assert (await judged(house.database)).findings == []


async def test_without_its_trace_nothing_is_done(house: House) -> None:
    with house.refusing("alwaysOn"):
        refused = await house.note()
        forbidden = await house.note(role="decider")
    assert (refused.status_code, forbidden.status_code, house.done) == (503, 503, [])
    assert refused.headers["Retry-After"]
    assert (await house.note()).status_code == 200
    assert house.done == ["x"]
    assert (await judged(house.database)).findings == []


async def test_an_outcome_that_cannot_be_written_leaves_the_act_open_and_its_answer_true(house: House) -> None:
    with house.refusing({"skip": 1}):
        assert (await house.note()).status_code == 200
    whole = await judged(house.database)
    assert (house.done, whole.open, whole.findings) == (["x"], {1}, [])


async def test_who_died_in_the_midst_of_an_act_had_left_its_trace(house: House) -> None:
    at_work = asyncio.Event()

    async def die() -> None:
        at_work.set()
        await asyncio.Event().wait()

    house.acting = die
    asking = asyncio.create_task(house.note())
    await at_work.wait()
    asking.cancel()
    await asyncio.wait([asking])
    whole = await judged(house.database)
    assert (house.done, whole.open, whole.findings) == ([], {1}, [])


async def test_a_door_without_an_audit_does_not_open(house: House) -> None:
    bare = http_app("routing", Refusals())
    bare.include_router(house.app.router)
    house.http = httpx.AsyncClient(
        base_url="http://house", transport=httpx.ASGITransport(bare, raise_app_exceptions=False)
    )
    assert ((await house.note()).status_code, house.done) == (500, [])
