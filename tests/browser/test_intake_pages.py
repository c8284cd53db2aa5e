"""Does a consumer come to a new PIN on a phone, with and without a script? Does an officer see what came twice, link
the two and take it back?"""

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from chassis.permits import Permit, Permits
from kit.browser import PHONE, WITHOUT_IN_SOAK, a_page, is_for_everybody, let_in, log_in
from kit.browser import browser as browser
from kit.running import Suite, eventually
from kit.twice import RETOLD, STORY, brings, compared
from playwright.sync_api import Browser, Page, ViewportSize, expect


def waits(check: Callable[[], Any], what: str) -> Any:
    """A browser's thread runs no other event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, eventually(check, what)).result()


def seen(page: Page, tmp_path: Path, name: str) -> None:
    """For everybody; and kept as a picture, where somebody wants to look."""
    page.screenshot(path=str(tmp_path / f"{name}.png"), full_page=True)
    assert is_for_everybody(page) == []


@WITHOUT_IN_SOAK
def test_a_consumer_comes_to_a_new_pin(running: Suite, browser: Browser, tmp_path: Path, script: bool) -> None:
    contact = f"sari-{uuid4().hex[:8]}@example.org"
    receipt = running.bring(private={"consumer": {"name": "Sari Dewi", "nik": "3171014501900001", "email": contact}})
    number = receipt["number"]
    with a_page(browser, running, viewport=PHONE, java_script_enabled=script) as page:

        def looks(name: str) -> None:
            # axe is a script itself.
            if script:
                seen(page, tmp_path, name)

        page.goto("/")
        page.get_by_role("link", name="Lupa atau kehilangan PIN?").click()
        page.fill("#number", "12345")
        page.fill("#contact", contact)
        page.get_by_role("button", name="Kirim tautan").click()
        expect(page.locator("#number-wrong")).to_contain_text("13 angka")
        assert page.locator("#contact").input_value() == contact
        looks("wrong")
        page.fill("#number", receipt["shown"])
        page.get_by_role("button", name="Kirim tautan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Periksa surel atau telepon Anda")

        wanted = {"subject": number, "type": "slkt.intake.pin-link-asked.v1"}
        fact = waits(lambda: running.mongo["intake"]["facts"].find_one(wanted), "a link was asked for")
        asked = json.loads(fact["body"])["data"]
        until = datetime.fromisoformat(asked["until"])
        permits = Permits(b64decode(running.stack.secrets.link_key), "link of a mail")
        page.goto(f"/pin/link/{permits.made(Permit(number, 'pin', until, (asked['round'],)))}")
        looks("renews")
        page.get_by_role("button", name="Ya, buat PIN baru").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("PIN baru Anda")
        assert page.locator(".pin").inner_text().replace(" ", "") != receipt["pin"]
        looks("new")
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tautan ini sudah dipakai")
        looks("over")


def test_an_officer_links_what_came_twice_and_takes_it_back(running: Suite, browser: Browser, tmp_path: Path) -> None:
    person = uuid4().int % 9_000
    first, again = brings(running, person, STORY), brings(running, person, RETOLD, "phone", form="oral")
    waits(lambda: compared(running, again).get("suggested"), "the pair is suggested")
    officer = let_in(running, "Dewi Lestari", "cso")
    with a_page(browser, running) as page:
        log_in(page, officer)
        # Others wait, too, and longer: the newest stand in front when the column is turned round.
        newest = "/desk/cso/duplicates?down=1"
        page.goto(newest)
        row = page.get_by_role("row").filter(has=page.locator(f"a[href$='/{again}/{first}']"))
        expect(row).to_contain_text("Hal yang sama")
        seen(page, tmp_path, "list")
        row.get_by_role("link").first.click()
        expect(page.get_by_text("Keduanya tampak dari orang yang sama.")).to_be_visible()
        assert "Sari" not in page.content() and f"{person:04d}5" not in page.content()
        seen(page, tmp_path, "pair")
        page.get_by_role("link", name="Hubungkan").click()

        page.get_by_role("link", name="Tidak").click()
        page.get_by_role("link", name="Hubungkan").click()
        page.get_by_role("button", name="Ya, hubungkan").click()
        expect(page.get_by_text("Kedua layanan terhubung.")).to_be_visible()
        page.get_by_role("link", name="Batalkan hubungan").click()
        page.get_by_role("button", name="Ya, batalkan").click()
        page.get_by_role("link", name="Bukan duplikat").click()
        page.get_by_role("button", name="Ya, bukan duplikat").click()
        page.set_viewport_size(ViewportSize(width=PHONE["width"], height=PHONE["height"]))
        seen(page, tmp_path, "decided")
        page.get_by_role("link", name="Mungkin sama").click()
        page.goto(newest)
        assert page.locator(f"a[href$='/{again}/{first}']").count() == 0
        page.fill("#number", first)
        page.fill("#other", again)
        page.get_by_role("button", name="Bandingkan").click()
        page.get_by_role("link", name="Batalkan keputusan").click()
        page.get_by_role("button", name="Ya, batalkan").click()
        expect(page.get_by_role("link", name="Bukan duplikat")).to_be_visible()
    said = running.facts(again)
    assert [one for one in said if "linked" in one] == ["intake.services-linked", "intake.services-unlinked"]
