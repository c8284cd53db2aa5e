"""Does an auditor find who did what, page by page and at every part, and is told where the chain does not stand?"""

import re

import pytest
from contracts.numbers import shown
from kit.browser import PHONE, a_page, is_for_everybody, let_in, log_in
from kit.command import damaged
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect

LOOKS = 45


def entries(page: Page) -> list[int]:
    """The numbers on this page."""
    told = page.locator("tbody th .fine").all_inner_texts()
    return [int(text.rpartition(" ")[2]) for text in told]


def listed(page: Page, onward: str) -> list[int]:
    """Those of all pages, from this one on."""
    found = entries(page)
    while (following := page.get_by_role("link", name=onward)).count():
        following.click()
        found += entries(page)
    return found


def test_an_auditor_finds_who_did_what_on_every_page_of_every_part(running: Suite, browser: Browser) -> None:
    number, looks = str(running.bring()["number"]), running.staff("supervisor")
    for _ in range(LOOKS):
        running.http.get(f"{running.url('routing')}/parked", headers=looks).raise_for_status()
    auditor = let_in(running, "Wayan Teliti", "auditor")
    with a_page(browser, running) as page:
        log_in(page, auditor)
        page.get_by_role("navigation").get_by_role("link", name="Jejak audit").click()
        expect(page.get_by_text("Tidak ditemukan kejanggalan")).to_be_visible()
        assert is_for_everybody(page) == []
        page.locator("td code").first.evaluate("code => code.textContent = 'GET /' + 'dossiers/'.repeat(30)")
        room = page.locator(".table-box").evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert room[0] <= room[1], "what it was about, and what came of it, are seen without a scroll"
        page.get_by_role("link", name="Penerusan").click()
        page.fill("#actor", "supervisor-1")
        page.get_by_role("button", name="Cari").click()
        assert len(entries(page)) == 20
        down = listed(page, "Lebih lama")
        assert len(down) >= LOOKS and down == sorted(set(down), reverse=True)
        assert listed(page, "Lebih baru")[-20:] == down[:20], "and back, though each look added an entry"
        page.goto("/desk/audit/routing?actor=supervisor-1&sort=oldest")
        assert listed(page, "Lebih baru") == down[::-1]
        known = running.mongo["routing"]["audit"].count_documents(
            {"actor.id": "supervisor-1", "act": {"$exists": True}}
        )
        assert known == len(down)
        page.get_by_label("Pelaku").fill("")
        page.fill("#number", shown(number, "complaint"))
        page.get_by_role("button", name="Cari").click()
        page.get_by_role("link", name="Pelacakan").click()
        assert page.input_value("#number") == shown(number, "complaint"), "the same question at the next part"
        read = running.mongo["tracking"]["audit"]
        own = [one["_id"] for one in read.find({"actor.id": auditor.id, "act": "GET /desk/audit/tracking"})]
        assert read.count_documents({"asked": {"$in": own}, "step": "about", "object.number": number}) == 1, "a trace"
        page.fill("#actor", "Budi Santoso")
        page.fill("#number", "123")
        page.get_by_role("button", name="Cari").click()
        expect(page.get_by_role("alert")).to_contain_text("Ada yang perlu diperbaiki")
        assert is_for_everybody(page) == []


@pytest.mark.long
def test_what_was_changed_with_every_right_on_the_database_is_told(running: Suite, browser: Browser) -> None:
    running.http.get(f"{running.url('routing')}/parked", headers=running.staff("supervisor")).raise_for_status()
    last = running.mongo["routing"]["audit"].find_one({"act": "GET /parked"}, sort=[("_id", -1)])
    assert last is not None
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, let_in(running, "Putu Cermat", "auditor"))
        page.goto("/desk/audit?lang=en")
        assert re.search(r"/desk/audit/intake", page.url)
        with damaged(running, "routing", "audit", {"_id": last["_id"]}) as audit:
            audit.update_one({"_id": last["_id"]}, {"$set": {"actor.id": "somebody-else"}})
            page.goto("/desk/audit/routing?actor=somebody-else")
            expect(page.get_by_role("alert")).to_contain_text(f"entry {last['_id']}: what it says was changed")
            expect(page.get_by_text("not genuine")).to_be_visible()
            assert is_for_everybody(page) == []
            unreadable = {"actor": "boss", "at": "never", "object": ["x"]}
            audit.update_one({"_id": last["_id"]}, {"$set": unreadable, "$unset": {"from": 1, "behalf": 1}})
            page.goto("/desk/audit/routing")
            expect(page.get_by_role("alert")).to_contain_text(f"entry {last['_id']}: what it says was changed")
            expect(page.get_by_text("not genuine")).to_be_visible()
            assert len(entries(page)) > 1, "the others are told as ever"
        page.goto("/desk/audit/routing")
        expect(page.get_by_text("Nothing amiss was found")).to_be_visible()
