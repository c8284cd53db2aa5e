"""Does a CSO take a call and answer a question by keyboard alone, and does a supervisor see what waits?"""

import json
from typing import Any
from uuid import uuid4

from contracts.numbers import digits_of, shown
from kit.browser import PHONE, WITHOUT_IN_SOAK, a_page, is_for_everybody, let_in, log_in
from kit.running import Suite
from kit.waiting import waits
from playwright.sync_api import Browser, Page, expect


def typed(page: Page, *keys: str) -> None:
    """As hands do it: what is one key is pressed, everything else is typed where the cursor is."""
    for one in keys:
        if one.startswith("Alt+") or one in ("Tab", "Enter", "Space", "ArrowDown"):
            page.keyboard.press(one)
        else:
            page.keyboard.type(one)


def registered(running: Suite, number: str) -> dict[str, Any]:
    fact = running.mongo["intake"]["facts"].find_one({"subject": number, "type": "slkt.intake.service-registered.v1"})
    assert fact is not None
    said: dict[str, Any] = json.loads(fact["body"])["data"]
    return said


def a_question(running: Suite, **but: Any) -> str:
    private = {"consumer": {"name": "Wayan Putra", "phone": "+6281234567890"}, "story": "Apakah pinjaman ini berizin?"}
    data = {"kind": "question", "tell_by": "phone", "pujk": {"name": "Pinjam Cepat"}, "private": private} | but
    answer = running.submit(data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def test_a_call_is_taken_by_keyboard_alone(running: Suite, browser: Browser) -> None:
    phone, cso = f"+62813{uuid4().int % 10**8:08d}", let_in(running, "Rina Wati", "cso")
    with a_page(browser, running) as page:
        log_in(page, cso)
        page.goto("/desk/cso")
        expect(page.locator("#who")).to_be_focused()
        typed(page, phone, "Enter")
        expect(page.get_by_role("status")).to_contain_text("Belum ada layanan sebelumnya")
        expect(page.locator("#kind-complaint")).to_be_focused()
        assert "/desk/cso/callers" in page.url and phone.strip("+") not in page.url
        expect(page.locator("#phone")).to_have_value(phone)
        # What is missing is told beside each field, and nothing that was typed is lost.
        typed(
            page,
            "Space",
            "Alt+n",
            "Budi Santoso",
            "Alt+p",
            "BANK BRI",
            "Tab",
            "Tab",
            "Tab",
            "Saldo saya hilang.",
            "Alt+s",
        )
        expect(page.locator("#nik-wrong")).to_be_visible()
        expect(page.locator("#product-wrong")).to_be_visible()
        expect(page.locator("#name")).to_have_value("Budi Santoso")
        expect(page.locator("#nik")).to_be_focused()
        assert is_for_everybody(page) == []
        typed(page, "3171 0145 0190 0001", "Alt+p", "Tab", "Tabungan", "Tab")
        page.keyboard.type("Transaksi")
        # What every complaint needs stands below its story, a key from there.
        page.locator("#story").focus()
        typed(page, "Tab", "Space", "Alt+s")
        expect(page.get_by_role("heading", level=1)).to_have_text("Layanan terdaftar")
        number = str(digits_of(page.locator(".secret").first.inner_text()))
        pin = page.locator(".secret").nth(1).inner_text().replace(" ", "")
        assert is_for_everybody(page) == []
        tracked = waits(lambda: running.track({"number": number, "pin": pin}), "number and PIN open the page")
        said = registered(running, number)
        assert (said["kind"], said["form"], said["channel"], said["tell_by"]) == ("complaint", "oral", "phone", "phone")
        # The same person calls again.
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        typed(page, "Alt+b")
        expect(page.locator("#who")).to_be_focused()
        typed(page, phone.replace("+62", "0"), "Enter")
        expect(page.get_by_role("link", name=shown(number, "complaint"))).to_be_visible()
        expect(page.get_by_text("B*** S***")).to_be_visible()
        assert is_for_everybody(page) == []
        page.goto("/desk/cso")
        typed(page, number, "Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(shown(number, "complaint"))
        expect(page.locator(".aloud")).to_contain_text(running.track(tracked | {"pin": pin})["stage"]["now"]["id"])
        assert "Budi Santoso" not in page.content() and "3171014501900001" not in page.content()
        assert is_for_everybody(page) == []
    audit = [str(one) for one in running.mongo["intake"]["audit"].find()]
    assert any(number in one and "'kind': 'phone'" in one for one in audit)
    assert not any(phone[-8:] in one for one in audit)


def test_work_is_judged_by_keyboard(running: Suite, browser: Browser) -> None:
    number = a_question(running)
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, everybody := let_in(running, "Made Rai", "qa", "cso", "supervisor"))
        page.goto(f"/desk/cso/questions/{number}")
        typed(page, "Ya, berizin.", "Alt+s")
        expect(page.get_by_role("status").first).to_contain_text("Terjawab: 1")
        page.goto("/desk/cso/work")
        expect(page.get_by_role("row", name=everybody.id)).to_be_visible()
        assert is_for_everybody(page) == []
        page.goto("/desk/cso/quality")
        page.fill("#cso", everybody.id)
        typed(page, "Alt+s")
        page.get_by_role("link", name=shown(number, None).removeprefix("L ")).click()
        expect(page.locator("#points-greeting-2")).to_be_focused()
        assert is_for_everybody(page) == []
        for _ in range(6):
            typed(page, "Space", "Tab")
        typed(page, "Cepat dan jelas.", "Alt+s")
        expect(page.get_by_role("status")).to_have_text("Nilai tersimpan.")
        page.goto("/desk/cso/scores")
        expect(page.get_by_text("Cepat dan jelas.")).to_be_visible()
        assert is_for_everybody(page) == []


@WITHOUT_IN_SOAK
def test_questions_are_answered_alone_and_together(running: Suite, browser: Browser, script: bool) -> None:
    name = f"Pinjam {uuid4().hex[:8]}"
    numbers = [a_question(running, pujk={"name": name}) for _ in range(3)]
    with a_page(browser, running, java_script_enabled=script) as page:
        log_in(page, let_in(running, "Rina Wati", "cso"))
        page.goto(f"/desk/cso/questions?q={numbers[0]}")
        expect(page.get_by_text("Apakah pinjaman ini berizin?")).to_be_visible()
        page.select_option("#canned", "licence")
        page.get_by_role("button", name="Pakai jawaban ini").click()
        assert "Halo Wayan Putra" in page.locator("#text").input_value()
        assert not script or is_for_everybody(page) == []
        page.get_by_role("button", name="Kirim jawaban").click()
        expect(page.get_by_role("status").first).to_contain_text("Terjawab: 1")
        page.goto(f"/desk/cso/questions?q={name}")
        expect(page.locator("tbody tr")).to_have_count(2)
        for one in page.locator("input[name=chosen]").all():
            one.check()
        assert not script or is_for_everybody(page) == []
        page.get_by_role("button", name="Jawab yang dipilih").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Satu jawaban untuk 2 pertanyaan")
        page.get_by_role("button", name="Kirim kepada semuanya").click()
        expect(page.locator("#text-wrong")).to_be_visible()
        page.fill("#text", "Halo {name}, {pujk} belum berizin.")
        page.get_by_role("button", name="Kirim kepada semuanya").click()
        expect(page.get_by_role("status").first).to_contain_text("Terjawab: 2")
    for number in numbers:
        waits(lambda one=number: "intake.service-answered" in running.facts(one), f"{number} is answered")
