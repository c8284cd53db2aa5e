"""Which service do tests of the chassis put under stress? One that hears pongs, says pings, is asked by outsiders and
delivers parcels. ``python -m kit.pings`` runs it as a process of its own; tests put it together in theirs."""

import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from chassis.access import anybody
from chassis.documents import Documents, Said
from chassis.doors import act_of
from chassis.inbox import ActsOf, Inbox, Sender
from chassis.messages import Act
from chassis.refusals import Forbidden, Rule
from chassis.repository import Repository
from chassis.sealing import Vault
from chassis.service import Base, Parts, run
from chassis.settings import ServiceSettings
from contracts.base import Command, Event, Fact, Request, Shape
from contracts.broker import Binding, Exchange, Queue, Topology, Wire
from fastapi import APIRouter, Header
from pydantic import BaseModel, Field
from pydantic_settings import SettingsConfigDict

# ---------------------------------------------------------------- contracts


class PingStanding(Shape):
    count: int


class Pinged(Fact):
    """Said by this service, at each pong it heard."""

    key = "ping.pinged.v1"
    count: int
    text: str = ""
    standing: PingStanding


class Ponged(Fact):
    """Heard by this service. ``deadly`` kills the process that handles it."""

    key = "pong.ponged.v1"
    text: str = ""
    deadly: bool = False


class Ask(Command):
    """What an outsider may ask."""

    key = "outsider.ask.v1"
    times: Annotated[int, Field(ge=1, le=10)]
    note: str = ""


class Asked(Shape):
    key: ClassVar[str] = "reply.asked.v1"
    count: int


# ---------------------------------------------------------------- topology

INBOX = Queue("ping.inbox", (Binding("t.events", Ponged.key),), dead_key="ping.inbox")
ASKS = Queue("asks.a", (Binding("t.asks", "ask.a"),), dead_key="asks.a", max_length=1_000)
ROOM_MS = 300


def _beside(queue: Queue) -> tuple[Queue, ...]:
    rooms = (
        Queue(f"{queue.name}.retry.{room}", (Binding("t.retry", f"{queue.name}.{room}"),), ttl_ms=ROOM_MS)
        for room in ("5s", "1m", "10m")
    )
    dead = Queue(f"{queue.name}.dead", (Binding("t.dead", queue.name),), delivery_limit=1_000_000)
    return (queue, dead, *(Queue(**vars(room) | {"back_to": queue.name}) for room in rooms))


TOPOLOGY = Topology(
    (
        Exchange("t.unrouted", "fanout"),
        Exchange("t.events", alternate="t.unrouted"),
        *(Exchange(name) for name in ("t.dead", "t.retry", "t.asks")),
        Exchange("t.replies", "direct"),
    ),
    (
        *_beside(INBOX),
        *_beside(ASKS),
        Queue("t.unrouted", (Binding("t.unrouted", "#"),)),
        *(Queue(f"reply.{user}", (Binding("t.replies", user),)) for user in ("outsider-a", "outsider-b")),
    ),
)
WIRE = Wire("t.events", "t.dead", "t.retry", "t.replies", 60_000, {"ping": (Pinged,), "pong": (Ponged,)})

# ---------------------------------------------------------------- domain


class TooShy(Exception):
    """A ping that does not want to be counted."""


@dataclass
class Parcel:
    id: str
    to: str
    due_at: datetime | None
    tries: int = 0
    failure: str | None = None


