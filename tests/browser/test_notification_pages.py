"""Do OJK's people see who is told what in which words, and does a CSO see to what did not arrive, page by page?"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from contracts.numbers import shown
from kit.browser import DESK, PHONE, a_page, is_for_everybody, let_in, log_in
from kit.browser import browser as browser
from kit.running import Suite
from playwright.sync_api import Browser, expect
from slkt_local.waiting import wait_until


def unreached(running: Suite) -> str:
    """A matter whose consumer's mailbox is refused."""
    consumer = {"name": "Sari Dewi", "nik": "3171014501900001", "email": f"refuse-{uuid4().hex[:8]}@example.org"}
    number = str(running.bring(private={"consumer": consumer, "story": "Uang saya hilang."})["number"])
    wait_until(lambda: len(failed(running, number)) >= 2, what="two failed", timeout_seconds=30)
    return number


def failed(running: Suite, number: str) -> list[Any]:
    state = running.mongo["notifier"]["notifications"].find_one({"_id": number}) or {"state": {}}
    found: list[Any] = (state["state"].get("failing") or {}).get("failures", [])
    return found


@pytest.mark.long
def test_each_rule_shows_its_words_in_both_languages_on_each_way(running: Suite, browser: Browser) -> None:
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, let_in(running, "Wayan Arta", "administrator"))
        page.get_by_role("navigation").get_by_role("link", name="Pemberitahuan").click()
        assert page.get_by_role("link", name="Belum diberi tahu").count() == 0
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="OJK menerima usulan: setujukah konsumen?").click()
        expect(page.get_by_role("heading", level=2)).to_have_count(8)
        expect(page.get_by_text("Yth. Bapak/Ibu Siti Contoh,").first).to_be_visible()
        expect(page.get_by_text("do you agree to what PT Bank Contoh offers?").first).to_be_visible()
        assert is_for_everybody(page) == []
        page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        assert is_for_everybody(page) == []
        # What did not arrive concerns single consumers: it is not an administrator's.
        assert (answer := page.goto("/desk/notifications/failed")) and answer.status == 403
        assert (answer := page.goto("/desk/notifications/texts/nobody-knows")) and answer.status == 404


def test_a_cso_sees_to_what_did_not_arrive_once(running: Suite, browser: Browser) -> None:
    number = unreached(running)
    with a_page(browser, running, viewport=PHONE) as page, a_page(browser, running, java_script_enabled=False) as other:
        log_in(page, let_in(running, "Made Lestari", "cso"))
        log_in(other, let_in(running, "Komang Jaya", "supervisor"))
        page.goto("/desk/notifications/failed")
        expect(page.get_by_role("link", name=shown(number, "complaint"))).to_be_visible()
        assert is_for_everybody(page) == []
        page.get_by_role("link", name=shown(number, "complaint")).click()
        other.goto(page.url)
        expect(page.get_by_text("alamat ditolak").first).to_be_visible()
        expect(page.get_by_text("“Diteruskan ke ")).to_have_count(1)
        expect(page.get_by_label("Alamat atau nomor yang baru")).to_have_count(0)
        page.get_by_role("button", name="Selesai").click()
        expect(page.get_by_text("Pilih apa yang sudah dilakukan.").first).to_be_visible()
        assert is_for_everybody(page) == []
        page.get_by_label("Konsumen sudah ditelepon").check()
        page.get_by_role("button", name="Selesai").click()
        expect(page.get_by_role("status")).to_have_text("Sudah dicatat.")
        expect(page.get_by_role("link", name=shown(number, "complaint"))).to_have_count(0)
        other.get_by_label("Tidak perlu lagi").check()
        other.get_by_role("button", name="Selesai").click()
        expect(other.get_by_role("alert")).to_contain_text("sudah berubah")
        expect(other.get_by_text("Konsumen sudah ditelepon (2 pesan)")).to_be_visible()
    assert failed(running, number) == []


@pytest.mark.long
def test_each_failure_stands_on_one_page_of_the_list(running: Suite, browser: Browser) -> None:
    """Kept as the service keeps them; what is typed finds one of them."""
    matters = running.mongo["notifier"]["notifications"]
    at = datetime(2026, 3, 16, tzinfo=UTC)
    failure = {"id": "a", "turn": "registered", "reason": "no-contact", "by": "sms", "at": at}
    failure["template"] = "registered-question"
    failing = {"since": at, "reason": "no-contact", "failures": [failure]}
    numbers = {f"99{i:011d}" for i in range(23)}
    matters.insert_many(
        {"_id": one, "version": 1, "unsent": [], "state": {"kind": "question", "failing": failing}} for one in numbers
    )
    try:
        with a_page(browser, running) as page:
            log_in(page, let_in(running, "Made Lestari", "cso"))
            page.goto("/desk/notifications/failed?reason=no-contact&sort=number")
            seen = page.locator("tbody th a").all_inner_texts()
            expect(page.get_by_text("dari 23")).to_be_visible()
            expect(page.get_by_text("Pertanyaan diterima").first).to_be_visible()
            page.get_by_role("link", name="Berikutnya").click()
            seen += page.locator("tbody th a").all_inner_texts()
            assert sorted(seen) == sorted(shown(one, "question") for one in numbers)
            assert is_for_everybody(page) == []
            page.fill("#q", shown(min(numbers), "question"))
            page.get_by_role("button", name="Cari").click()
            expect(page.get_by_role("heading", level=1)).to_have_text(shown(min(numbers), "question"))
    finally:
        matters.delete_many({"_id": {"$in": [*numbers]}})
