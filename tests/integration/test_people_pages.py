"""Are the pages of an issuer as guarded as its doors? Forms from elsewhere, cookies, sessions that end, lists that are
right beyond the first page; on a real intake."""

import copy
import html
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from chassis.people.store import number_of
from chassis.sealing import Vault
from kit.browsing import SESSION, Browsing, code_of, leads, seed_of_text
from kit.people import OWN_PASSWORD, House, Person, ago

pytestmark = pytest.mark.usefixtures("patient")
SWITCH = 'class="language"'
NOT_RIGHT = "tidak cocok, atau akun sedang tidak dapat dipakai"


@pytest.fixture
def browser(house: House) -> Iterator[Browsing]:
    made = Browsing(house.intake.url)
    yield made
    made.http.close()


@pytest.fixture(scope="module")
def inside(house: House) -> Iterator[Browsing]:
    """An administrator who is in."""
    person = house.settled("administrator")
    made = Browsing(house.intake.url)
    made.log_in(person.id, person.password, code_of(person.seed, 1))
    yield made
    made.http.close()


def into(browser: Browsing, person: Person) -> Browsing:
    browser.log_in(person.id, person.password, person.recovery_codes.pop())
    return browser


def test_a_letter_a_password_an_authenticator_and_in(house: House, browser: Browsing) -> None:
    person = house.new("cso")
    assert leads(browser.send("/staff/log-in", username=person.id.upper(), password=person.password)) == (
        "/staff/log-in/first"
    )
    page = browser.look("/staff/log-in/first")
    key = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)
    assert key and "<svg" in page.text and "otpauth" not in page.text
    seed = seed_of_text(key[1])
    for wrong, said in (
        ({"new": OWN_PASSWORD, "again": "lain"}, "Tidak sama"),
        ({"new": "pendek", "again": "pendek"}, "Panjangnya 12 sampai 200"),
        ({"new": person.password, "again": person.password}, "bukan yang dari surat"),
        ({"new": OWN_PASSWORD, "again": OWN_PASSWORD, "code": "12345"}, "Kode tidak cocok"),
    ):
        answer = browser.send("/staff/log-in/first", **({"code": code_of(seed)} | wrong))
        assert answer.status_code == 422 and said in answer.text and key[1] in answer.text
        assert 'aria-invalid="true"' in answer.text and "<title>Kesalahan: " in answer.text
        assert OWN_PASSWORD not in answer.text and person.password not in answer.text
    settled = browser.send("/staff/log-in/first", code=code_of(seed), new=OWN_PASSWORD, again=OWN_PASSWORD)
    assert settled.status_code == 200 and len(re.findall(r"<li>\w{5} \w{5}</li>", settled.text)) == 10
    assert SWITCH not in settled.text, "a look in another language would lose them"
    assert browser.look("/staff").status_code == 200
    # Whoever comes back sees no code again.
    assert leads(browser.send("/staff/log-in/first", code=code_of(seed), new=OWN_PASSWORD, again=OWN_PASSWORD))


def test_what_is_wrong_is_not_told_apart_and_guessing_stops(house: House, browser: Browsing) -> None:
    known, locked = house.settled(), house.settled()
    house.ask("PUT", f"/accounts/{locked.id}/lock", {"reason": "cuti"}).raise_for_status()
    tried = [("nobody.at.all", OWN_PASSWORD), (known.id, "hujan-di-bulan-juli"), (locked.id, locked.password)]
    answers = [browser.send("/staff/log-in", username=name, password=password) for name, password in tried]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.text.replace(name, "NAME") for answer, (name, _) in zip(answers, tried, strict=True)}) == 1
    assert NOT_RIGHT in answers[0].text
    more = [browser.send("/staff/log-in", username=known.id, password="tebakan-yang-salah") for _ in range(10)]
    assert [one.status_code for one in more] == [422] * 9 + [429] and int(more[-1].headers["Retry-After"]) > 0
    assert "Terlalu banyak percobaan" in more[-1].text


