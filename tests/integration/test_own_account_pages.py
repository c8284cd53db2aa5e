"""What a person keeps in their own hands with a browser: another authenticator, where they are logged in; and what an
administrator says of when an account ends. On a real intake."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from kit.browsing import Browsing, code_of, leads, seed_of_text
from kit.people import House, Person

pytestmark = pytest.mark.usefixtures("patient")
MINE = "/staff/account"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(house: House) -> Person:
    return house.settled()


@pytest.fixture
def browser(house: House, person: Person) -> Iterator[Browsing]:
    """In, with a recovery code."""
    made = Browsing(house.intake.url)
    made.log_in(person.id, person.password, person.recovery_codes.pop())
    yield made
    made.http.close()


def also_in(house: House, person: Person, agent: str = "") -> Browsing:
    made = Browsing(house.intake.url)
    made.http.headers["User-Agent"] = agent
    made.log_in(person.id, person.password, person.recovery_codes.pop())
    return made


def test_another_authenticator_is_taken_up_and_the_old_one_holds_no_longer(
    house: House, person: Person, browser: Browsing
) -> None:
    other = also_in(house, person)
    recovery = person.recovery_codes.pop()
    for wrong in ({"password": "bukan-kata-sandi-ini"}, {"code": "abcdef"}):
        answer = browser.send(f"{MINE}/authenticator", **({"password": person.password, "code": recovery} | wrong))
        assert answer.status_code == 422 and "Kata sandi atau kode tidak cocok" in answer.text
        assert "<svg" not in answer.text and person.password not in answer.text
    shown = browser.send(f"{MINE}/authenticator", password=person.password, code=recovery)
    told = re.search(r'name="secret" value="([A-Z2-7 ]+)"', shown.text)
    assert shown.status_code == 200 and told and "<svg" in shown.text
    seed = seed_of_text(told[1])
    again = browser.send(f"{MINE}/authenticator/new", secret=told[1], code="12345")
    assert again.status_code == 422 and told[1] in again.text and "Kode tidak cocok" in again.text
    done = browser.send(f"{MINE}/authenticator/new", secret=told[1], code=code_of(seed))
    assert leads(done) == MINE and "Autentikator sudah diganti" in browser.look(MINE).text
    assert leads(other.look(MINE)).startswith("/staff/log-in"), "the other sessions ended"
    browser.send("/staff/log-out")
    browser.send("/staff/log-in", username=person.id, password=person.password)
    browser.look("/staff/log-in/second-factor")
    assert browser.send("/staff/log-in/second-factor", code=code_of(person.seed)).status_code == 422
    assert leads(browser.send("/staff/log-in/second-factor", code=code_of(seed, 1))) == "/staff"


def test_whoever_finds_a_session_open_is_told_no_secret(person: Person, browser: Browsing) -> None:
    shown = browser.send(f"{MINE}/authenticator", password=person.password, code=person.recovery_codes.pop())
    told = re.search(r'name="secret" value="([A-Z2-7 ]+)"', shown.text)
    assert told
    for secret in ("", "ABCD EFGH", "é"):
        answer = browser.send(f"{MINE}/authenticator/new", secret=secret, code="000000")
        assert leads(answer) == f"{MINE}/authenticator" and told[1] not in answer.text
    assert told[1] not in browser.look(f"{MINE}/authenticator").text


def test_a_person_sees_where_they_are_logged_in_and_ends_it(house: House, person: Person, browser: Browsing) -> None:
    first, second = also_in(house, person, FIREFOX), also_in(house, person)
    page = browser.look(f"{MINE}/sessions").text
    names = set(re.findall(rf'action="{MINE}/sessions/([0-9a-f]+)"', page))
    # Beside these three there is the session of the first log-in.
    assert len(names) == 3 and page.count("sesi ini</span>") == 1 and "127.0.0.1" in page
    assert page.count("<dd>Firefox, Windows</dd>") == 1, "what it said of itself, in our words"
    ended = re.findall(rf'action="{MINE}/sessions/([0-9a-f]+)"', page)[0]
    assert "127.0.0.1" in browser.look(f"{MINE}/sessions/{ended}").text
    assert leads(browser.send(f"{MINE}/sessions/{ended}")) == f"{MINE}/sessions"
    assert leads(second.look(MINE)).startswith("/staff/log-in") and first.look(MINE).status_code == 200
    assert browser.look(f"{MINE}/sessions/{ended}").status_code == 404
    kept = browser.session
    assert leads(browser.send(f"{MINE}/other-sessions")) == f"{MINE}/sessions" and browser.session != kept
    page = browser.look(f"{MINE}/sessions").text
    assert "Semua sesi lain sudah berakhir." in page and f"{MINE}/other-sessions" not in page
    assert leads(first.look(MINE)).startswith("/staff/log-in")


def test_an_administrator_says_when_an_account_ends(house: House) -> None:
    inside, person = also_in(house, house.settled("administrator")), house.settled()
    place, soon = f"/staff/accounts/{person.id}", datetime.now(UTC) + timedelta(days=9)
    inside.look(place)
    for wrong in ("2020-01-01", "2999-01-01", "besok"):
        answer = inside.send(f"{place}/expiry", expires=wrong)
        assert answer.status_code == 422 and 'id="expires-wrong"' in answer.text and f'value="{wrong}"' in answer.text
    assert leads(inside.send(f"{place}/expiry", expires=f"{soon:%Y-%m-%d}")) == place
    shown = inside.look(place).text
    assert "Masa berlaku sudah disimpan." in shown and f"{soon.day} " in shown and f'value="{soon:%Y-%m-%d}"' in shown
    assert person.me().status_code == 401, "sooner than before: what was begun ends"
    assert leads(inside.send(f"{place}/expiry", expires="")) == place
    assert "Berlaku sampai</dt>" not in inside.look(place).text
