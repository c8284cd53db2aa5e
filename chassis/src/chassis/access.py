"""Who may use which door? Each service has one table that says it, people can read it, and nothing opens beside it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import BaseRoute

from chassis.askers import Asker
from chassis.doors import client_of
from chassis.refusals import Forbidden, Unauthenticated
from chassis.traced import traced

#: Finds who comes with these headers. Errors: Unauthenticated, TooMany, Unavailable.
Reader = Callable[[Headers], Awaitable[Asker]]


@runtime_checkable
class Misses(Protocol):
    """A reader that is told where somebody came from whom it did not find."""

    def missed(self, headers: Headers, client: str, error: Unauthenticated) -> None: ...


@dataclass(frozen=True)
class Who:
    """One kind of askers, and what one must have of (roles, seats, scopes, names); nothing named: any of the kind."""

    kind: str
    any_of: tuple[str, ...] = ()

    def includes(self, asker: Asker) -> bool:
        return asker.kind == self.kind and (not self.any_of or not asker.may.isdisjoint(self.any_of))

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.any_of)}" if self.any_of else self.kind


@dataclass(frozen=True)
class Rule:
    """Who may use a door; nobody named: anybody. ``leaves_trace`` is false only where what is done is a fact itself."""

    who: tuple[Who, ...] = ()
    leaves_trace: bool = True

    def __or__(self, other: "Rule") -> "Rule":
        return Rule(self.who + other.who, self.leaves_trace and other.leaves_trace)

    def __str__(self) -> str:
        return "; ".join(map(str, self.who)) or "anybody"

    def untraced(self) -> "Rule":
        return replace(self, leaves_trace=False)

    def includes(self, asker: Asker) -> bool:
        return any(one.includes(asker) for one in self.who)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.kind for one in self.who))


#: "METHOD /path/{as declared}" → who may.
Access = Mapping[str, Rule]

anybody = Rule()
#: Whoever has begun a log-in at this issuer, as far as they are.
session = Rule((Who("session"),))


def staff(*roles: str) -> Rule:
    return Rule((Who("staff", roles),))


def staff_page(*roles: str) -> Rule:
    """A person of OJK who looks with a browser at a page of a service that is not their issuer."""
    return Rule((Who("staff page", roles),))


def officer(*seats: str) -> Rule:
    """A firm's person in one of the seats."""
    return Rule((Who("officer", seats),))


def system(*scopes: str) -> Rule:
    """A firm's system."""
    return Rule((Who("system", scopes),))


def channel(*scopes: str) -> Rule:
    return Rule((Who("channel", scopes),))


def service(*names: str) -> Rule:
    """Another service of the suite."""
    return Rule((Who("service", names),))


class Gate:
    """Finds out who asks, by the readers of a service, and lets in whom its table allows."""

    def __init__(self, access: Access, readers: Mapping[str, Reader]) -> None:
        self._access = access
        self.readers = readers

    def rule(self, method: str, path: str) -> Rule:
        return self._access[f"{method.upper()} {path}"]

    def check(self, routes: Iterable[BaseRoute]) -> None:
        """Errors: ValueError where table and doors differ, or where nobody can tell who asks."""
        doors = {f"{method} {one.path}" for one in routes if isinstance(one, APIRoute) for method in one.methods or ()}
        wrong = [f"not in the table: {one}" for one in sorted(doors - set(self._access))]
        wrong += [f"no such door: {one}" for one in sorted(set(self._access) - doors)]
        unread = {kind for rule in self._access.values() for kind in rule.kinds} - set(self.readers)
        wrong += [f"nobody can tell who is a {kind}" for kind in sorted(unread)]
        if wrong:
            raise ValueError("; ".join(wrong))

    async def __call__(self, request: Request) -> None:
        """For every route: who asks is known, written down and allowed before anything is done."""
        route = request.scope["route"]
        rule = self.rule(request.method, route.path)
        if not rule.who:
            return
        asker = await self.found(rule, request)
        allowed = rule.includes(asker)
        if rule.leaves_trace or not allowed:
            await traced(request, asker.actor, allowed=allowed)
        # Also who is not allowed is known: a page says so to them in their own frame.
        request.state.recognized = asker
        if not allowed:
            raise Forbidden(f"this is for {rule}")
        request.state.asker = asker

    async def found(self, rule: Rule, request: Request) -> Asker:
        """``recognize``; and whoever minds what was tried in vain is told."""
        try:
            return await self.recognize(rule, request.headers)
        except Unauthenticated as error:
            for reader in (self.readers[kind] for kind in rule.kinds):
                if isinstance(reader, Misses):
                    reader.missed(request.headers, client_of(request), error)
            raise

    async def recognize(self, rule: Rule, headers: Headers) -> Asker:
        """Errors: Unauthenticated where nobody of a kind that the rule names is asking; TooMany, Unavailable."""
        refused = Unauthenticated()
        for kind in rule.kinds:
            try:
                return await self.readers[kind](headers)
            except Unauthenticated as error:
                refused = error
        raise refused


async def _asker(request: Request) -> Any:
    return request.state.asker


#: ``person: Annotated[Staff, ASKED]`` gives a handler whoever was let in.
ASKED = Depends(_asker)
