"""Does every door that asks who is there leave its trace, can an auditor read it, and is harm to it found?"""

import json
from pathlib import Path
from typing import Any

import pytest
from architecture.workspace import SERVICES
from bson.datetime_ms import DatetimeMS
from chassis.chain import AuditKey, Head
from e2e.test_every_answer import filled
from e2e.test_whole_way import decide, handled
from kit.command import damaged, slkt
from kit.openapi import everybody, operations, page_of
from kit.running import Suite

#: They ask for a session, which a token is not: tests/integration/test_people.py looks for their traces.
OF_A_SESSION = {
    f"{base}/{name}"
    for base in ("/staff/api", "/pujk/api")
    for name in (
        *("log-in/first", "log-in/second-factor", "token", "me", "me/password", "session", "sessions"),
        *("me/recovery-codes", "me/authenticator", "me/sessions", "me/sessions/{session}", "me/other-sessions"),
    )
}
MARKER = "Ny. Rahasia Penanda"


def last(running: Suite, service: str) -> int:
    found = running.mongo[service]["audit"].find_one(sort=[("_id", -1)])
    return found["_id"] if found else 0


def doors(running: Suite, service: str) -> list[tuple[str, str]]:
    """Every door that asks who is there, but for the submissions, which are facts."""
    return [
        (method, path)
        for method, path, operation in operations(page_of(running, service))
        if "security" in operation and path not in ("/submissions", *OF_A_SESSION)
    ]


def listed(running: Suite, *wanted: str) -> list[dict[str, Any]]:
    read = slkt("audit", "list", *wanted, "--json", stack=running)
    assert read.code == 0, read.said
    found: list[dict[str, Any]] = json.loads(read.out)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_door_that_asks_who_is_there_leaves_a_trace(running: Suite, service: str) -> None:
    silent, asked = [], doors(running, service)
    assert asked
    for method, path in asked:
        before = last(running, service)
        # A body that no door takes: nothing is done, and still it was asked for.
        way: dict[str, Any] = {} if method in ("get", "delete") else {"json": MARKER}
        path_here = filled(path).replace("BANK-002", "BANK-999")
        answer = running.http.request(
            method, f"{running.url(service)}{path_here}", headers=everybody(running, service, path), **way
        )
        entries = list(
            running.mongo[service]["audit"].find({"_id": {"$gt": before}, "act": f"{method.upper()} {path}"})
        )
        outcomes = running.mongo[service]["audit"].find(
            {"asked": {"$in": [one["_id"] for one in entries]}, "step": "answered"}
        )
        if [one["outcome"] for one in outcomes] != [answer.status_code]:
            silent.append(f"{method} {path} → {answer.status_code}")
        assert MARKER not in str(entries)
    assert silent == []


async def test_who_decided_can_be_read_and_the_audit_is_whole(running: Suite) -> None:
    number = running.bring()["number"]
    async with running.firm("BANK-002") as firm:
        await handled(firm, number)
        assert decide(running, number, decision="return", reason=MARKER).status_code == 200
    read = slkt("audit", "list", "--number", number, stack=running)
    assert read.code == 0
    for told in ("staff decider-1 (decider)", "POST /cases/{number}/decision", "127.0.0.1", "200", "decision return"):
        assert told in read.said
    for service in SERVICES:
        assert MARKER not in str(list(running.mongo[service]["audit"].find()))
    whole = slkt("audit", "verify", stack=running)
    assert whole.code == 0, whole.said
    assert all(service in whole.said for service in SERVICES) and "utuh / whole" in whole.said


async def test_who_looked_at_a_matter_is_found_also_where_its_address_does_not_name_it(running: Suite) -> None:
    number = running.bring()["number"]
    async with running.firm("BANK-002") as firm:
        await handled(firm, number)
    gateway = running.url("pujk_gateway")
    for path in ("proposals?limit=500", f"cases/{number}"):
        running.http.get(f"{gateway}/{path}", headers=running.staff("decider")).raise_for_status()
    acts = listed(running, "--number", number)
    looked = {(one["service"], one["act"], one["actor"]["id"]) for one in acts}
    assert {
        ("pujk_gateway", "GET /proposals", "decider-1"),
        ("pujk_gateway", "GET /cases/{number}", "decider-1"),
    } < looked
    assert ("intake", "POST /keys", "pujk_gateway") in looked, "who got the key that unseals it"
    assert {one["act"] for one in listed(running, "--number", number, "--actor", "decider-1")} < {
        "GET /proposals", "GET /cases/{number}", "POST /cases/{number}/decision",
    }  # fmt: skip
    assert listed(running, "--number", number, "--until", "2020-01-01") == []


