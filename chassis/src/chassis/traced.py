"""Does every act at a door leave its trace? What a door says about who asks is written down before anything is done,
and what came of it before it is answered."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.audit import Act, Actor, Audit
from chassis.doors import client_of
from chassis.trace import Trace

TRACE = "slkt.trace"


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
