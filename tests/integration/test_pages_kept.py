"""Is nobody lost on an issuer's pages? Where there is no page, where somebody was going, what was wrong, what was not
done; on a real intake."""

import html
import re
from collections.abc import Iterator

import httpx
import pytest
from kit.browsing import Browsing, code_of, leads, seed_of_text
from kit.people import OWN_PASSWORD, House

pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture
def browser(house: House) -> Iterator[Browsing]:
    made = Browsing(house.intake.url)
    yield made
    made.http.close()


@pytest.fixture
def inside(house: House, browser: Browsing) -> Browsing:
    """An administrator who is in."""
    person = house.settled("administrator")
    browser.log_in(person.id, person.password, code_of(person.seed, 1))
    return browser


def test_where_no_page_is_a_browser_reads_one_and_a_head_is_answered(house: House, inside: Browsing) -> None:
    browser = {"Accept": "text/html"}
    for path in ("/staff/nix", "/staff/nix/"):
        page = inside.http.get(f"{inside.url}{path}", headers=browser)
        assert page.status_code == 404 and "Tidak ditemukan" in page.text, path
        assert inside.http.get(f"{inside.url}{path}").headers["content-type"] == "application/problem+json"
    wrong = inside.http.put(f"{inside.url}/staff/new-account")
    assert wrong.status_code == 405 and wrong.headers["allow"] == "GET, HEAD, POST"
    head = inside.http.head(f"{inside.url}/staff/accounts")
    assert head.status_code == 200 and head.content == b"" and "text/html" in head.headers["content-type"]
    sent = inside.http.post(
        f"{inside.url}/staff/new-account", content="id=x", headers={"Content-Type": "text/plain", "Accept": "text/html"}
    )
    assert sent.status_code == 415 and "Ini bukan formulir" in sent.text
    assert inside.look("/staff/accounts?q=%00").status_code == 200


def test_where_somebody_was_going_is_kept_and_all_that_is_wrong_is_told(house: House, browser: Browsing) -> None:
    person, to = house.new("administrator"), "/staff/accounts?q=budi&page=2"
    assert leads(browser.look(to)) == "/staff/log-in?to=%2Fstaff%2Faccounts%3Fq%3Dbudi%26page%3D2"
    first = leads(browser.send("/staff/log-in", username=person.id, password=person.password, to=to))
    assert 'value="/staff/accounts?q=budi&amp;page=2"' in browser.look(first).text
    wrong = browser.send("/staff/log-in/first", code="12345", new="kata sandi saya", again="lain", to=to)
    assert all(said in wrong.text for said in ("Kode tidak cocok", "Tidak sama", 'id="new-wrong"'))
    key = re.search(r'class="secret">([A-Z2-7 ]+)<', wrong.text)
    seed = seed_of_text(key[1]) if key else b""
    told = browser.send("/staff/log-in/first", code=code_of(seed), new=OWN_PASSWORD, again=OWN_PASSWORD, to=to)
    assert f'href="{html.escape(to)}"' in told.text
    code = "".join(re.findall(r"<li>(\w{5}) (\w{5})</li>", told.text)[0])
    browser.look("/staff")
    kept = browser.mark
    house.ask("PUT", f"/accounts/{person.id}/roles", {"roles": ["cso"]}).raise_for_status()
    browser.mark = kept
    assert leads(browser.send("/staff/account/password", old="a")) == "/staff/log-in?to=%2Fstaff%2Faccount%2Fpassword"
    assert "belum diproses" in browser.look("/staff/log-in").text
    browser.send("/staff/log-in", username=person.id, password=OWN_PASSWORD)
    browser.look("/staff/log-in/second-factor")
    assert leads(browser.send("/staff/log-in/second-factor", code=f"{code[:5]}-{code[5:]} ")) == "/staff"
    said = browser.look("/staff").text
    assert "Sisa kode: 9." in said and 'href="/staff/account/authenticator"' in said


def test_a_look_in_another_language_goes_on_after_something_was_wrong(house: House, browser: Browsing) -> None:
    person, to = house.settled("administrator"), "/staff/accounts?q=budi"

    def switched(answer: httpx.Response) -> str:
        assert answer.status_code == 422
        way = re.search(r'class="language" href="([^"]+)" lang="(\w+)"', answer.text)
        page = browser.look(html.unescape(way[1])).text if way else ""
        assert way and f'<html lang="{way[2]}">' in page and f'value="{to}"' in page
        return page

    switched(browser.send("/staff/log-in", username=person.id, password="bukan yang ini", to=to))
    browser.send("/staff/log-in", username=person.id, password=person.password, to=to)
    browser.look("/staff/log-in/second-factor")
    page = switched(browser.send("/staff/log-in/second-factor", code="abcdef", to=to, recovery="1"))
    assert 'name="recovery" value="1"' in page
    assert 'name="recovery"' not in switched(browser.send("/staff/log-in/second-factor", code="abcdef", to=to))
