"""OJK's own OpenID provider in place of passwords, by settings alone: with a real provider's process."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
import jwt
import pytest
from chassis.people.desk import ELSEWHERE_TRIES
from kit.firm import eventually
from kit.openid import CALLBACK, CLIENT, SECRET, Browser, Office, Provider, on_from, query_of
from playwright.sync_api import sync_playwright
from slkt_local.install import chromium
from slkt_local.stack import Stack

SESSION = "slkt-staff-session"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    provider = Provider(tmp_path_factory.mktemp("provider"))
    try:
        with Stack(
            tmp_path_factory.mktemp("office"), say=lambda _: None, services=["intake"], example_data=True
        ) as stack:
            yield Office(stack, provider)
    finally:
        provider.stop()


@pytest.fixture
def browser(office: Office) -> Iterator[Browser]:
    with office.browser() as made:
        yield made


def session_of(browser: Browser) -> str:
    return str(browser.http.cookies.get(SESSION) or "")


def kept_by(browser: Browser) -> dict[str, str]:
    """What a browser keeps of log-ins on the way."""
    return {one.name: one.value or "" for one in browser.http.cookies.jar if one.name.startswith("slkt-staff-log-in")}


def says(answer: httpx.Response, status: int, words: str) -> bool:
    """A page that stays, with these words."""
    assert answer.status_code == status, answer.text
    assert words in answer.text and "Masuk lagi" in answer.text
    return SESSION not in answer.cookies


def test_who_the_provider_proves_is_in_with_the_roles_that_it_says(office: Office, browser: Browser) -> None:
    begun = browser.goes("/staff/log-in?to=/staff/account")
    sent = query_of(on_from(begun))
    assert on_from(begun).startswith(f"{office.provider.issuer}/auth?") and 'http-equiv="refresh"' in begun.text
    assert sent["code_challenge_method"] == "S256" and sent["nonce"] and sent["state"]
    kept = begun.headers["Set-Cookie"]
    assert "HttpOnly" in kept and "SameSite=lax" in kept and "Path=/staff/oidc" in kept
    assert sent["state"] not in kept, "sealed"
    done = browser.http.get(browser.logs_in_there("sari", begun))
    assert (done.status_code, done.headers["Location"]) == (303, "/staff/account")
    page = browser.goes("/staff/account").text
    assert "Sari Dewi" in page and "sistem masuk OJK" in page and "/staff/account/password" not in page
    for there in ("password", "recovery-codes", "authenticator"):
        told = browser.goes(f"/staff/account/{there}")
        assert told.status_code == 403 and "tidak ada kata sandi" in told.text, "no form that could do nothing"
    me = office.ask("GET", "/staff/api/me", session_of(browser)).json()
    assert (me["name"], me["roles"]) == ("Sari Dewi", ["cso"])
    assert "sari" not in me["id"]
    claims = jwt.decode(office.token(session_of(browser)), options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["roles"]) == ("slkt-staff", me["id"], ["cso"])
    assert office.ask("GET", "/questions", office.token(session_of(browser))).status_code == 200


def test_a_name_that_the_provider_says_is_one_plain_line(office: Office, browser: Browser) -> None:
    office.provider.has("nakal", name="Sari\u202e\r\nDewi\x07\u200b A", groups=["ojk-cso"])
    browser.logs_in("nakal")
    assert office.ask("GET", "/staff/api/me", session_of(browser)).json()["name"] == "Sari Dewi A"


def test_no_password_is_taken_and_who_tries_is_told_where_to_go(office: Office, browser: Browser) -> None:
    answer = httpx.post(
        f"{office.intake.url}/staff/api/log-in", json={"name": "budi", "password": "x"}, trust_env=False
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:slkt:problem:log-in-elsewhere")
    assert answer.json()["log_in"] == f"{office.intake.url}/staff/log-in"
    form = browser.http.post(f"{office.intake.url}/staff/log-in", data={"username": "budi", "password": "x"})
    assert form.status_code == 403 and "tidak ada kata sandi" in form.text


def test_a_code_is_good_once_and_for_the_browser_that_asked(office: Office, browser: Browser) -> None:
    back = browser.logs_in_there("sari", browser.goes())
    with office.browser() as thief:
        assert says(thief.http.get(back), 403, "tidak selesai")
        thief.goes()
        assert says(thief.http.get(back), 403, "tidak selesai"), "nor with a log-in of their own on the way"
    (kept,) = kept_by(browser).items()
    assert browser.http.get(back).status_code == 303 and session_of(browser)
    assert kept_by(browser) == {}
    with office.browser() as again:
        again.http.cookies.set(*kept, path="/staff/oidc")
        assert says(again.http.get(back), 403, "tidak selesai"), "the provider gave it away already"


def test_what_a_browser_kept_is_good_for_one_log_in(office: Office, browser: Browser) -> None:
    """Also where the provider gives a second code for the same question."""
    begun = browser.goes()
    (kept,) = kept_by(browser).items()
    assert browser.http.get(browser.logs_in_there("sari", begun)).status_code == 303
    with office.browser() as again:
        again.http.cookies.set(*kept, path="/staff/oidc")
        back = again.logs_in_there("sari", begun)
        assert query_of(back)["code"], "the provider is content"
        assert says(again.http.get(back), 403, "tidak selesai")


def test_two_tabs_that_are_at_the_provider_come_back_in_any_order(office: Office, browser: Browser) -> None:
    first, second = browser.goes("/staff/log-in?to=/staff/account"), browser.goes()
    for begun, there in ((first, "/staff/account"), (second, "/staff")):
        back = browser.http.get(browser.logs_in_there("sari", begun))
        assert (back.status_code, back.headers["Location"]) == (303, there)


def test_what_went_wrong_is_told_in_the_other_language_as_well(browser: Browser) -> None:
    answer = browser.goes(f"{CALLBACK}?state=x")
    assert says(answer, 403, "tidak selesai")
    switch = re.search(r'class="language" href="([^"]+)"', answer.text)
    assert switch and "was not completed" in browser.goes(unescape(switch[1])).text
    assert "was not completed" not in browser.goes("/staff/logged-out?lang=en&because=x").text


def test_a_form_that_comes_after_the_session_leads_to_a_page_that_says_so(office: Office, browser: Browser) -> None:
    """A browser follows no form to another host, redirects included: so it stays here, and a link leads on."""
    browser.logs_in("sari")
    browser.http.cookies.delete(SESSION)
    for path in ("/staff/log-out", "/staff/log-out/everywhere", "/staff/enter?to=/desk/firms"):
        late = browser.http.post(f"{office.intake.url}{path}", data={"csrf": "-"})
        assert late.status_code == 303 and late.headers["Location"].startswith("/staff/log-in"), path
        page = browser.goes(late.headers["Location"])
        assert on_from(page).startswith(office.provider.issuer)
        assert "belum diproses" in page.text and 'http-equiv="refresh"' not in page.text
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert 'http-equiv="refresh"' in browser.goes().text, "said once"


def test_a_real_browser_goes_there_and_back_also_from_a_form_that_came_late(office: Office) -> None:
    """Our policy lets no form lead to another host, and a browser keeps to it: so a page of ours stands between."""
    there = re.compile(re.escape(office.provider.issuer))
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=str(chromium(print)))
        page = chrome.new_page(base_url=office.intake.url)
        page.goto("/staff/log-in?to=/staff/account")
        page.wait_for_url(there)
        page.fill("[name=login]", "sari")
        page.fill("[name=password]", "-")
        page.click("[type=submit]")
        page.click("[type=submit]")
        page.wait_for_url("**/staff/account")
        page.context.clear_cookies(name=SESSION)
        page.click("header form button")
        page.wait_for_url("**/staff/log-in*")
        assert "belum diproses" in page.inner_text(".said")
        page.click("main a.btn-primary")
        # The provider still knows who this is, and asks nothing.
        page.wait_for_url("**/staff")
        chrome.close()


def test_an_address_that_begins_log_ins_and_ends_none_must_wait(office: Office, browser: Browser) -> None:
    with office.browser("127.0.0.77") as crowd:
        for _ in range(3):
            assert crowd.logs_in("sari").status_code == 303
            crowd.http.cookies.clear()
        for _ in range(ELSEWHERE_TRIES):
            on_from(crowd.goes())
        refused = crowd.goes()
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    on_from(browser.goes())


@pytest.mark.parametrize("but", [{"state": "x"}, {"state": ""}, {"code": "x"}, {"iss": "https://other.example"}])
def test_what_was_changed_on_the_way_is_nobodys_log_in(office: Office, browser: Browser, but: dict[str, str]) -> None:
    query = query_of(browser.logs_in_there("sari", browser.goes()))
    assert says(browser.goes(f"{CALLBACK}?{urlencode(query | but)}"), 403, "tidak selesai")


def test_who_says_no_at_the_provider_comes_back_to_a_page(browser: Browser) -> None:
    state = query_of(on_from(browser.goes()))["state"]
    query = {"error": "access_denied", "error_description": "<b>no</b>", "state": state}
    answer = browser.goes(f"{CALLBACK}?{urlencode(query)}")
    assert says(answer, 403, "tidak selesai") and "<b>no" not in answer.text
    assert says(browser.goes(CALLBACK), 403, "tidak selesai")


def test_a_stolen_code_is_worth_nothing_without_the_verifier(office: Office, browser: Browser) -> None:
    code = query_of(browser.logs_in_there("sari", browser.goes()))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{office.intake.url}{CALLBACK}"}
    answer = httpx.post(f"{office.provider.issuer}/token", data=form, auth=(CLIENT, SECRET), trust_env=False)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_log_in_of_another_client_of_the_same_house_is_none_here(office: Office, browser: Browser) -> None:
    begun = browser.goes()
    theirs = on_from(begun).replace(f"client_id={CLIENT}", "client_id=other")
    back = browser.logs_in_there("sari", theirs)
    assert says(browser.http.get(back), 403, "tidak selesai")


def test_who_has_no_word_of_ours_gets_in_nowhere_and_is_told_so(office: Office, browser: Browser) -> None:
    office.provider.has("tamu", name="Tamu", groups=["everybody", "cso"])
    assert says(browser.logs_in("tamu"), 403, "belum punya peran")
    office.provider.has("tamu", name="Tamu", groups=["ojk-cso"])
    with office.browser() as now:
        assert now.logs_in("tamu").status_code == 303
        session = session_of(now)
        office.provider.has("tamu", name="Tamu", groups=[])
        with office.browser() as later:
            assert says(later.logs_in("tamu"), 403, "belum punya peran")
        assert office.ask("GET", "/staff/api/me", session).status_code == 401, "what they had is over"


def test_an_administrator_locks_such_a_person_and_gives_them_nothing(office: Office, browser: Browser) -> None:
    office.provider.has("joko", name="Joko", groups=["ojk-cso"])
    with office.browser() as administrator:
        administrator.logs_in("adm")
        token = office.token(session_of(administrator))
    browser.logs_in("joko")
    account = f"/staff/api/accounts/{office.ask('GET', '/staff/api/me', session_of(browser)).json()['id']}"
    for method, path, body in (("POST", "/letter", None), ("PUT", "/roles", {"roles": ["administrator"]})):
        answer = office.ask(method, f"{account}{path}", token, body)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:slkt:problem:held-elsewhere")
    assert office.ask("PUT", f"{account}/lock", token, {"reason": "left"}).status_code == 200
    assert office.ask("GET", "/staff/api/me", session_of(browser)).status_code == 401
    assert says(browser.logs_in("joko"), 403, "dikunci")


def test_nobody_is_let_in_by_a_letter_that_opens_nothing(office: Office, browser: Browser) -> None:
    local = office.local
    browser.logs_in("adm")
    listed, one = browser.goes("/staff/accounts").text, browser.goes(f"/staff/accounts/{local}").text
    assert "Tambah akun" not in listed and "new-account" not in listed
    for page in (one, browser.goes("/staff/accounts?state=shut").text):
        assert "Tidak dapat masuk" in page
    assert "/letter" not in one and "surat baru tidak membukanya" in one and f"{local}/lock" in one
    assert local not in browser.goes("/staff/accounts?state=in-use").text
    told = browser.goes("/staff/new-account")
    assert told.status_code == 403 and "Diatur di tempat lain" in told.text
    token, here = office.token(session_of(browser)), "/staff/api/accounts"
    for method, path, body in (
        ("PUT", f"{here}/dewi", {"name": "Dewi", "roles": ["cso"]}),
        ("POST", f"{here}/{local}/letter", None),
        ("PUT", f"{here}/{local}/roles", {"roles": ["qa"]}),
    ):
        answer = office.ask(method, path, token, body)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:slkt:problem:held-elsewhere"), path


def test_logging_out_ends_the_session_at_the_provider_too(office: Office, browser: Browser) -> None:
    browser.logs_in("sari")
    session = session_of(browser)
    mark = re.search(r'name="csrf" value="([^"]+)"', browser.goes("/staff/account").text)
    out = browser.http.post(f"{office.intake.url}/staff/log-out", data={"csrf": mark[1] if mark else ""})
    assert out.status_code == 200 and SESSION not in browser.http.cookies
    assert f"{office.provider.issuer}/session/end?" in out.text
    assert office.ask("GET", "/staff/api/me", session).status_code == 401
    assert browser.goes("/staff/logged-out").status_code == 200


async def test_who_is_in_goes_on_while_the_provider_is_away_and_others_are_told(
    office: Office, browser: Browser
) -> None:
    browser.logs_in("sari")
    with office.browser() as half_way:
        back = half_way.logs_in_there("sari", half_way.goes())
        office.provider.stop()
        with office.browser() as other:
            # Nobody is sent to where nobody answers, also while intake still knows what the provider said of itself.
            await eventually(lambda: other.goes().status_code == 503, "that nobody is there is noticed")
            assert says(other.goes(), 503, "tidak dapat dihubungi")
        office.intake.restart()
        assert says(half_way.http.get(back), 503, "tidak dapat dihubungi")
    assert office.ask("GET", "/questions", office.token(session_of(browser))).status_code == 200
    with office.browser() as other:
        answer = other.goes()
        assert says(answer, 503, "tidak dapat dihubungi") and answer.headers["Retry-After"]
    office.provider.start()
    with office.browser() as other:
        assert other.logs_in("sari").status_code == 303


def test_the_log_holds_nothing_of_a_log_in(office: Office) -> None:
    log = Path(office.intake.log).read_text()
    for word in ("code=", "state=", "Sari", "sari@example.org", SECRET):
        assert word not in log