def test_a_wrong_code_is_told_and_guessing_codes_stops(house: House, browser: Browsing) -> None:
    person = house.settled()
    browser.send("/staff/log-in", username=person.id, password=person.password)
    browser.look("/staff/log-in/second-factor")
    answers = [browser.send("/staff/log-in/second-factor", code="abcdef") for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert leads(browser.look("/staff/account")).startswith("/staff/log-in"), "the password alone is not in"


def test_the_session_is_in_a_cookie_that_no_script_and_no_other_address_gets(house: House, browser: Browsing) -> None:
    person = house.settled()
    answer = browser.send("/staff/log-in", username=person.id, password=person.password)
    told = answer.headers["set-cookie"].lower()
    assert all(part in told for part in ("; httponly", "; path=/staff", "; samesite=lax"))
    into(browser, person)
    session = browser.session or ""
    assert session.startswith("slkts_")
    for path in ("/staff", "/staff/account", "/staff/account/password"):
        page = browser.look(path)
        assert session not in page.text and session not in str(page.url)
        assert page.headers["cache-control"] == "no-store" and page.headers["referrer-policy"] == "same-origin"
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "forged",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
    ids=["silent", "cross-site", "another origin", "no origin"],
)
def test_a_form_of_another_site_does_nothing(house: House, inside: Browsing, forged: dict[str, str]) -> None:
    person = house.settled()
    assert inside.look(f"/staff/accounts/{person.id}").status_code == 200
    answer = inside.send(f"/staff/accounts/{person.id}/lock", forged=forged, reason="cuti")
    assert answer.status_code == 403 and "tidak berlaku lagi" in answer.text
    assert person.me().status_code == 200
    assert Browsing(inside.url).send("/staff/log-in", forged=forged, username="a", password="b").status_code == 403


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_a_form_without_the_session_s_mark_does_nothing(house: House, inside: Browsing, mark: str) -> None:
    person = house.settled()
    stolen = copy.copy(inside)
    stolen.mark = mark
    assert stolen.send(f"/staff/accounts/{person.id}/lock", reason="cuti").status_code == 403
    assert person.me().status_code == 200
    refused = house.database["audit"].find_one({"act": "POST /staff/accounts/{account}/lock"}, sort=[("_id", -1)])
    assert refused is not None and refused["object"] == {"account": person.id}


def test_who_is_not_an_administrator_is_told_so_in_their_frame(house: House, browser: Browsing) -> None:
    into(browser, house.settled("cso"))
    for path in ("/staff/accounts", "/staff/new-account", "/staff/accounts/cso-1", "/staff/accounts/cso-1/lock"):
        answer = browser.look(path)
        assert answer.status_code == 403 and "Peran Anda tidak mencakup" in answer.text and "Keluar" in answer.text
    assert "/staff/accounts" not in browser.look("/staff").text


def test_a_page_leads_back_after_the_log_in_and_nowhere_else(house: House, browser: Browsing) -> None:
    person = house.settled("administrator")
    assert leads(browser.look("/staff/accounts")) == "/staff/log-in?to=%2Fstaff%2Faccounts"
    for to, there in (("/staff/accounts", "/staff/accounts"), ("https://evil.example/", "/staff"), ("//x", "/staff")):
        browser.send("/staff/log-in", username=person.id, password=person.password, to=to)
        browser.look("/staff/log-in/second-factor")
        sent = {"code": person.recovery_codes.pop(), "to": to}
        assert leads(browser.send("/staff/log-in/second-factor", **sent)) == there
        browser.http.cookies.clear()


def test_log_out_here_and_everywhere(house: House, browser: Browsing) -> None:
    person = house.settled()
    other = into(Browsing(house.intake.url), person)
    into(browser, person)
    kept = browser.session
    assert leads(browser.send("/staff/log-out")) == "/staff/log-in" and browser.session is None
    assert "Anda sudah keluar." in browser.look("/staff/log-in").text
    assert "Anda sudah keluar." not in browser.look("/staff/log-in").text, "said once"
    browser.http.cookies.set(SESSION, kept or "", path="/staff")
    assert leads(browser.look("/staff/account")).startswith("/staff/log-in"), "what was kept is good no more"
    browser.http.cookies.clear()
    assert other.look("/staff/account").status_code == 200
    into(browser, person)
    assert leads(browser.send("/staff/log-out/everywhere")) == "/staff/log-in"
    assert leads(other.look("/staff/account")).startswith("/staff/log-in")


