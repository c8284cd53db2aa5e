"""What do doors leave in an audit? A trace that a test looks into, and an audit of a made-up service."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chassis.audit import Act, Actor, Audit
from chassis.chain import AuditKey, Judge, Root, public_keys
from chassis.clock import Clock
from chassis.database import as_held
from chassis.stored import stored as held
from chassis.traced import TRACE
from fastapi import APIRouter, Request
from slkt_local.secrets import a_signing_key

PRIVATE, PUBLIC = a_signing_key("ping:1")
KEYS = public_keys({"keys": [PUBLIC]})
OFFICER = Actor("staff", "budi", ("decider", "cso"))
ACT = Act("POST /cases/{number}/decision", {"number": "5043812177304"}, "192.0.2.7")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


def a_key(service: str = "ping") -> AuditKey:
    return AuditKey(PRIVATE, service)


def an_audit(database: Any, clock: Clock) -> Audit:
    """Another one is another process."""
    return Audit(database, clock, a_key())


async def act(audit: Audit, times: int = 1) -> None:
    for _ in range(times):
        await audit.answered(await audit.asked(OFFICER, ACT), 200)


async def stored(database: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await database["audit"].find(sort=[("_id", 1)]).to_list(None)
    return found


async def judged(database: Any, *roots: Root) -> Judge:
    """The audit in a database, as it stands."""
    judge = Judge("ping", KEYS, roots)
    async for one in as_held(database["audit"]).find(sort=[("_id", 1)]):
        judge.take(held(one))
    judge.end()
    return judge


@dataclass
class Left:
    """What a request left, without a database."""

    asked: list[Actor] = field(default_factory=list)
    refused: list[Actor] = field(default_factory=list)

    def request(self, **headers: str) -> Request:
        """To ``GET /x``."""
        router = APIRouter()
        router.add_api_route("/x", lambda: None)
        came = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return Request(
            {"type": "http", "method": "GET", "headers": came, TRACE: _Trace(self), "route": router.routes[0]}
        )


@dataclass
class _Trace:
    left: Left

    async def asked(self, actor: Actor, _: Act) -> None:
        self.left.asked.append(actor)

    async def refused(self, actor: Actor, _: Act) -> None:
        self.left.refused.append(actor)