@dataclass
class Ping:
    """Counts what it heard."""

    number: str
    count: int = 0
    texts: list[str] = field(default_factory=list)
    deliveries: list[Parcel] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        return {"count": self.count}

    def ponged(self, text: str = "") -> None:
        self.count += 1
        self.texts.append(text)
        if text == "shy":
            raise TooShy("not me")
        self.said.append(("pinged", {"count": self.count, "text": text}))

    def claim(self, now: datetime, until: datetime) -> list[Parcel]:
        due = [parcel for parcel in self.deliveries if parcel.due_at and parcel.due_at <= now]
        for parcel in due:
            parcel.due_at = until
        return due

    def hold(self, delivery_id: str, since: datetime, until: datetime, why: str | None = None) -> bool:
        held = [parcel for parcel in self.deliveries if parcel.id == delivery_id and parcel.due_at == since]
        for parcel in held:
            parcel.due_at, parcel.failure = until, why
        return bool(held)

    def delivered(self, delivery_id: str, now: datetime) -> None:
        self._parcel(delivery_id).due_at = None

    def not_delivered(self, delivery_id: str, now: datetime, reason: str, final: bool) -> None:
        parcel = self._parcel(delivery_id)
        parcel.tries += 1
        parcel.failure = reason
        parcel.due_at = None if final else now + timedelta(milliseconds=200)

    def _parcel(self, delivery_id: str) -> Parcel:
        return next(parcel for parcel in self.deliveries if parcel.id == delivery_id)


# ---------------------------------------------------------------- use cases


@dataclass(frozen=True)
class HearPong:
    """Every pong counts."""

    pings: Repository[Ping]

    async def __call__(self, event: Event[Ponged]) -> None:
        if event.data.deadly:
            os._exit(KILLED)
        await self.pings.change(event, lambda ping: ping.ponged(event.data.text))


@dataclass(frozen=True)
class CountAsk:
    """An outsider asks to be counted."""

    pings: Repository[Ping]

    async def __call__(self, act: Act, note: str) -> Ping:
        return (await self.pings.change(act, lambda ping: ping.ponged(note), creates=True)).aggregate


# ---------------------------------------------------------------- doors


def message_router(hear_pong: Callable[[Event[Ponged]], Awaitable[None]]) -> Inbox:
    inbox = Inbox(INBOX)

    @inbox.on(Ponged)
    async def on_ponged(event: Event[Ponged]) -> None:
        await hear_pong(event)

    return inbox


def ask_router(count_ask: CountAsk, acts_of: ActsOf | None = None) -> Inbox:
    inbox = Inbox(ASKS, sender_of=sender_of, acts_of=acts_of)

    @inbox.on_command(Ask)
    async def on_ask(request: Request[Ask], sender: str) -> Asked:
        assert request.subject is not None
        act = Act(f"{sender}:{request.id}", request.subject, request.data.model_dump_json())
        return Asked(count=(await count_ask(act, request.data.note)).count)

    return inbox


def sender_of(sender: Sender) -> str:
    if sender != Sender("outsider-a", "ask.a"):
        raise Forbidden("the key is another's")
    return "a"


class Body(BaseModel):
    note: str = ""


def http_router(count_ask: CountAsk) -> APIRouter:
    router = APIRouter()

    @router.post("/pings/{number}")
    async def post(number: str, body: Body, idempotency_key: Annotated[str | None, Header()] = None) -> dict[str, int]:
        return {"count": (await count_ask(act_of(number, "http", idempotency_key, body), body.note)).count}

    @router.post("/defect")
    async def defect(body: Body) -> None:
        raise RuntimeError(body.note)

    return router


# ---------------------------------------------------------------- composition

REFUSALS: dict[type[Exception], Rule] = {TooShy: Rule(409, "too-shy", "It does not want to be counted")}
VAULT = Vault(bytes(32))


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="PING_")

    mongo_database: str = "ping"


def compose(base: Base, settings: Settings) -> Parts:
    pings = base.repository("pings", Documents(Ping, Ping))
    return Parts(
        inboxes=[message_router(HearPong(pings)), ask_router(CountAsk(pings))],
        routers=[http_router(CountAsk(pings))],
        access={"POST /pings/{number}": anybody, "POST /defect": anybody},
        refusals=REFUSALS,
        vault=VAULT,
    )


KILLED = 9


def run_again_after_death() -> None:
    """As whoever restarts a killed process does, only at once: what is imported is not imported again."""
    while (child := os.fork()) != 0:
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != KILLED:
            return
        print('{"service": "ping", "message": "killed"}', file=sys.stderr, flush=True)
    run("ping", Settings, compose, WIRE)


if __name__ == "__main__":
    if "--again" in sys.argv:
        run_again_after_death()
    else:
        run("ping", Settings, compose, WIRE)
