"""What is every HTTP door like? FastAPI with problem+json from the refusals table, a body limit, and no stranger's
text in an error."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import metrics
from chassis.access import Gate
from chassis.audit import Audit
from chassis.bodies import replay, whole_body
from chassis.connection import connection
from chassis.database import transient
from chassis.headers import Safe, SafeAnswers
from chassis.lean import LeanDoor, LeanRoute
from chassis.limits import ANSWER_SECONDS, RETRY_AFTER_SECONDS
from chassis.nowhere import Nowhere, PageRoute
from chassis.problems import problems_of
from chassis.refusals import COMMON, PROBLEM_TYPE, Ambiguous, Invalid, Refusals, TooLarge, TooSlow, Unavailable
from chassis.rooms import Counted, Inside, Room, Rooms
from chassis.telemetry import span
from chassis.traced import Traced

log = logging.getLogger(__name__)

#: More at once are asked to come later: while a database is away, requests wait, and each holds its body.
IN_FLIGHT_MOST = 1_000
#: Of two, whoever stands in front may have read the first, and we the last.
ONCE = frozenset({b"authorization", b"content-type", b"idempotency-key", b"traceparent", b"x-api-key"})
#: A client gives up an idle connection sooner (httpx after 5 s, a proxy as it is told), so that no request of its
#: crosses our good-bye on the way.
KEEP_ALIVE_SECONDS = 20


def problem(refusals: Refusals, error: Exception) -> JSONResponse:
    """The answer to a refusal; a defect is answered 500 without a word about its cause."""
    if transient(error) and not isinstance(error, Unavailable):
        # The driver's words name hosts.
        error = Unavailable()
    rule = refusals.rule(error)
    if rule is None:
        log.error("request failed", exc_info=error)
        body: dict[str, Any] = {"type": "about:blank", "title": "The service made a mistake", "status": 500}
        return JSONResponse(body, status_code=500, media_type=PROBLEM_TYPE)
    headers: dict[str, str] = {}
    if rule.status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "extra", {}).get("retry_after", RETRY_AFTER_SECONDS))
    if rule.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(refusals.body(error, rule), status_code=rule.status, media_type=PROBLEM_TYPE, headers=headers)


class Limits:
    """Refuses a body over the limit before anything reads it, counts every request by route, continues its trace."""

    def __init__(
        self, app: ASGIApp, refusals: Refusals, rooms: Rooms | None = None, nowhere: Nowhere | None = None
    ) -> None:
        self._app = app
        self._refusals = refusals
        self._rooms, self._inside = rooms or Rooms(), Inside()
        self._nowhere = nowhere or Nowhere()
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        once = [(name, value) for name, value in scope["headers"] if name in ONCE]
        trace = next((value for name, value in once if name == b"traceparent"), b"")
        started = monotonic()
        status: int | None = None

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        room = self._rooms.of(scope["method"], scope["path"])
        in_hand = 0 if room is not None and room.stays else 1
        self._in_flight += in_hand
        try:
            if self._in_flight > IN_FLIGHT_MOST:
                raise Unavailable("too much at once; send the same again later")
            body = await whole_body(receive) if room is None else None
            if len(once) > 1 and len({name for name, _ in once}) < len(once):
                raise Ambiguous(f"send each at most once: {', '.join(sorted(name.decode() for name in ONCE))}")
            with span(f"{scope['method']}", trace.decode("latin-1")):
                if room is not None:
                    with self._inside.enters(room, (scope.get("client") or ("",))[0]):
                        await self._streamed(scope, Counted(receive, room), sent, room)
                else:
                    assert body is not None
                    await self._answered(scope, replay(body, receive), sent)
        except Exception as error:
            if status is not None:
                raise
            await self._refused(scope, error)(scope, receive, sent)
        finally:
            self._in_flight -= in_hand
            route = getattr(scope.get("route"), "path", "none")
            metrics.HTTP.labels(route, str(status or "cut-off")).observe(monotonic() - started)

    def _refused(self, scope: Scope, error: Exception) -> Response:
        # What is refused before any door reads it has no route yet.
        route = scope.get("route") or self._nowhere.route(scope["method"], scope["path"])
        if isinstance(route, PageRoute) and isinstance(error, (TooLarge, TooSlow, Unavailable)):
            return route.refusing(Request(scope), error)
        return problem(self._refusals, error)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._app(scope, receive, send)
        except TimeoutError as error:
            raise Unavailable("no answer in time; send the same again later") from error

    async def _streamed(self, scope: Scope, receive: Counted, send: Send, room: Room) -> None:
        try:
            async with asyncio.timeout(room.seconds):
                await self._app(scope, receive, send)
        except TimeoutError as error:
            if not receive.whole:
                raise TooSlow(f"the body did not arrive within {room.seconds:g} seconds") from error
            raise Unavailable("no answer in time; send the same again later") from error


def http_app(
    name: str,
    refusals: Refusals,
    audit: Audit | None = None,
    rooms: Rooms | None = None,
    nowhere: Nowhere | None = None,
) -> FastAPI:
    """An empty door of service ``name``; routers are included by the composition root. Without ``audit`` no door opens
    that asks who is there. ``nowhere`` knows all that there is."""
    none = nowhere or Nowhere()
    app = FastAPI(
        title=f"slkt {name}",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # Else the framework answers an address with a slash too many by a host that the asker made up.
        redirect_slashes=False,
        # Our own span carries names only; the framework's would record paths, and cost an eighth of a request.
        telemetry={"tracing": False},
    )
    app.add_middleware(Limits, refusals=refusals, rooms=rooms, nowhere=none)
    if audit is not None:
        app.add_middleware(Traced, audit=audit)

    async def refused(_: Request, error: Exception) -> JSONResponse:
        return problem(refusals, error)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem(refusals, Invalid("see problems", problems=problems_of(error.errors())))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 400:
            # The framework's word for bytes that are no UTF-8, numbers without end, nesting without end.
            came = {"field": "(whole)", "came": "something that is no JSON", "expected": "JSON in UTF-8"}
            return problem(refusals, Invalid("the body cannot be read", problems=[came]))
        body = {"type": "about:blank", "title": str(error.detail), "status": error.status_code}
        answer = none.page(request, error.status_code) or JSONResponse(body, error.status_code, media_type=PROBLEM_TYPE)
        answer.headers.update(error.headers or {})
        if error.status_code == 405 and (allowed := none.allowed(request.url.path)):
            answer.headers["Allow"] = allowed
        return answer

    for kind in {*refusals.own, *COMMON}:
        app.add_exception_handler(kind, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, refused)
    return app


def door(
    app: ASGIApp, refusals: Refusals, lean: Iterable[LeanRoute], gate: Gate, audit: Audit | None = None
) -> ASGIApp:
    """The lean routes by themselves, behind the same limits; everything else is the framework's."""
    routes = {route.path: route for route in lean}
    limited = Limits(LeanDoor(routes, gate, audit), refusals)

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            # Whatever can be looked at can be asked after: the server sends the head alone.
            scope = {**scope, "method": "GET"}
        is_lean = scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in routes
        await (limited if is_lean else app)(scope, receive, send)

    return choose


def server(
    app: ASGIApp, host: str, port: int, *, proxies: str = "", behind_tls: bool = False, rooms: Rooms | None = None
) -> uvicorn.Server:
    """One door in this process' event loop. Whose ``X-Forwarded-For`` is believed is said, never guessed; and whether
    there is TLS in front of it."""
    safe = Safe(behind_tls=behind_tls)
    config = uvicorn.Config(
        SafeAnswers(app, safe),
        host=host,
        port=port,
        http=connection(safe, rooms or Rooms()),
        ws="none",
        server_header=False,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
    )
    made = uvicorn.Server(config)
    # The service handles signals itself: readers stop before doors.
    made.capture_signals = _no_signals  # type: ignore[method-assign]
    return made


@contextmanager
def _no_signals() -> Iterator[None]:
    yield
