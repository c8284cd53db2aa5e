"""Does every act at a door leave its trace? What a door says about who asks is written down before anything is done,
and what came of it before it is answered."""

import asyncio
import logging
from collections.abc import Mapping

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.audit import Act, Actor, Audit
from chassis.doors import client_of
from chassis.refusals import Unavailable

log = logging.getLogger(__name__)

TRACE = "slkt.trace"
FORBIDDEN = 403
#: Whoever acted is not kept longer from the answer where only the outcome cannot be written.
OUTCOME_SECONDS = 2.0


class Trace:
    """What one request leaves in the audit."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._actors: dict[Actor, int] = {}

    async def asked(self, actor: Actor, act: Act) -> None:
        if actor not in self._actors:
            self._actors[actor] = await self._audit.asked(actor, act)

    async def refused(self, actor: Actor, act: Act) -> None:
        await self._audit.refused(actor, act, FORBIDDEN)

    async def answered(self, status: int) -> None:
        try:
            async with asyncio.timeout(OUTCOME_SECONDS):
                for asked in self._actors.values():
                    await self._audit.answered(asked, status)
        except (Unavailable, TimeoutError) as error:
            log.warning("outcome not in the audit", extra={"error": type(error).__name__})


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


def _object(route: APIRoute, given: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the path that are what the route declares: anything else may be what somebody wrote."""
    declared = {field.alias: field for field in route.dependant.path_params}
    return {name: str(given[name]) for name, field in declared.items() if not field.validate(given.get(name))[1]}
