"""Who could knock at a door? Everybody of whom the page of doors speaks, and those who only pretend."""

import json
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from architecture.workspace import ROOT
from chassis.auth import ServiceTokens
from chassis.pages.forgery import Guard
from chassis.people.desk import seed_of
from chassis.people.sessions import _id as session_id
from chassis.sealing import Vault
from contracts.topology import OWNERS
from kit.openapi import Now
from kit.running import FIRMS, Suite
from kit.tokens import ROLES, firm_token, have_account, have_officer, staff_token, system_token
from slkt_local.secrets import a_signing_key

SEATS = ("product", "service", "deciding")
#: Nobody's case is with it.
FIRM = "BANK-999"
#: What the forms of a log-in carry.
MARK = "6d61726b"
PAGE = ROOT / "docs" / "doors.md"
Headers = dict[str, str]


@dataclass(frozen=True)
class Caller:
    """Somebody with credentials: ``kind`` and what they may, as the page of doors says it; "" is nobody known."""

    name: str
    kind: str
    may: frozenset[str]
    headers: Callable[[str], Headers]
    #: Where they come with a browser: from a path to the cookie's header and the form's mark.
    browses: Callable[[str], tuple[Headers, str]] | None = None

    def asks(self, door: "Door", body: Any) -> dict[str, Any]:
        """What is sent: a browser sends a form, a program JSON."""
        if self.browses is None:
            way, headers = {"json": body}, self.headers(door.service)
        else:
            headers, mark = self.browses(door.path)
            way = {"data": {"csrf": mark}}
        # As of a form on a page of ours: from elsewhere no log-in begins, whoever sends it.
        return {"headers": headers | {"Sec-Fetch-Site": "same-origin"}} | (
            way if door.method not in ("get", "delete") else {}
        )


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
    for owner in ("intake", "pujk_gateway", "notifier", "tracking"):
        yield Caller(f"service {owner}", "service", frozenset({owner}), _of_service(running, owner))
    channel = {"X-API-Key": running.stack.channel_keys["web"]}
    yield Caller("channel", "channel", frozenset({"submit", "withdraw", "attach", "status"}), lambda _: channel)
    yield Caller("session", "session", frozenset(), lambda service: _session(running, service))
    for seat in SEATS:
        have_officer(running.mongo["pujk_gateway"], secrets, f"nobody-{seat}-1", FIRM, seat)
        token = firm_token(secrets, FIRM, seat, subject=f"nobody-{seat}-1")
        yield Caller(f"officer {seat}", "officer", frozenset({seat}), bearer(token))
    reads = system_token(running.mongo["pujk_gateway"], secrets, FIRM, "tickets:read")
    yield Caller("a firm's system", "system", frozenset({"tickets:read"}), bearer(reads))
    acts = system_token(running.mongo["pujk_gateway"], secrets, FIRM, "tickets:act")
    yield Caller("a firm's system that acts", "system", frozenset({"tickets:act"}), bearer(acts))
    posing = firm_token(secrets, FIRM, *ROLES, subject="nobody-deciding-1", iss="slkt-staff")
    yield Caller("the firms' issuer posing as OJK's", "", frozenset(), bearer(posing))
    for role in ROLES:
        browses = _browser(running, role)
        yield Caller(f"{role} with a browser", "page", frozenset({role}), lambda _: {}, browses)
        token = staff_token(secrets, role, subject=f"{ROLES[0]}-1", mark=MARK)
        yield Caller(f"{role} with a pass", "staff page", frozenset({role}), lambda _: {}, _with_pass(token))
    yield Caller(
        "deciding with a browser", "page", frozenset({"deciding"}), lambda _: {}, _browser(running, "deciding")
    )
    yield Caller("with a token for a pass", "", frozenset(), lambda _: {}, _with_pass(staff_token(secrets, *ROLES)))
    yield Caller("on the way in", "log-in page", frozenset(), lambda _: {}, _browser(running, ROLES[0], way_in=True))


def _forged(key: Path, roles: frozenset[str]) -> str:
    """By somebody who knows all that is published."""
    private, _ = a_signing_key(json.loads(key.read_text())["kid"])
    claims = {"iss": "slkt-staff", "sub": f"{ROLES[0]}-1", "roles": sorted(roles), "epoch": 1, "aud": list(OWNERS)}
    signing = jwt.PyJWK.from_dict(private)
    return jwt.encode(claims | {"exp": int(time.time()) + 60}, signing, "EdDSA", headers={"kid": signing.key_id})


