"""Does a supervisor find the firm for what was parked, move what is with the wrong one, and see what is late?"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from contracts.numbers import digits_of, shown
from kit.browser import DESK, PHONE, a_page, is_for_everybody, let_in, log_in
from kit.running import Suite, eventually
from playwright.sync_api import Browser, Page, expect

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


def waits(check: Callable[[], Awaitable[Any]] | Callable[[], Any], what: str) -> None:
    """A browser's thread runs no other event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, eventually(check, what)).result()


def parked(running: Suite, name: str = "Bank Entah") -> str:
    number = str(running.bring(pujk={"name": name})["number"])
    waits(lambda: "routing.ticket-parked" in running.facts(number), f"{number} is parked")
    return number


def listed(page: Page) -> list[str]:
    """The numbers of all pages, from this one on."""
    found = []
    while True:
        found += [str(digits_of(text)) for text in page.locator("tbody th a").all_inner_texts()]
        following = page.get_by_role("link", name="Berikutnya")
        if following.count() == 0:
            return found
        following.click()


def test_many_of_one_name_are_routed_by_two_people(running: Suite, browser: Browser) -> None:
    numbers = [parked(running, name) for name in ("Bank Kembar", "bank kembar", "BANK KEMBAR")]
    first, second = (let_in(running, name, "supervisor") for name in ("Nyoman Sukma", "Putu Ayu"))
    with a_page(browser, running) as page, a_page(browser, running, viewport=PHONE) as other:
        log_in(page, first)
        page.goto(f"/desk/triage/{numbers[0]}/route/BANK-008")
        page.get_by_role("link", name="Usulkan semuanya ke Bank Mandiri").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Usulkan 3 layanan ke Bank Mandiri (Persero)?")
        assert is_for_everybody(page) == []
        page.get_by_role("button", name="Ya, usulkan").click()
        expect(page.get_by_text("Anda yang mengusulkan")).to_be_visible()
        assert page.get_by_role("button", name="Setujui").count() == 0
        assert is_for_everybody(page) == []
        # Somebody routes one of them meanwhile, to another firm.
        page.goto(f"/desk/triage/{numbers[2]}/route/BANK-002")
        page.get_by_role("button", name="Ya, teruskan").click()
        log_in(other, second)
        other.goto("/desk/triage/bulk")
        assert is_for_everybody(other) == []
        other.get_by_role("link", name="3 layanan ke Bank Mandiri").click()
        other.get_by_role("button", name="Setujui").click()
        waits(lambda: all("routing.ticket-routed" in running.facts(one) for one in numbers), "all are with a firm")
        done = {"state": "done", "named": "Bank Kembar"}
        waits(lambda: running.mongo["routing"]["bulks"].find_one(done), "it is done")
        other.reload()
        expect(other.get_by_text("2 dari 3")).to_be_visible()
        expect(other.get_by_role("link", name=shown(numbers[2], "complaint"))).to_have_count(1)
        assert is_for_everybody(other) == []
    facts = running.mongo["routing"]["facts"].find({"subject": numbers[0], "type": "slkt.routing.ticket-routed.v1"})
    [said] = [json.loads(one["body"])["data"] for one in facts]
    assert (said["pujk"], said["by"]) == ("BANK-008", [first.id, second.id])


def test_what_was_parked_finds_its_firm_and_another_one(running: Suite, browser: Browser) -> None:
    number = parked(running, "Mandiri")
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, let_in(running, "Nyoman Sukma", "supervisor"))
        page.get_by_role("navigation").get_by_role("link", name="Triase").click()
        assert is_for_everybody(page) == []
        page.fill("#q", shown(number, "complaint"))
        page.get_by_role("button", name="Cari").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(shown(number, "complaint"))
        expect(page.get_by_text("memuat semua kata")).to_be_visible()
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="Teruskan ke Bank Mandiri").click()
        expect(page.get_by_role("link", name="Tidak")).to_be_visible()
        page.get_by_role("button", name="Ya, teruskan").click()
        expect(page.get_by_role("status")).to_have_text("Layanan diteruskan.")
        expect(page.get_by_text("Bank Mandiri (Persero) (BANK-008), putaran 1")).to_be_visible()
        page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        page.fill("#q", "rakyat")
        page.get_by_role("button", name="Cari").click()
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="Teruskan ke Bank Rakyat").click()
        expect(page.get_by_text("Bank Mandiri (Persero) tidak lagi menangani")).to_be_visible()
        page.get_by_role("button", name="Ya, teruskan").click()
        expect(page.get_by_text("Bank Rakyat Indonesia (Persero) (BANK-002), putaran 2")).to_be_visible()
    waits(lambda: running.facts(number).count("routing.ticket-rerouted") == 1, "another firm must answer")


def test_whoever_looked_before_it_moved_is_told_so_and_moves_nothing(running: Suite, browser: Browser) -> None:
    number = parked(running)
    with a_page(browser, running, java_script_enabled=False) as page:
        log_in(page, let_in(running, "Ketut Sari", "supervisor"))
        page.goto(f"/desk/triage/{number}?q=BANK-008")
        page.get_by_role("link", name="Teruskan ke Bank Mandiri").click()
        headers = running.staff("supervisor")
        url = f"{running.url('routing')}/tickets/{number}/route"
        running.http.post(url, json={"pujk": "BANK-002"}, headers=headers).raise_for_status()
        page.get_by_role("button", name="Ya, teruskan").click()
        expect(page.get_by_role("alert")).to_contain_text("sudah berubah")
        expect(page.get_by_text("(BANK-002), putaran 1")).to_be_visible()
    assert "routing.ticket-rerouted" not in running.facts(number)


def test_delays_are_listed_and_each_ticket_stands_on_one_page(running: Suite, browser: Browser) -> None:
    numbers = {str(running.bring(pujk={"name": "Bank Entah"})["number"]) for _ in range(22)}
    late = parked(running)
    waits(lambda: all("routing.ticket-parked" in running.facts(one) for one in numbers), "all are parked")
    timers = {"state.escalate_at": LONG_AGO, "state.wake_at": LONG_AGO}
    running.mongo["routing"]["assignments"].update_one({"_id": late}, {"$set": timers, "$inc": {"version": 1}})
    waits(lambda: running.facts(late).count("routing.ticket-escalated") == 1, "the supervisor is told")
    with a_page(browser, running) as page:
        log_in(page, let_in(running, "Made Rai", "supervisor"))
        page.goto("/desk/triage?escalated=supervisor")
        assert late in listed(page)
        page.goto("/desk/triage?sort=number&q=entah")
        found = listed(page)
        assert found == sorted(found)
        assert len(found) == len(set(found)) and {late, *numbers} <= set(found)
        page.goto("/desk/triage?sort=number&down=1&q=entah")
        assert listed(page) == found[::-1]
        assert is_for_everybody(page) == []