def test_a_session_that_was_idle_is_over(house: House, browser: Browsing) -> None:
    person = house.settled()
    into(browser, person)
    house.database["sessions"].update_many({"account": person.id}, [{"$set": {"seen": ago(31)}}])
    assert leads(browser.look("/staff")) == "/staff/log-in?to=%2Fstaff"


def test_a_new_password_ends_the_other_sessions(house: House, browser: Browsing) -> None:
    person = house.settled()
    other = into(Browsing(house.intake.url), person)
    into(browser, person)
    new = {"new": "bunga-penutup-abad", "again": "bunga-penutup-abad"}
    wrong = browser.send("/staff/account/password", old="bukan-yang-ini", **new)
    assert wrong.status_code == 422 and "Kata sandi sekarang tidak cocok" in wrong.text
    assert leads(browser.send("/staff/account/password", old=person.password, **new)) == "/staff/account"
    assert "Kata sandi sudah diganti" in browser.look("/staff/account").text
    assert leads(other.look("/staff")).startswith("/staff/log-in")


def test_new_recovery_codes_take_the_place_of_the_old(house: House, browser: Browsing) -> None:
    person = house.settled()
    into(browser, person)
    wrong = browser.send("/staff/account/recovery-codes", code=person.recovery_codes[0])
    assert wrong.status_code == 422 and "Kode tidak cocok" in wrong.text, "a recovery code is not enough"
    told = browser.send("/staff/account/recovery-codes", code=code_of(person.seed, 1))
    fresh = re.findall(r"<li>(\w{5}) (\w{5})</li>", told.text)
    assert told.status_code == 200 and len(fresh) == 10 and SWITCH not in told.text
    browser.send("/staff/log-out")
    browser.send("/staff/log-in", username=person.id, password=person.password)
    browser.look("/staff/log-in/second-factor")
    assert browser.send("/staff/log-in/second-factor", code=person.recovery_codes[0]).status_code == 422
    assert leads(browser.send("/staff/log-in/second-factor", code="".join(fresh[0]))) == "/staff"


def test_an_administrator_lets_in_changes_and_puts_out(house: House, inside: Browsing) -> None:
    account = f"sari.{uuid4().hex[:6]}"
    inside.look("/staff/new-account")
    bad = inside.send("/staff/new-account", name="", id="A b", expires="2020-01-01", roles=["king"])
    assert bad.status_code == 422 and bad.text.count('class="wrong"') == 4
    no_line = inside.send("/staff/new-account", name="Sari\x07Dewi", id=account, roles=["cso"])
    assert no_line.status_code == 422 and 'id="name-wrong"' in no_line.text and "karakter kendali" in no_line.text
    for others in ("x-budi", "bank-002-deciding-1"):
        kept = inside.send("/staff/new-account", name="Sari", id=others, roles=["cso"])
        assert kept.status_code == 422 and "disediakan untuk akun PUJK" in kept.text, (
            "nobody looks like a firm's person"
        )
    sent = {"name": "<b>Sari</b>", "id": account, "roles": ["cso", "qa"]}
    letter = inside.send("/staff/new-account", **sent)
    password = re.search(r'class="once secret">([a-z0-9-]+)<', letter.text)
    assert letter.status_code == 200 and password and html.escape("<b>Sari</b>") in letter.text
    assert f"{house.intake.url}/staff/log-in</dd>" in letter.text, "where they log in"
    assert SWITCH not in letter.text, "a look in another language would lose the password"
    again = inside.send("/staff/new-account", **sent)
    assert again.status_code == 422 and "sudah dipakai" in again.text
    person, place = house.person(account, password[1]), f"/staff/accounts/{account}"
    assert person.settle().status_code == 200
    assert password[1] not in inside.look(place).text
    seen = re.findall(r'name="seen" value="(\d+)"', inside.look(place).text)
    assert leads(inside.send(f"{place}/roles", roles=["auditor"], seen=seen[0])) == place
    assert leads(inside.send(f"{place}/roles", roles=["cso"], seen=seen[0])) == place, "of a tab from before"
    shown = inside.look(place).text
    assert "sudah berubah sejak Anda membukanya" in shown and re.search(r'value="auditor" checked', shown)
    assert person.me().status_code == 401, "other roles end what was begun"
    assert inside.send(f"{place}/lock", reason=" ").status_code == 422
    assert leads(inside.send(f"{place}/lock", reason="cuti")) == place
    shown = inside.look(place).text
    assert "Akun sudah dikunci." in shown and "cuti" in shown and "Terkunci" in shown
    assert leads(inside.send(f"{place}/lock", reason="curiga", seen=seen[0])) == place, "of a tab from before"
    shown = inside.look(place).text
    assert "sudah berubah sejak Anda membukanya" in shown and "curiga" not in shown
    for act in ("unlock", "expiry"):
        assert leads(inside.send(f"{place}/{act}", seen=seen[0], expires="")) == place
        assert "sudah berubah" in (shown := inside.look(place).text) and "Terkunci" in shown
    assert leads(inside.send(f"{place}/unlock")) == place
    assert person.begin().status_code == 200
    seen = re.findall(r'name="seen" value="(\d+)"', inside.look(place).text)
    renewed = inside.send(f"{place}/letter", seen=seen[-1])
    assert renewed.status_code == 200 and 'class="once secret"' in renewed.text
    assert person.begin().status_code == 401
    assert leads(inside.send(f"{place}/letter", seen=seen[-1])) == place, "shown again, it is not made again"


