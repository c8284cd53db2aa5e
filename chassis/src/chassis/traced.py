"""Does every act at a door leave its trace? What a door says about who asks is written down before anything is done,
what it is about before anything is shown, and what came of it before it is answered."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.audit import Act, Actor, Audit
from chassis.doors import client_of
from chassis.trace import Trace

TRACE = "slkt.trace"
#: A name or a code. What people write has spaces, and stands in no entry.
WORD = r"[A-Za-z0-9._:/@+-]{1,80}"
_WORD = re.compile(WORD)
#: In place of what is no word.
LEFT_OUT = "?"
NUMBERS_MOST = 1_000


class About(TypedDict, total=False):
    """All that a door may say of an act beside its address: names of matters, accounts, firms and keys, choices, times.
    No reason, no text, no secret."""

    number: str
    numbers: Sequence[str]
    actor: str
    account: str
    accounts: Sequence[str]
    replaces: str
    firm: str
    key: str
    client: str
    scopes: Sequence[str]
    roles: Sequence[str]
    expires: datetime | None
    since: datetime
    until: datetime
    before: int
    after: int
    decision: str
    why: str
    kind: str
    basis: int | None
    audience: str
    count: int


class Traced:
    """Around a service's doors: gives each request a trace and writes its outcome."""

    def __init__(self, app: ASGIApp, audit: Audit) -> None:
        self._app = app
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace = scope[TRACE] = Trace(self._audit)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                await trace.answered(message["status"])
            await send(message)

        await self._app(scope, receive, sent)


async def traced(request: Request, actor: Actor, *, allowed: bool) -> None:
    """For a door, as soon as it knows who asks and whether they may. Errors: Unavailable; then nothing may be done."""
    trace: Trace = request.scope[TRACE]
    route = request.scope["route"]
    act = Act(f"{request.method} {route.path}", _object(route, request.path_params), client_of(request))
    await (trace.asked if allowed else trace.refused)(actor, act)


async def about(request: Request, **said: Unpack[About]) -> None:
    """For a door, as soon as it knows what its act is about, and before it shows anything of it: what was decided, and
    every matter that a page tells. Errors: Unavailable; then nothing may be shown."""
    trace: Trace = request.scope[TRACE]
    await trace.about({name: _said(value) for name, value in said.items()})


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else LEFT_OUT
    if isinstance(value, datetime):
        # What a database can hold of the times that somebody may send.
        return value if 1 < value.year < 9999 else LEFT_OUT
    if isinstance(value, Sequence):
        return [_said(one) for one in sorted(set(value))[:NUMBERS_MOST]]
    return value


def _object(route: APIRoute, given: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the path that are what the route declares, and words: anything else may be what somebody
    wrote."""
    declared = {field.alias: field for field in route.dependant.path_params}
    right = {name: str(given[name]) for name, field in declared.items() if not field.validate(given.get(name))[1]}
    return {name: value for name, value in right.items() if _WORD.fullmatch(value)}
