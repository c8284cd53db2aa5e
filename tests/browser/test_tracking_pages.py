"""Do consumers find their way on a phone? They see what each demand gets, until when to answer and why, and answer with
and without a script; every state says whose turn it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chassis.permits import Permit
from contracts.cases import Obligation
from kit.browser import PHONE, WITH_AND_WITHOUT, a_page, is_for_everybody
from kit.browser import browser as browser
from kit.facts import AMatter
from kit.keydesk import key_desk
from kit.office import DAY, NOW, PRIVATE, UNTIL, Office
from kit.servers import Suite
from kit.tracked import tracking_alone
from playwright.sync_api import Browser, expect
from slkt_local.secrets import make_secrets

from contracts import settling

WHY = "Biaya perjalanan saya tiga kali, bukan sekali."


@pytest.fixture(scope="module")
def office(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    secrets = make_secrets(tmp_path_factory.mktemp("secrets"))
    with key_desk() as desk, tracking_alone(suite, secrets, desk, tmp_path_factory.mktemp("logs")) as service:
        yield Office(suite, secrets, desk, service.url)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


def stands(story: AMatter, state: str, **but: Any) -> None:
    """The gateway says how it goes on."""
    answer: Any = "objects" if state == "objected" else "agrees"
    standing = story.stands(state, **{"proposal": 1} | but)
    story.says(settling.ConsumerAnswered(round=1, proposal=1, answer=answer, standing=standing))


def owes(story: AMatter, state: Any) -> dict[str, Any]:
    promised = Obligation(demand=1, amount=1_500_000, promised_by=(NOW + 9 * DAY).date(), state=state)
    return {"obligations": (promised,), "consumer_until": UNTIL if state == "paid" else None}


@WITH_AND_WITHOUT
def test_who_is_asked_sees_what_each_demand_gets_and_answers(
    office: Office, browser: Browser, pictures: Path, script: bool
) -> None:
    story, found = office.accepted(), list[str]()
    office.hear(story)
    with a_page(browser, office.known, viewport=PHONE, java_script_enabled=script) as page:  # type: ignore[arg-type]

        def look(name: str) -> None:
            page.screenshot(path=pictures / f"{name}-{script}.png", full_page=True)
            found.extend(is_for_everybody(page) if script else [])

        page.goto(f"/track/link/{office.links.made(Permit(story.number, 'proposal', UNTIL, (1, 1)))}")
        expect(page.get_by_role("heading", name="Apakah Anda setuju")).to_be_visible()
        expect(page.get_by_text("Kembalikan Rp1.500.000")).to_have_count(0)
        look("link")
        page.locator("a.language").click()
        expect(page.get_by_role("heading", name="Do you agree to this resolution?")).to_be_visible()
        page.locator("a.language").click()
        office.opens(page, story)
        expect(page.get_by_role("heading", level=1)).to_have_text("Giliran Anda menanggapi")
        expect(page.get_by_text("Kembalikan Rp1.500.000 ke rekening saya.")).to_be_visible()
        expect(page.get_by_text("Biaya perjalanan tidak ditanggung (Pasal 7 perjanjian).")).to_be_visible()
        expect(page.get_by_text("10 hari kerja sejak OJK menerima usulan")).to_be_visible()
        look("accepted")
        page.get_by_text("Saya setuju", exact=True).click()
        expect(page.get_by_role("button", name="Ya, saya setuju")).to_be_visible()
        page.get_by_text("Saya keberatan", exact=True).click()
        page.get_by_role("textbox", name="Mengapa Anda keberatan?").fill(WHY)
        page.get_by_label("Saya meminta OJK mempertemukan").check()
        look("asked")
        page.get_by_role("button", name="Kirim keberatan").click()
        expect(page.get_by_role("status")).to_contain_text("Keberatan Anda sudah kami terima.")
        expect(page.get_by_role("heading", level=1)).to_have_text("Jawaban Anda sudah kami terima")
        expect(page.get_by_role("button", name="Ya, saya setuju")).to_have_count(0)
        look("done")
    assert found == []


def test_every_state_says_whose_turn_it_is_and_what_one_can_do(
    office: Office, browser: Browser, pictures: Path
) -> None:
    owed, paid, objected, facilitated, laps, silent = (office.accepted() for _ in range(6))
    stands(owed, "owed", **owes(owed, "promised"))
    stands(paid, "owed", **owes(paid, "promised"))
    note = paid.seal({"text": "Ditransfer ke rekening Anda hari ini, pukul 10.15."})
    standing = paid.stands("owed", proposal=1, **owes(paid, "paid"))
    paid.says(settling.ReliefPaid(round=1, demand=1, by="budi", sealed=note, standing=standing))
    stands(objected, "objected")
    stands(facilitated, "objected")
    opened = facilitated.stands("facilitation", proposal=1)
    facilitated.says(settling.FacilitationOpened(round=1, by="decider-1", checks=(), rule_version="1", standing=opened))
    for kind, side, at, text in (
        ("position", "pujk", None, "Kami bersedia mengganti satu kali perjalanan, Rp50.000."),
        ("session-planned", "ojk", NOW + DAY, "Di kantor OJK."),
        ("session-cancelled", "ojk", NOW + DAY, "PUJK berhalangan."),
        ("session-planned", "ojk", NOW + 3 * DAY, "Lewat Zoom. Tautan dikirim sehari sebelumnya."),
    ):
        sealed = facilitated.seal({"text": text})
        step: dict[str, Any] = {"round": 1, "kind": kind, "side": side, "held_at": at, "by": "x", "sealed": sealed}
        facilitated.says(settling.FacilitationStep(**step))
    stands(laps, "objected")
    at_laps = laps.stands("at-laps", proposal=1, laps_until=UNTIL)
    about: dict[str, Any] = {"bundle": "0" * 64, "verified_by": UNTIL, "working_days": 20, "rule_version": "1"}
    laps.says(settling.SentToLaps(round=1, by="decider-1", because="over-limit", standing=at_laps, **about))
    lapsed = silent.stands("accepted", proposal=1, consumer_until=UNTIL)
    silent.says(settling.ConsumerTimeLapsed(round=1, proposal=1, until=UNTIL, standing=lapsed))
    silent.closed("silent")
    parked = AMatter()
    office.desk.keys[parked.number] = parked.secret
    parked.registered(private=PRIVATE), parked.parked()
    office.hear(owed, paid, objected, facilitated, laps, silent, parked)
    found = list[str]()
    with a_page(browser, office.known, viewport=PHONE) as page:  # type: ignore[arg-type]
        for name, story, title, words in (
            ("owed", owed, "Menunggu janji dipenuhi", "Permintaan 1: sudah Anda terima?"),
            ("paid", paid, "Sudah Anda terima?", "Ditransfer ke rekening Anda hari ini"),
            ("objected", objected, "Keberatan diperiksa OJK", "OJK menentukan langkah berikutnya"),
            ("facilitation", facilitated, "Fasilitasi OJK", "Kami bersedia mengganti satu kali perjalanan"),
            ("laps", laps, "Di LAPS SJK", "lembaga yang menyelesaikan sengketa di luar pengadilan"),
            ("silent", silent, "Ditutup tanpa tanggapan Anda", "Anda tidak menanggapi sampai batas waktu"),
        ):
            office.opens(page, story)
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            expect(page.get_by_text(words).first).to_be_visible()
            if name == "facilitation":
                expect(page.get_by_text("Sesi fasilitasi berikutnya")).to_be_visible()
            page.screenshot(path=pictures / f"{name}.png", full_page=True)
            found += is_for_everybody(page)
        # The step that it stands at is read whole, also on a small phone.
        page.set_viewport_size({"width": 360, "height": 740})
        for story in (parked, objected):
            office.opens(page, story)
            box = page.locator(".steps .now span").bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360, box
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        office.opens(page, facilitated)
        page.get_by_role("textbox", name="Tanggapan Anda").fill("Satu kali perjalanan cukup, asal dibayar minggu ini.")
        page.get_by_role("button", name="Kirim tanggapan").click()
        expect(page.get_by_role("status")).to_contain_text("Tanggapan Anda sudah kami terima.")
        office.opens(page, paid)
        page.get_by_text("Belum saya terima", exact=True).click()
        page.screenshot(path=pictures / "missing.png", full_page=True)
        page.get_by_role("button", name="Ya, belum saya terima").click()
        expect(page.get_by_role("status")).to_contain_text("janji belum dipenuhi")
        page.screenshot(path=pictures / "denied.png", full_page=True)
    assert found == []
