"""Who could knock at a door? Everybody of whom the page of doors speaks, and those who only pretend."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from architecture.workspace import ROOT
from chassis.auth import ServiceTokens
from chassis.people.sessions import _id as session_id
from contracts.topology import OWNERS
from kit.openapi import Now
from kit.running import Suite
from kit.tokens import ROLES, have_account, staff_token
from slkt_local.secrets import a_signing_key

PAGE = ROOT / "docs" / "doors.md"
Headers = dict[str, str]


@dataclass(frozen=True)
class Caller:
    """Somebody with credentials: ``kind`` and what they may, as the page of doors says it; "" is nobody known."""

    name: str
    kind: str
    may: frozenset[str]
    headers: Callable[[str], Headers]


@dataclass(frozen=True)
class Door:
    """A line of the page: kinds, and for each what is asked for (nothing: any of the kind); no kind: anybody."""

    service: str
    method: str
    path: str
    said: str
    who: dict[str, frozenset[str]]

    def answers(self, caller: Caller) -> int:
        """200 stands for being let in, whatever comes of it."""
        if not self.who:
            return 200
        if caller.kind not in self.kinds_recognized:
            return 401
        asked = self.who.get(caller.kind)
        return 200 if asked is not None and (not asked or asked & caller.may) else 403

    @property
    def kinds_recognized(self) -> set[str]:
        """A firm's people and systems come with tokens of one issuer: who takes the one knows the other."""
        firm = {"officer", "system"}
        return set(self.who) | (firm if firm & set(self.who) else set())


def doors(page: Path = PAGE) -> Iterator[Door]:
    """The page as people read it."""
    service = ""
    for line in page.read_text().splitlines():
        if line.startswith("## "):
            service = line[3:]
        elif service and line.startswith("| `"):
            door, said = (part.strip() for part in line.strip("|").split("|"))
            method, path = door.strip("`").split(" ", 1)
            yield Door(service, method.lower(), path, said, _who(said))


def _who(said: str) -> dict[str, frozenset[str]]:
    if said == "anybody":
        return {}
    parts = (one.partition(": ") for one in said.split("; "))
    return {kind: frozenset(asked.split(", ") if asked else ()) for kind, _, asked in parts}


def callers(running: Suite) -> Iterator[Caller]:
    secrets = running.stack.secrets
    have_account(running.mongo["intake"], secrets, f"{ROLES[0]}-1")
    everything = frozenset(ROLES)

    def bearer(token: str) -> Callable[[str], Headers]:
        return lambda _: {"Authorization": f"Bearer {token}"}

    def person(name: str, *roles: str, **but: Any) -> Caller:
        token = staff_token(secrets, *roles, subject=f"{ROLES[0]}-1", **but)
        return Caller(name, "" if but else "staff", frozenset() if but else frozenset(roles), bearer(token))

    yield Caller("nobody", "", frozenset(), lambda _: {})
    for role in ROLES:
        yield person(role, role)
    yield person("expired", *ROLES, exp=int(time.time()) - 1)
    yield person("of another issuer", *ROLES, iss="slkt-service")
    yield person("for another service", *ROLES, aud="elsewhere")
    yield Caller("forged", "", frozenset(), bearer(_forged(secrets.staff_key, everything)))
    for owner in ("pujk_gateway", "notifier", "tracking"):
        yield Caller(f"service {owner}", "service", frozenset({owner}), _of_service(running, owner))
    channel = {"X-API-Key": running.stack.channel_keys["web"]}
    yield Caller("channel", "channel", frozenset({"submit", "withdraw"}), lambda _: channel)
    yield Caller("session", "session", frozenset(), lambda _: _session(running))


def _forged(key: Path, roles: frozenset[str]) -> str:
    """By somebody who knows all that is published."""
    private, _ = a_signing_key(json.loads(key.read_text())["kid"])
    claims = {"iss": "slkt-staff", "sub": f"{ROLES[0]}-1", "roles": sorted(roles), "epoch": 1, "aud": list(OWNERS)}
    signing = jwt.PyJWK.from_dict(private)
    return jwt.encode(claims | {"exp": int(time.time()) + 60}, signing, "EdDSA", headers={"kid": signing.key_id})


def _of_service(running: Suite, owner: str) -> Callable[[str], Headers]:
    tokens = ServiceTokens(running.stack.secrets.service_key(owner), owner, Now())
    return lambda service: {"Authorization": f"Bearer {tokens.token(service, 'a test')}"}


def _session(running: Suite) -> Headers:
    """Of a new account for each act, since some of them end all sessions."""
    account = f"somebody-{time.monotonic_ns()}"
    have_account(running.mongo["intake"], running.stack.secrets, account)
    token = f"slkts_{account}"
    now = Now().now()
    stored = {"_id": session_id(token), "account": account, "epoch": 1, "stage": "in", "seed": None}
    times = {"began": now, "seen": now, "until": now.replace(year=now.year + 1)}
    running.mongo["intake"]["sessions"].insert_one(stored | times)
    return {"Authorization": f"Bearer {token}"}
