"""Does a decider see the consumer's demands and the firm's answers side by side, and judge with one click?"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contracts.numbers import shown
from contracts.pujk import AskExtension, Propose, TakeOver
from kit.browser import DESK, PHONE, a_page, is_for_everybody, let_in, log_in
from kit.running import Suite, eventually
from kit.tokens import deciding
from playwright.sync_api import Browser, expect

FIRM = "BANK-002"


def proposed(running: Suite, text: str) -> str:
    """The number of a complaint for which the firm proposes to pay. A browser's thread runs no other event loop."""

    async def act() -> str:
        number = str(running.bring()["number"])
        async with running.firm(FIRM) as firm:
            await eventually(lambda: "routing.ticket-routed" in running.facts(number), "it is routed")
            taken = await firm.act(TakeOver, number, round=1, officer="ani")
            about: dict[str, Any] = {
                "round": 1,
                "officer": deciding(FIRM),
                "basis": taken["basis"],
                "kind": "monetary-relief",
            }
            promised = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
            answers = [{"demand": 1, "answer": "partly", "amount": 500_000, "promised_by": promised}]
            done = await firm.act(Propose, number, **about, amount=500_000, answers=answers, text=text)
            assert done["state"] == "proposed", done
        return number

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, act()).result()


def test_a_proposal_is_returned_and_another_accepted(running: Suite, browser: Browser) -> None:
    number, other = proposed(running, "Kami ganti sebagian."), proposed(running, "Kami ganti sebagian lagi.")
    person = let_in(running, "Putu Wulandari", "decider")
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, person)
        page.get_by_role("navigation").get_by_role("link", name="Usulan").click()
        assert is_for_everybody(page) == []
        page.fill("#number", shown(number, "complaint"))
        page.get_by_role("button", name="Buka").click()
        expect(page.get_by_text("Kami ganti sebagian.")).to_be_visible()
        expect(page.get_by_role("row").filter(has_text="Rp750.000")).to_contain_text("Dikabulkan sebagian")
        page.get_by_role("link", name="Buka data").click()
        expect(page.get_by_role("dialog").get_by_label("Alasan")).to_be_visible()
        assert is_for_everybody(page) == []
        page.get_by_role("dialog").get_by_role("link", name="Batal").click()
        assert is_for_everybody(page) == []
        page.get_by_role("button", name="Kembalikan ke PUJK").click()
        page.fill("#reason", "Mohon jelaskan <b>mengapa</b> tidak seluruhnya.")
        page.get_by_role("button", name="Kembalikan ke PUJK").click()
        expect(page.get_by_role("status")).to_have_text("Usulan dikembalikan kepada PUJK.")
        page.goto(f"/desk/cases/{number}")
        expect(page.get_by_text("Mohon jelaskan <b>mengapa</b> tidak seluruhnya.")).to_be_visible()
        page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        page.goto(f"/desk/cases/{other}")
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="Terima usulan").click()
        page.get_by_role("button", name="Ya, terima").click()
        expect(page.get_by_role("status")).to_contain_text("Usulan diterima")
        page.goto(f"/desk/cases/{other}")
        expect(page.get_by_text("Menunggu jawaban konsumen", exact=True).first).to_be_visible()
        assert page.get_by_role("link", name="Terima usulan").count() == 0


def wanting_time(running: Suite, reason: str) -> str:
    """The number of a complaint for which the firm asks for more time."""

    async def act() -> str:
        number = str(running.bring()["number"])
        async with running.firm(FIRM) as firm:
            await eventually(lambda: "routing.ticket-routed" in running.facts(number), "it is routed")
            taken = await firm.act(TakeOver, number, round=1, officer="ani")
            done = await firm.act(AskExtension, number, round=1, officer="ani", basis=taken["basis"], text=reason)
            assert done["state"] == "in-handling", done
        return number

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, act()).result()


def test_more_time_is_granted_and_the_new_day_explains_itself(running: Suite, browser: Browser) -> None:
    number = wanting_time(running, "Arsip lama kami ada di gudang luar kota.")
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, let_in(running, "Luh Sekar", "supervisor"))
        page.goto("/desk/cases?queue=extensions")
        page.get_by_role("link", name=shown(number, "complaint")).click()
        expect(page.get_by_text("Arsip lama kami ada di gudang luar kota.").first).to_be_visible()
        assert is_for_everybody(page) == []
        before = page.locator(".days li").count()
        page.get_by_role("button", name="Beri tambahan 10 hari kerja").click()
        expect(page.get_by_role("status")).to_contain_text("Perpanjangan diberikan")
        for _ in range(40):
            page.reload()
            if page.locator(".days li").count() > before:
                break
        page.get_by_text("Hitungan hari demi hari").click()
        expect(page.get_by_text("hari kerja ke-20")).to_be_visible()
        assert is_for_everybody(page) == []


@pytest.mark.long
def test_without_a_script_a_supervisor_looks_on_and_a_late_judgement_is_told_so(
    running: Suite, browser: Browser
) -> None:
    number = proposed(running, "Kami beri penjelasan.")
    first, second = (let_in(running, name, "decider") for name in ("Gede Arta", "Kadek Ayu"))
    with (
        a_page(browser, running, java_script_enabled=False) as page,
        a_page(browser, running, java_script_enabled=False) as late,
    ):
        log_in(page, first)
        log_in(late, second)
        late.goto(f"/desk/cases/{number}")
        page.goto(f"/desk/cases/{number}")
        page.get_by_role("link", name="Terima usulan").click()
        expect(page.get_by_text("Kami beri penjelasan.")).to_be_visible()
        expect(page.get_by_role("row").filter(has_text="Rp750.000")).to_contain_text("Rp500.000")
        page.get_by_role("button", name="Ya, terima").click()
        expect(page.get_by_role("status")).to_contain_text("Usulan diterima")
        late.fill("#reason", "Belum cukup.")
        late.get_by_role("button", name="Kembalikan ke PUJK").click()
        expect(late.get_by_role("alert")).to_contain_text("sudah berubah")
        expect(late.get_by_role("region", name="Yang terjadi sejak itu")).to_contain_text("Usulan diterima OJK")
        expect(late.locator("#reason")).to_have_value("Belum cukup.")
    with a_page(browser, running) as page:
        log_in(page, let_in(running, "Nyoman Sukma", "supervisor"))
        page.goto(f"/desk/cases/{number}")
        expect(page.get_by_role("heading", level=1)).to_have_text(shown(number, "complaint"))
        assert page.get_by_role("link", name="Terima usulan").count() == 0
