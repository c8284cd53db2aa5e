"""Can everybody use the pages of staff? By keyboard, without a script, on a phone, at night, in either language; what
axe calls serious stands nowhere."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from kit.browser import DESK, PHONE, RECOVERY, Somebody, a_page, is_for_everybody, let_in, log_in
from kit.browsing import code_of, seed_of_text
from kit.people import OWN_PASSWORD
from kit.running import Suite
from playwright.sync_api import Browser, Page, StorageState, expect

NIGHT_ON_A_PHONE = {"viewport": PHONE, "color_scheme": "dark", "locale": "en-GB"}
DAY_AT_A_DESK = {"viewport": DESK, "color_scheme": "light"}
PLACES = {
    "/staff": "Halaman awal",
    "/staff/account": "Akun saya",
    "/staff/account/password": "Ganti kata sandi",
    "/staff/account/recovery-codes": "Kode pemulihan baru",
    "/staff/account/authenticator": "Ganti autentikator",
    "/staff/account/sessions": "Sesi",
    "/staff/accounts": "Akun",
    "/staff/accounts?q=tidak.ada": "Akun",
    "/staff/new-account": "Akun baru",
    "/staff/accounts/{account}": "Wayan Sudana",
    "/staff/accounts/{account}/lock": "Kunci akun",
    "/staff/accounts/{account}/expiry": "Ubah masa berlaku",
    "/staff/accounts/nobody.here": "Tidak ditemukan",
}


@pytest.fixture(scope="module")
def administrator(running: Suite) -> Somebody:
    return let_in(running, "Dewi Lestari", "administrator")


@pytest.fixture(scope="module")
def wayan(running: Suite) -> Somebody:
    return let_in(running, "Wayan Sudana", "cso", "qa")


@pytest.fixture(scope="module")
def inside(running: Suite, browser: Browser, administrator: Somebody) -> Iterator[StorageState]:
    """The cookies of an administrator who is in."""
    with a_page(browser, running) as page:
        log_in(page, administrator)
        yield page.context.storage_state()


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(DAY_AT_A_DESK, id="day at a desk", marks=pytest.mark.long),
        pytest.param(NIGHT_ON_A_PHONE, id="night on a phone"),
    ],
)
def test_every_page_is_for_everybody(
    running: Suite, browser: Browser, inside: StorageState, wayan: Somebody, screen: dict[str, Any]
) -> None:
    found, english = [], screen is NIGHT_ON_A_PHONE
    with a_page(browser, running, storage_state=inside, **screen) as page:
        for place, title in PLACES.items():
            path = place.format(account=wayan.id)
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={'en' if english else 'id'}")
            assert page.get_attribute("html", "lang") == ("en" if english else "id")
            assert english or page.title().startswith(title)
            found += is_for_everybody(page)
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert found == []
    assert (dark == "rgb(18, 23, 30)") is english


def test_the_first_log_in_needs_nothing_but_a_keyboard(running: Suite, browser: Browser) -> None:
    person = let_in(running, "Putu Ayu", "cso", new=True)

    def types(page: Page, *keys: str) -> None:
        for key in keys:
            page.keyboard.press(key) if key in ("Tab", "Enter", "Shift+Tab") else page.keyboard.insert_text(key)

    with a_page(browser, running, viewport=PHONE) as page:
        page.goto("/staff/account")
        assert is_for_everybody(page) == []
        types(page, "Tab")
        expect(page.locator(":focus")).to_have_text("Langsung ke isi halaman")
        types(page, "Enter", "Tab", person.id, "Tab", "salah", "Enter")
        expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
        assert page.title().startswith("Kesalahan: ") and is_for_everybody(page) == []
        types(page, "Tab", "Tab", person.password, "Enter")
        page.wait_for_url(re.compile("/log-in/first"))
        seed = seed_of_text(page.locator("p.secret").text_content() or "")
        assert page.get_by_role("img", name=re.compile("Kode QR")).is_visible() and is_for_everybody(page) == []
        page.locator("#code").focus()
        types(page, "000000", "Tab", OWN_PASSWORD, "Tab", "Tab", OWN_PASSWORD, "Enter")
        expect(page.locator("#code")).to_be_focused()
        assert page.get_attribute("#code", "aria-describedby") == "code-hint code-wrong"
        types(page, code_of(seed), "Tab", OWN_PASSWORD, "Tab", "Tab", OWN_PASSWORD, "Enter")
        expect(page.locator("ul.codes li")).to_have_count(10)
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="Sudah saya simpan").press("Enter")
        # Where they wanted to go.
        expect(page.get_by_role("heading", level=1)).to_have_text("Akun saya")
        page.emulate_media(media="print")
        assert not page.get_by_role("button", name="Keluar").is_visible()


def test_everything_works_without_a_script(running: Suite, browser: Browser, wayan: Somebody) -> None:
    person = let_in(running, "Rina Marlina", "administrator")
    with a_page(browser, running, java_script_enabled=False) as page:
        page.goto("/staff/log-in")
        page.fill("#username", person.id)
        page.fill("#password", "bukan-ini")
        page.get_by_role("button", name="Lanjut").click()
        expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
        log_in(page, person)
        page.get_by_role("navigation").get_by_role("link", name="Akun", exact=True).click()
        page.fill("#q", wayan.id)
        page.get_by_role("button", name="Cari").click()
        page.get_by_role("link", name="Wayan Sudana").click()
        assert page.locator("dialog").first.is_hidden() and page.get_by_role("button", name="Cetak").count() == 0
        page.get_by_role("link", name="Kunci akun").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Kunci akun {wayan.id}?")
        page.get_by_role("link", name="Tidak").click()
        expect(page.locator(".badge-state")).to_have_text("Aktif")
        page.get_by_role("link", name="Kunci akun").click()
        page.fill("#reason", "Cuti panjang")
        page.get_by_role("button", name="Ya, kunci").click()
        expect(page.get_by_role("status")).to_have_text("Akun sudah dikunci.")
        expect(page.locator(".badge-state")).to_have_text("Terkunci")
        page.get_by_role("link", name="Buka kunci akun").click()
        page.get_by_role("button", name="Ya, buka kunci").click()
        expect(page.locator(".badge-state")).to_have_text("Aktif")
        page.get_by_role("button", name="Keluar").click()
        expect(page.get_by_role("status")).to_have_text("Anda sudah keluar.")


def test_a_person_moves_to_another_phone_and_ends_the_session_they_left_open(running: Suite, browser: Browser) -> None:
    person = let_in(running, "Nyoman Rai", "cso")
    with a_page(browser, running) as left, a_page(browser, running, viewport=PHONE) as page:
        log_in(left, person)
        log_in(page, person)
        page.goto("/staff/account/sessions")
        expect(page.get_by_text("sesi ini", exact=True)).to_have_count(1)
        page.get_by_role("link", name="Akhiri sesi").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Akhiri sesi dari Chrome, Linux, 127.0.0.1?")
        assert is_for_everybody(page) == []
        dialog.get_by_role("button", name="Ya, akhiri").click()
        expect(page.get_by_role("status")).to_have_text("Sesi sudah berakhir.")
        left.goto("/staff/account")
        assert "/staff/log-in" in left.url
        page.goto("/staff/account/authenticator")
        page.fill("#password", person.password)
        page.fill("#code", f" {RECOVERY[:5]} {RECOVERY[5:]}")
        page.keyboard.press("Enter")
        seed = seed_of_text(page.locator("p.secret").text_content() or "")
        assert page.get_by_role("img", name=re.compile("Kode QR")).is_visible() and is_for_everybody(page) == []
        page.fill("#code", "000000")
        page.keyboard.press("Enter")
        expect(page.locator("#code")).to_be_focused()
        page.fill("#code", code_of(seed))
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Autentikator sudah diganti.")


def test_with_a_script_an_act_is_asked_about_in_a_dialog(
    running: Suite, browser: Browser, inside: StorageState
) -> None:
    person = let_in(running, "Agus Wijaya", "cso")
    with a_page(browser, running, storage_state=inside) as page:
        page.goto(f"/staff/accounts/{person.id}")
        ask, dialog = page.get_by_role("link", name="Kunci akun"), page.get_by_role("dialog")
        ask.press("Enter")
        expect(dialog).to_contain_text(f"Kunci akun {person.id}?")
        assert is_for_everybody(page) == []
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        ask.click()
        dialog.get_by_role("link", name="Tidak").click()
        expect(dialog).to_be_hidden()
        ask.click()
        dialog.get_by_label("Alasan").fill("Cuti panjang")
        dialog.get_by_role("button", name="Ya, kunci").click()
        expect(page.locator(".badge-state")).to_have_text("Terkunci")


def test_on_a_phone_a_list_is_sorted_and_a_long_name_stays_on_the_screen(
    running: Suite, browser: Browser, inside: StorageState
) -> None:
    person = let_in(running, "W" * 100, "cso")
    with a_page(browser, running, storage_state=inside, viewport=PHONE) as page:
        for path in (f"/staff/accounts/{person.id}", "/staff/accounts?q=WWWW"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        rows = page.locator(".table-box")
        assert rows.evaluate("box => box.scrollWidth <= box.clientWidth"), "nor is anything hidden beside it"
        page.locator("thead").get_by_role("link", name="Nama pengguna").click()
        expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Nama pengguna")
        assert page.locator("td[data-label=Keadaan]").count() > 0
        assert is_for_everybody(page) == []


def test_with_a_script_a_password_can_be_seen_by_who_types_it(running: Suite, browser: Browser) -> None:
    with a_page(browser, running) as page:
        page.goto("/staff/log-in")
        page.fill("#password", "hujan")
        page.get_by_role("button", name="Tampilkan").click()
        assert page.get_attribute("#password", "type") == "text"
        page.get_by_role("button", name="Sembunyikan").click()
        assert page.get_attribute("#password", "type") == "password"
