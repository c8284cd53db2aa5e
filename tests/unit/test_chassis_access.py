"""A door opens for whom its service's table names, and for nobody else; what is in no table stops the start."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from chassis.access import Gate, Rule, anybody, channel, officer, service, staff, system
from chassis.askers import Asker, Channel, Officer, Service, Staff, System
from chassis.audit import Act, Actor, Audit
from chassis.http import door as serving
from chassis.http import http_app
from chassis.lean import LeanRoute, lean_post
from chassis.readers import firm_reader, staff_reader
from chassis.refusals import Forbidden, Refusals, Unauthenticated
from fastapi import APIRouter
from kit.trails import Left
from starlette.datastructures import Headers
from starlette.types import ASGIApp

BUDI = Staff("budi", frozenset({"cso"}))
SARI = Officer("sari", "BANK-002", frozenset({"deciding"}))
PROGRAM = System("c1", "BANK-002", frozenset({"tickets:read"}))
NOTIFIER = Service("notifier", "mail")
WEB = Channel("web", frozenset({"submit"}))
EVERYBODY: tuple[Asker, ...] = (BUDI, SARI, PROGRAM, NOTIFIER, WEB)


def gate(rule: Rule, comes: Asker | None) -> Gate:
    """Of a service with one door, at which somebody is known to stand."""

    async def read(_: Headers) -> Asker:
        if comes is None:
            raise Unauthenticated
        return comes

    async def nobody(_: Headers) -> Asker:
        raise Unauthenticated

    readers = dict.fromkeys(("staff", "officer", "system", "service", "channel"), nobody)
    return Gate({"GET /x": rule}, readers | ({comes.kind: read} if comes else {}))


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (staff(), [BUDI]),
        (staff("cso"), [BUDI]),
        (staff("decider", "cso"), [BUDI]),
        (staff("decider"), []),
        (officer(), [SARI]),
        (officer("product"), []),
        (officer("deciding") | system("tickets:read"), [SARI, PROGRAM]),
        (system("tickets:write"), []),
        (service("notifier"), [NOTIFIER]),
        (service("tracking"), []),
        (channel("submit"), [WEB]),
        (channel("withdraw"), []),
        (staff("cso") | officer("deciding"), [BUDI, SARI]),
    ],
    ids=str,
)
async def test_a_door_opens_for_whom_its_rule_names(rule: Rule, allowed: list[Asker]) -> None:
    for comes in EVERYBODY:
        left, known = Left(), comes.kind in rule.kinds
        request = left.request()
        if comes in allowed:
            await gate(rule, comes)(request)
            assert request.state.asker == comes
            assert (left.asked, left.refused) == ([comes.actor], [])
            continue
        with pytest.raises(Forbidden if known else Unauthenticated):
            await gate(rule, comes)(request)
        assert (left.asked, left.refused) == ([], [comes.actor] if known else [])
        assert not hasattr(request.state, "asker")


async def test_anybody_needs_no_credentials_and_leaves_no_trace() -> None:
    left = Left()
    await gate(anybody, None)(left.request())
    assert (left.asked, left.refused) == ([], [])


async def test_what_is_a_fact_by_itself_leaves_no_trace_unless_refused() -> None:
    left = Left()
    await gate(channel("submit").untraced(), WEB)(left.request())
    assert left.asked == []
    with pytest.raises(Forbidden):
        await gate(channel("withdraw").untraced(), WEB)(left.request())
    assert left.refused == [Actor("channel", "web")]


class Written(Audit):
    """An audit without a database."""

    def __init__(self) -> None:
        self.entries: list[tuple[Actor | None, Act, int]] = []

    async def refused(self, actor: Actor | None, act: Act, status: int) -> None:
        self.entries.append((actor, act, status))


def lean(rule: Rule, audit: Audit) -> ASGIApp:
    """A lean door where the web channel stands."""
    router = APIRouter()

    @lean_post(router, "/x", status_code=201)
    async def x(body: int) -> int:
        return body

    doors = gate(rule, WEB)
    found = [one for one in router.routes if isinstance(one, LeanRoute)]
    return serving(http_app("test", Refusals()), Refusals(), found, Gate({"POST /x": rule}, doors.readers), audit)


async def test_who_may_not_use_a_lean_door_leaves_the_trace_of_any_other() -> None:
    for rule, status in ((channel("submit").untraced(), 201), (channel("withdraw").untraced(), 403)):
        audit = Written()
        transport = httpx.ASGITransport(lean(rule, audit), client=("192.0.2.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.post("/x", json=1)).status_code == status
        refused = [(WEB.actor, Act("POST /x", {}, "192.0.2.7"), 403)]
        assert audit.entries == ([] if status == 201 else refused)


def test_a_lean_door_that_should_leave_a_trace_stops_the_start() -> None:
    with pytest.raises(ValueError, match="untraced"):
        lean(channel("submit"), Written())


def routes(*paths: str) -> list[Any]:
    router = APIRouter()
    for path in paths:
        router.add_api_route(path, lambda: None)
    return router.routes


@pytest.mark.parametrize(
    ("access", "paths", "said"),
    [
        ({}, ["/x"], "not in the table: GET /x"),
        ({"GET /x": anybody, "GET /y": anybody}, ["/x"], "no such door: GET /y"),
        ({"GET /x": staff()}, ["/x"], "nobody can tell who is a staff"),
    ],
    ids=str,
)
def test_a_door_beside_the_table_stops_the_start(access: Mapping[str, Rule], paths: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Gate(access, {}).check(routes(*paths))


class Claims:
    """An issuer whose tokens are what a test says."""

    def __init__(self, **claims: Any) -> None:
        self.said = claims

    async def claims(self, authorization: str | None) -> Mapping[str, Any]:
        if authorization is None:
            raise Unauthenticated
        return self.said


CAME = Headers({"authorization": "Bearer x"})


async def test_a_token_says_who_comes() -> None:
    read = staff_reader(Claims(sub="budi", roles=["cso"]))
    assert await read(CAME) == BUDI
    assert await firm_reader(Claims(sub="sari", firm="BANK-002", roles=["deciding"]))(CAME) == SARI
    program = Claims(sub="c1", firm="BANK-002", kind="system", scope="tickets:read", roles=["deciding"])
    assert await firm_reader(program)(CAME) == PROGRAM, "a system sits in no seat"
    with pytest.raises(Unauthenticated):
        await read(Headers({}))


@pytest.mark.parametrize("roles", [None, "cso", {"cso": 1}, [["cso"]], [1], 1])
async def test_a_token_whose_roles_are_no_list_of_words_is_none(roles: Any) -> None:
    for reader in (staff_reader, firm_reader):
        with pytest.raises(Unauthenticated):
            await reader(Claims(sub="budi", firm="BANK-002", roles=roles))(CAME)


async def test_a_token_of_an_account_that_stands_no_more_is_none() -> None:
    async def gone(claims: Mapping[str, Any]) -> bool:
        return bool(claims["sub"] != "budi")

    with pytest.raises(Unauthenticated):
        await staff_reader(Claims(sub="budi", roles=["cso"]), gone)(CAME)
    assert (await staff_reader(Claims(sub="ani", roles=["cso"]), gone)(CAME)).actor.id == "ani"
