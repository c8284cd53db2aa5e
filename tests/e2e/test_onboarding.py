"""Does a firm come in as on the leaflet, and go without leaving a way in? On the running suite, as its people do it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
from kit.firms import NAMES, SEATS, Onboarded, a_firm, onboarded, text_of
from kit.people import UNAUTHENTICATED, Person, problem
from kit.running import Suite, eventually


@pytest.fixture(scope="module")
def firm(running: Suite) -> Iterator[Onboarded]:
    with onboarded(running) as made:
        yield made


def test_three_people_sit_in_three_seats_and_the_same_again_changes_nothing(firm: Onboarded) -> None:
    shown = firm.shown()
    code = firm.code.lower()
    assert {seat: one["account"] for seat, one in shown["people"].items()} == {s: f"{code}-{s}-1" for s in SEATS}
    assert {seat: one["name"] for seat, one in shown["people"].items()} == NAMES
    assert firm.ask("PUT", body=a_firm()).json() == firm.shown()
    others = a_firm(people=a_firm()["people"] | {"deciding": {"name": "Joko", "position": "Direktur"}})
    assert problem(firm.ask("PUT", body=others)) == (409, "firm-stands")


def test_nobody_gets_in_before_a_letter_and_each_letter_ends_the_one_before(firm: Onboarded) -> None:
    guess = Person(firm.api, firm.account("service"), "apa-pun-boleh", firm.suite.http)
    assert problem(guess.begin()) == UNAUTHENTICATED
    first = firm.person("service")
    second = firm.person("service")
    assert problem(first.begin()) == UNAUTHENTICATED
    assert second.begin().json()["then"] == "first-log-in"


def test_a_letter_is_one_page_that_says_what_its_reader_needs(firm: Onboarded) -> None:
    answer = firm.letter("product")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].endswith('.pdf"')
    text, letter = text_of(answer.content), firm.shown()["letters"][-1]
    check = letter["check"]
    for said in (
        "RAHASIA",
        NAMES["product"],
        "PT Bank Contoh",
        "Jakarta 12920",
        "/pujk/log-in",
        "WIB",
        letter["number"],
    ):
        assert said in text
    assert " ".join(check[at : at + 4] for at in range(0, 16, 4)) in text


def test_a_password_stands_in_no_document_and_in_no_log(firm: Onboarded) -> None:
    password = firm.password("product")
    suite = firm.suite
    for name in suite.mongo["pujk_gateway"].list_collection_names():
        assert password not in str(list(suite.mongo["pujk_gateway"][name].find()))
    for log in suite.known["logs"].values():
        assert password not in Path(log).read_text()


def test_a_person_of_a_firm_states_a_seat_and_a_firm_and_never_a_role(firm: Onboarded) -> None:
    person = firm.settled("deciding")
    token = person.token("pujk_gateway").json()["token"]
    keys = jwt.PyJWKSet.from_dict(firm.suite.http.get(f"{firm.api.removesuffix('/api')}/jwks.json").json())
    key = next(one for one in keys.keys if one.key_id == jwt.get_unverified_header(token)["kid"])
    claims = jwt.decode(token, key.key, ["EdDSA"], audience="pujk_gateway", issuer="slkt-pujk")
    assert (claims["roles"], claims["firm"]) == (["deciding"], firm.code)
    assert problem(person.token("intake")) == (422, "invalid"), "for this service alone"
    headers = {"Authorization": f"Bearer {token}"}
    for address in (f"/firms/{firm.code}", "/endpoints", "/proposals"):
        answer = firm.suite.http.get(f"{firm.suite.url('pujk_gateway')}{address}", headers=headers)
        assert problem(answer) == UNAUTHENTICATED, "a door of OJK's staff"
    traces = list(firm.suite.mongo["pujk_gateway"]["audit"].find({"actor.id": person.id}))
    assert {(one["actor"]["kind"], one["behalf"]) for one in traces} == {("officer", firm.code)}


def test_who_is_replaced_is_out_and_the_next_one_needs_a_letter(firm: Onboarded) -> None:
    before = firm.settled("product")
    anew = {"name": "Dewi Lestari", "position": "Kepala Produk", "replaces": before.id}
    shown = firm.ask("PUT", "/seats/product", anew).json()
    assert shown["people"]["product"]["account"] == before.id.removesuffix("1") + "2"
    assert problem(before.token("pujk_gateway")) == UNAUTHENTICATED
    assert problem(before.begin()) == UNAUTHENTICATED
    assert firm.ask("PUT", "/seats/product", anew).json() == shown, "said again, done once"
    another = anew | {"name": "Joko"}
    assert problem(firm.ask("PUT", "/seats/product", another)) == (409, "seat-has-moved")
    assert problem(firm.ask("POST", f"/people/{before.id}/letter")) == (404, "not-seated")
    assert problem(firm.ask("DELETE", f"/people/{before.id}/lock")) == (404, "not-seated"), "no way back"
    assert firm.settled("product").id.endswith("-2")


def test_a_locked_person_is_out_until_unlocked_and_an_expired_one_for_good(firm: Onboarded) -> None:
    person = firm.settled("service")
    at = f"/people/{person.id}"
    assert firm.ask("PUT", f"{at}/lock", {"reason": "cuti panjang"}).json()["people"]["service"]["locked"]
    assert problem(person.token("pujk_gateway")) == UNAUTHENTICATED
    assert problem(firm.ask("POST", f"{at}/letter")) == (409, "nobody-there")
    assert firm.ask("DELETE", f"{at}/lock").json()["people"]["service"]["locked"] is None
    assert problem(firm.ask("PUT", f"{at}/expiry", {"expires": "2020-01-01T00:00:00Z"})) == (422, "invalid")
    assert firm.ask("PUT", f"{at}/expiry", {"expires": "2031-01-01T00:00:00Z"}).status_code == 200
    assert problem(person.token("pujk_gateway")) == UNAUTHENTICATED, "what was begun before the lock"


async def test_a_firm_that_left_has_no_way_in_and_may_come_back(running: Suite) -> None:
    with onboarded(running) as firm:
        person = firm.settled("deciding")
        gone = firm.ask("DELETE")
        assert (gone.status_code, gone.json()["state"]) == (202, "left")
        assert problem(person.token("pujk_gateway")) == UNAUTHENTICATED
        for method, path in (("POST", f"/people/{person.id}/letter"), ("POST", "/broker")):
            assert problem(firm.ask(method, path)) == (409, "firm-has-left")
        again = firm.ask("PUT", body=a_firm()).json()
        assert again["state"] == "onboarded"
        assert again["people"]["deciding"]["account"] == person.id.removesuffix("1") + "2", "a name is used once"
    await eventually(lambda: firm.shown()["state"] == "left", "the firm left again")


def test_a_code_that_is_not_known_is_asked_about(running: Suite) -> None:
    firm = Onboarded(running, f"BANK-{uuid4().hex[:6].upper()}")
    asked = firm.ask("PUT", body=a_firm(sure_of_code=False))
    assert problem(asked) == (409, "code-not-known") and f"/directory/search?code={firm.code}" in asked.text
    assert firm.ask("GET").status_code == 404, "nothing was made"


def test_only_an_administrator_of_ojk_onboards(firm: Onboarded) -> None:
    for role in ("cso", "supervisor", "decider", "qa", "auditor"):
        answer = firm.suite.http.put(firm.url, json=a_firm(), headers=firm.suite.staff(role))
        assert problem(answer) == (403, "forbidden")
    assert problem(firm.suite.http.get(firm.url)) == UNAUTHENTICATED
