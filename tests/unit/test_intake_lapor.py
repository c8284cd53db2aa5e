"""Do the pages of ``/lapor`` hold whatever strangers write, and say what is so?"""

import re
from dataclasses import replace
from typing import Any, cast

import pytest
from contracts.channel import Receipt
from intake.bringing.draft import Meant, Sent
from intake.usecases.bringing import SendDraft
from intake.usecases.submitting import Checked
from kit.drafting import NOW, NUMBER, OneDraft

FIRM = "dompet kilat jaya"
LISTED = Meant(FIRM, illegal=("Dompet Kilat Jaya",))
KNOWN = Meant(FIRM, "BANK-901", "Bank Samudra", illegal=("Dompet Kilat Jaya",))
CERITA = {"story": "Uang saya berkurang.", "demand_1": "Kembalikan uang saya", "tried": "no", "in_court": "no"}


@pytest.mark.parametrize("field", ["loss", "amount_1"])
async def test_a_number_without_end_is_a_mistake_beside_its_field_and_breaks_no_page(field: str) -> None:
    lapor = OneDraft("complaint", {})
    answer = await lapor.posts("cerita", **{**CERITA, field: "9" * 4301})
    assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True)
    assert lapor.draft.fields[field] == "9" * 4301, "it is given back to be corrected"
    for at in ("masalah", "cerita", "diri", "arah?dari=cerita", "periksa"):
        assert "Traceback" not in await lapor.looks(at)
    lapor.refused = True
    assert (await lapor.posts("kirim", consent="yes")).status_code == 422


def sent(kind: str, listed: bool) -> OneDraft:
    lapor = OneDraft(kind, {})
    lapor.draft = lapor.draft.became(Sent(NUMBER, kind, NOW.isoformat(), None, (), listed))
    return lapor


def main_way(page: str) -> str:
    """What the button says that is pressed first."""
    return page.split("btn-primary", 1)[1].split(">", 1)[1].split("<", 1)[0]


@pytest.mark.parametrize(
    ("kind", "meant", "first"),
    [
        ("complaint", LISTED, "Ubah menjadi informasi untuk OJK"),
        ("indication", LISTED, "Ubah menjadi informasi untuk OJK"),
        ("question", LISTED, "Lanjutkan sebagai pertanyaan"),
        ("complaint", KNOWN, "Lanjutkan sebagai pengaduan"),
    ],
)
async def test_who_names_a_listed_entity_is_led_to_where_it_helps_first(kind: str, meant: Meant, first: str) -> None:
    page = await OneDraft(kind, {"pujk": FIRM}, meant).looks("arah?dari=masalah")
    assert ("satgaspasti@ojk.go.id" in page, main_way(page)) == (True, first)


@pytest.mark.parametrize("meant", [LISTED, KNOWN])
async def test_of_a_listed_entity_no_page_says_that_it_answers_or_is_complained_to_first(meant: Meant) -> None:
    fields = {"pujk": FIRM, "tried": "no", "loss": "600 juta", "story": "Mereka menagih."}
    lapor = OneDraft("complaint", fields, meant)
    pages = [await lapor.looks(at) for at in ("cerita", "arah?dari=cerita", "periksa")]
    for words in ("harus menjawab", "Adukan dulu", "diberi kesempatan", "meneruskan isian ini kepada perusahaan"):
        assert any(words in page for page in pages) == (meant is KNOWN), words
    assert ("tidak meneruskan isian ini kepadanya" in pages[-1]) == (meant is LISTED)


@pytest.mark.parametrize("kind", ["complaint", "indication"])
async def test_its_receipt_promises_neither_a_passing_on_nor_a_day(kind: str) -> None:
    for listed in (True, False):
        page = await sent(kind, listed).looks("tanda-terima")
        assert any(one in page for one in ("Jawaban paling lambat", "Kami meneruskan", "Kami memberi tahu")) != listed
        assert ("satgaspasti@ojk.go.id" in page) == listed
    assert "Jawaban paling lambat" in await sent("question", True).looks("tanda-terima")


@pytest.mark.parametrize(("meant", "listed"), [(LISTED, True), (KNOWN, False), (replace(LISTED, away=True), False)])
async def test_what_was_sent_keeps_that_it_was_about_a_listed_entity(meant: Meant, listed: bool) -> None:
    lapor = OneDraft("complaint", {"pujk": FIRM}, meant)

    async def register(*_: Any) -> Receipt:
        return Receipt(number=NUMBER, shown="P", pin="12345678", kind="complaint", received_at=NOW)

    send = SendDraft(
        *(cast("Any", one) for one in (lapor, None, register, None, lambda _: Checked({}, cast("Any", "whole"))))
    )
    done = await send("token")
    assert done.sent and (done.sent.listed, done.meant) == (listed, Meant())


async def test_the_greater_of_loss_and_demands_is_counted_and_said_and_no_word_of_the_trade_left_alone() -> None:
    fields = {"demand_1": "Kembalikan", "amount_1": "1,5 miliar", "demand_2": "Ganti rugi", "amount_2": "500 juta"}
    page = await OneDraft("complaint", fields | {"tried": "no"}, KNOWN).looks("arah?dari=cerita")
    assert ("Yang kami hitung Rp2.000.000.000" in page, "Mediasi berarti" in page) == (True, True)
    assert ("PUJK" in page, 'href="/track/arti-kata?lang=id"' in page) == (False, True)


async def test_who_begins_another_matter_is_told_to_keep_the_receipt_before() -> None:
    assert "tanda terima itu tidak dapat dibuka lagi" in await sent("complaint", False).looks("")


@pytest.mark.parametrize(
    ("senders", "written", "chosen"),
    [((), "", "email"), ((), "whatsapp", "email"), (("sms",), "sms", "sms"), (("whatsapp", "sms"), "none", "none")],
)
async def test_only_ways_that_somebody_sends_are_offered(senders: tuple[str, ...], written: str, chosen: str) -> None:
    lapor = OneDraft("complaint", {"tell_by": written})
    lapor.senders = senders
    page = await lapor.looks("diri")
    assert re.findall('name="tell_by" id="[^"]*" value="(.*?)"', page) == ["email", *senders, "phone", "none"]
    assert re.findall('name="tell_by" id="[^"]*" value="(.*?)" checked', page) == [chosen]