def _of_service(running: Suite, owner: str) -> Callable[[str], Headers]:
    tokens = ServiceTokens(running.stack.secrets.service_key(owner), owner, Now())
    return lambda service: {"Authorization": f"Bearer {tokens.token(service, 'a test')}"}


def _session(running: Suite, service: str) -> Headers:
    """Of a new account for each act, since some of them end all sessions; at the issuer that is asked."""
    issuer = service if service == "pujk_gateway" else "intake"
    return {"Authorization": f"Bearer {_new_session(running, issuer, 'in', ROLES[0])}"}


def _vault(running: Suite, issuer: str) -> Vault:
    secrets = running.stack.secrets
    return Vault(b64decode(secrets.master_key if issuer == "intake" else secrets.people_master_key))


def _new_session(running: Suite, issuer: str, stage: str, *roles: str, firm: str = FIRM) -> str:
    """Of OJK's person in roles, or of a firm's in seats."""
    account, secrets = f"somebody-{time.monotonic_ns()}", running.stack.secrets
    if issuer == "intake":
        # A seat alone is no role: whoever has it there may do nothing.
        have_account(running.mongo[issuer], secrets, account, *([one for one in roles if one in ROLES] or roles))
    else:
        seats = [one for one in roles if one in SEATS] or SEATS[:1]
        have_officer(running.mongo[issuer], secrets, account, firm, *seats)
    seed = _vault(running, issuer).seal(b"0" * 20, seed_of(account))
    token, now = f"slkts_{account}", Now().now()
    stored = {"_id": session_id(token), "account": account, "epoch": 1, "stage": stage, "seed": seed}
    times = {"began": now, "seen": now, "until": now.replace(year=now.year + 1)}
    running.mongo[issuer]["sessions"].insert_one(stored | times)
    return token


def _browser(
    running: Suite, *roles: str, way_in: bool = False, firm: str = FIRM
) -> Callable[[str], tuple[Headers, str]]:
    """Cookie and mark as the issuer's own page would have given them."""

    def browse(path: str) -> tuple[Headers, str]:
        name, issuer = ("pujk", "pujk_gateway") if path.startswith("/pujk") else ("staff", "intake")
        step = "first-log-in" if path.endswith("/first") else "second-factor"
        token = _new_session(running, issuer, step if way_in else "in", *roles, firm=firm)
        return {"Cookie": f"slkt-{name}-session={token}"}, Guard(_vault(running, issuer).digest).mark(token)

    return browse


def _with_pass(token: str) -> Callable[[str], tuple[Headers, str]]:
    return lambda _: ({"Cookie": f"slkt-pass={token}"}, MARK)


def visitor(running: Suite, service: str, path: str, said: str) -> tuple[Headers, str]:
    """Whoever is at home at this door, with all roles or seats there are: what their browser, or program, sends, and
    their form's mark. Nothing where the door asks for no log-in. ``said``: as the page of doors says it."""
    kinds = _who(said)
    came: tuple[Headers, str] = ({}, "")
    if "staff page" in kinds:
        token = staff_token(running.stack.secrets, *ROLES, subject=f"{ROLES[0]}-1", mark=MARK)
        came = _with_pass(token)(path)
    elif {"page", "log-in page"} & kinds.keys():
        came = _browser(running, *ROLES, *SEATS, way_in="page" not in kinds, firm=FIRMS[0])(path)
    elif "session" in kinds:
        return _session(running, service), ""
    elif path.startswith("/lapor"):
        came = _with_a_draft(running)
    return came[0] | {"Sec-Fetch-Site": "same-origin"}, came[1]


def _with_a_draft(running: Suite) -> tuple[Headers, str]:
    place, headers = f"{running.url('intake')}/lapor", {"Sec-Fetch-Site": "same-origin"}
    begun = running.http.post(place, data={"kind": "complaint"}, headers=headers)
    kept = {"Cookie": begun.headers["set-cookie"].partition(";")[0]}
    running.http.cookies.clear()
    page = running.http.get(f"{running.url('intake')}{begun.headers['location']}", headers=kept).text
    mark = page.partition('name="csrf" value="')[2].partition('"')[0]
    assert mark, page
    return kept, mark
