"""How is a door served that thousands knock at? Declared and documented like any other route, and called without the
framework's way to it: headers and one JSON body are read by pydantic, the answer is written by it. What is done there
is a fact by itself, and leaves no trace in the audit; who is not allowed leaves one as at any other door."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_type_hints

from fastapi import APIRouter, Request
from fastapi.params import Header
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.types import Receive, Scope, Send

from chassis.access import ASKED, Gate, Rule
from chassis.askers import Asker
from chassis.audit import Audit
from chassis.problems import problems_of
from chassis.refusals import Forbidden, Invalid
from chassis.trace import Trace
from chassis.traced import TRACE, traced

_JSON = b"application/json"


class LeanRoute(APIRoute):
    """A route whose endpoint takes headers, one body of JSON and whoever was let in: nothing that must be resolved."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **but: Any) -> None:
        super().__init__(path, endpoint, **but)
        hints = get_type_hints(endpoint, include_extras=True)
        self._answer: TypeAdapter[Any] = TypeAdapter(hints.pop("return"))
        self._headers: list[tuple[str, str, TypeAdapter[Any], bool]] = []
        self._asked: str | None = None
        for name, parameter in inspect.signature(endpoint).parameters.items():
            if ASKED in getattr(hints[name], "__metadata__", ()):
                self._asked = name
                continue
            told = next((one for one in getattr(hints[name], "__metadata__", ()) if isinstance(one, Header)), None)
            if told is None:
                self._body: tuple[str, TypeAdapter[Any]] = (name, TypeAdapter(hints[name]))
                continue
            alias = told.alias or name.replace("_", "-")
            needed = parameter.default is inspect.Parameter.empty
            self._headers.append((name, alias, TypeAdapter(hints[name]), needed))

    async def serve(self, headers: Sequence[tuple[bytes, bytes]], body: bytes, asker: Asker | None) -> bytes:
        """The answer's JSON. Errors: Invalid with every problem; those of the endpoint."""
        came = dict(headers)
        given, found = self._read_headers(came)
        if came.get(b"content-type", b"").partition(b";")[0].strip().lower() != _JSON:
            raise Invalid("the body must be sent with 'Content-Type: application/json'")
        name, adapter = self._body
        try:
            given[name] = adapter.validate_json(body)
        except ValidationError as error:
            found += error.errors(include_url=False)
        if found:
            raise Invalid("see problems", problems=problems_of(found))
        if self._asked:
            given[self._asked] = asker
        # As AMQP tells the same: what there is none of is left out.
        return self._answer.dump_json(await self.endpoint(**given), exclude_none=True)

    def _read_headers(self, came: dict[bytes, bytes]) -> tuple[dict[str, Any], list[Any]]:
        given: dict[str, Any] = {}
        found: list[Any] = []
        for name, alias, adapter, needed in self._headers:
            value = came.get(alias.lower().encode())
            if value is None:
                if needed:
                    found.append({"type": "missing", "loc": ("header", alias), "msg": "", "input": None})
                continue
            try:
                given[name] = adapter.validate_python(value.decode("latin-1"))
            except ValidationError as error:
                found += [{**one, "loc": ("header", alias)} for one in error.errors(include_url=False)]
        return given, found


class LeanDoor:
    """Serves lean routes by their path; what they raise is for the one around it. Errors: ValueError where the table of
    doors says that what is done there leaves a trace."""

    def __init__(self, routes: Mapping[str, LeanRoute], gate: Gate, audit: Audit | None) -> None:
        self._routes = {path: (route, gate.rule("POST", path)) for path, route in routes.items()}
        self._gate = gate
        self._audit = audit
        if traced := sorted(path for path, (_, rule) in self._routes.items() if rule.who and rule.leaves_trace):
            raise ValueError(f"lean doors leave no trace; say untraced() or add them as others: {', '.join(traced)}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route, rule = self._routes[scope["path"]]
        scope["route"] = route
        asker = await self._admitted(rule, scope) if rule.who else None
        answer = await route.serve(scope["headers"], (await receive()).get("body", b""), asker)
        length = str(len(answer)).encode()
        headers = [(b"content-type", _JSON), (b"content-length", length)]
        await send({"type": "http.response.start", "status": route.status_code or 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _admitted(self, rule: Rule, scope: Scope) -> Asker:
        """Errors: Forbidden; those of ``recognize``; Unavailable where a refusal cannot be written down."""
        asker = await self._gate.found(rule, Request(scope))
        if rule.includes(asker):
            return asker
        assert self._audit is not None
        scope[TRACE] = Trace(self._audit)
        await traced(Request(scope), asker.actor, allowed=False)
        raise Forbidden(f"this is for {rule}")


def lean_post(
    router: APIRouter, path: str, *, status_code: int, responses: dict[int | str, dict[str, Any]] | None = None
) -> Callable[[Callable[..., Any]], None]:
    """Adds a lean route to a router."""

    def add(endpoint: Callable[..., Any]) -> None:
        router.add_api_route(
            path,
            endpoint,
            methods=["POST"],
            status_code=status_code,
            responses=responses,
            route_class_override=LeanRoute,
        )

    return add