def test_nobody_does_these_to_themselves(house: House, inside: Browsing) -> None:
    me = re.search(r"<dd>(budi\.\w+)</dd>", inside.look("/staff/account").text)
    assert me
    page = inside.look(f"/staff/accounts/{me[1]}")
    assert "akun Anda sendiri" in page.text and "/lock" not in page.text
    for act in ("roles", "letter", "lock", "unlock"):
        assert inside.send(f"/staff/accounts/{me[1]}/{act}", roles=["cso"], reason="x").status_code == 403
    assert inside.look("/staff/accounts/nobody.here").status_code == 404
    assert inside.look("/staff/accounts/X%20Y").status_code == 404


def test_the_list_is_right_beyond_the_first_page(house: House, inside: Browsing) -> None:
    one = house.database["accounts"].find_one({"state.id": "cso-1"})
    assert one
    vault, mark = Vault(house.master_key), f"z{uuid4().hex[:6]}"
    names = [f"{mark} {'ABC'[number % 3]}" for number in range(45)]
    for number, name in enumerate(names):
        account = f"{mark}.{number:02d}"
        state = {**one["state"], "id": account, "name": name.swapcase() if number % 2 else name}
        state["locked"] = "cuti" if number == 7 else None
        house.database["accounts"].insert_one({**one, "_id": number_of(account, "intake", vault), "state": state})
    for sort, down in (("name", ""), ("name", "1"), ("id", ""), ("logged_in", "")):
        seen, pages = [], 0
        path = f"/staff/accounts?q={mark}&sort={sort}&down={down}"
        while path:
            page = inside.look(path).text
            pages += 1
            rows = re.findall(r'/staff/accounts/(z\w+\.\d\d)">([^<]+)</a>', page)
            seen += [(name, account) for account, name in rows]
            following = re.search(r'rel="next" href="([^"]+)"', page)
            path = html.unescape(following[1]) if following else ""
        assert pages == 3 and len(seen) == len(set(seen)) == 45
        if sort == "name":
            folded = [name.casefold() for name, _ in seen]
            assert folded == sorted(folded, reverse=bool(down))
        if sort == "id":
            assert [account for _, account in seen] == sorted(account for _, account in seen)
    behind = inside.look(f"/staff/accounts?q={mark}&page=99").text
    assert "41–45 dari 45" in behind and "Halaman 3 dari 3" in behind
    assert "1–1 dari 1" in inside.look(f"/staff/accounts?q={mark}&state=locked").text
    assert "Tidak ada yang cocok" in inside.look(f"/staff/accounts?q={mark}.*&role=cso").text


def test_the_language_is_asked_for_once_and_kept(inside: Browsing) -> None:
    fresh = Browsing(inside.url)
    assert '<html lang="id">' in fresh.look("/staff/log-in").text
    assert '<html lang="en">' in fresh.look("/staff/log-in?lang=en&to=/staff/account").text
    page = fresh.look("/staff/log-in").text
    assert '<html lang="en">' in page and "Log in" in page