def test_an_auditor_reads_each_audit_at_a_door_page_by_page_and_reading_is_an_act(running: Suite) -> None:
    auditor = running.staff("auditor")
    for service in SERVICES:
        url = f"{running.url(service)}/audit/{service}"
        running.http.get(url, headers=auditor).raise_for_status()
        read = running.http.get(url, params={"actor": "auditor-1", "limit": 1}, headers=auditor).json()
        assert read["acts"][0]["object"] == {"actor": "auditor-1"}, "its own reading"
        before = running.http.get(url, params={"limit": 1, "before": read["next"]}, headers=auditor).json()
        assert before["acts"][0]["entry"] < read["acts"][0]["entry"]
        assert running.http.get(url, headers=running.staff("decider")).status_code == 403
        assert running.http.get(url, params={"actor": MARKER}, headers=auditor).status_code == 422


async def test_harm_is_told_at_its_place_and_ends_with_1(running: Suite, tmp_path: Path) -> None:
    running.http.get(f"{running.url('routing')}/parked", headers=running.staff("supervisor")).raise_for_status()
    there = running.mongo["routing"]["audit"]
    end = there.find_one(sort=[("_id", -1)])
    assert end is not None
    key = AuditKey.read(running.stack.secrets.audit_key("routing"), "routing")
    line = {"message": "audit root", "root": key.root("2026-03-02", Head(end["_id"], end["hash"], end["at"]), 1)}
    log = tmp_path / "routing.log"
    log.write_text(f'{{"message": "started"}}\n{json.dumps(line)}\n')
    verify = ("audit", "verify", "--service", "routing", "--roots", str(log))
    at = end["_id"] - 1
    with damaged(running, "routing", "audit", {"_id": at}) as audit:
        audit.update_one({"_id": at}, {"$set": {"actor.id": "somebody-else"}})
        with damaged(running, "routing", "audit_roots", {"_id": "2026-01-01"}) as roots:
            roots.insert_one({"_id": "2026-01-01", "jws": "x"})
            changed = slkt(*verify, "--json", stack=running)
    with damaged(running, "routing", "audit", {"_id": end["_id"]}) as audit:
        audit.delete_one({"_id": end["_id"]})
        cut = slkt(*verify, stack=running)
    found = json.loads(changed.out)["services"][0]["findings"]
    expected = [(at, "changed"), (0, "forged-root")]
    assert (changed.code, [(one["number"], one["kind"]) for one in found]) == (1, expected)
    assert cut.code == 1 and "truncated" in cut.said and str(end["_id"]) in cut.said


def test_an_entry_that_cannot_be_read_hides_no_other(running: Suite) -> None:
    parked, url = f"{running.url('routing')}/parked", f"{running.url('routing')}/audit/routing"
    for _ in range(3):
        running.http.get(parked, headers=running.staff("supervisor")).raise_for_status()
    there = running.mongo["routing"]["audit"].find({"act": "GET /parked"}, sort=[("_id", -1)], limit=3)
    numbers = [one["_id"] for one in there]
    far = {"actor": "boss", "object": "x", "at": DatetimeMS(2**60)}
    harms = ({"$set": far}, {"$unset": {"actor.roles": 1, "from": 1, "at": 1}}, {"$set": {"act": ["x"]}})
    with damaged(running, "routing", "audit", {"_id": {"$in": numbers}}) as audit:
        for number, harm in zip(numbers, harms, strict=True):
            audit.update_one({"_id": number}, harm)
        read = running.http.get(url, headers=running.staff("auditor"))
        listed_too = slkt("audit", "list", "--service", "routing", stack=running)
        verified = slkt("audit", "verify", "--json", stack=running)
    assert read.status_code == 200, read.text
    assert [one["entry"] for one in read.json()["acts"] if not one["genuine"]] == numbers
    assert listed_too.code == 0 and listed_too.said.count("diubah / changed") == 4, "each, and what that means"
    services = {one["service"]: one["findings"] for one in json.loads(verified.out)["services"]}
    assert verified.code == 1 and set(services) == set(SERVICES)
    assert [(one["number"], one["kind"]) for one in services["routing"]] == [(one, "changed") for one in numbers[::-1]]


async def test_what_cannot_be_judged_ends_with_2(running: Suite, tmp_path: Path) -> None:
    (tmp_path / "no.jwks").write_text("[]")
    for wrong in (("--keys", str(tmp_path / "no.jwks")), ("--roots", str(tmp_path / "gone"))):
        ended = slkt("audit", "verify", *wrong, stack=running)
        assert ended.code == 2 and "Tidak bisa / cannot" in ended.said
