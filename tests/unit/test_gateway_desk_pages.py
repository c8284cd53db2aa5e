"""What a decider is asked to accept is what they saw: it stands on the page, and what moved meanwhile is told."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from chassis.pages.forms import Form
from contracts.dossier import DossierField
from contracts.pujk import AnswerToDemand
from kit.bundles import contents
from kit.cases import ACase, in_handling
from kit.desk_pages import PAGES, a_ticket, bases, deciding, disputes, looks, the_desk
from kit.disputes import ADispute
from pujk_gateway.domain import refusals
from pujk_gateway.domain.parts import Deadline
from pujk_gateway.pages.cases import case_pages


def desk(story: ACase) -> httpx.AsyncClient:
    decide, more_time, cases = deciding(story)
    masked = DossierField(name="consumer.nik", shown="***0001", masked=True, opens=True)
    look = looks(contents().dossier.model_copy(update={"fields": (masked,)}))
    return the_desk(case_pages(PAGES, decide, more_time, cases.show, look, None, str))  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "decides"), [("decider", True), ("supervisor", True), ("cso", False), ("qa", False)])
async def test_more_time_is_offered_to_who_may_give_it(role: str, decides: bool) -> None:
    story = in_handling().asked_extension()
    decide, more_time, cases = deciding(story)
    pages = case_pages(PAGES, decide, more_time, cases.show, looks(None), None, str)  # type: ignore[arg-type]
    async with the_desk(pages, (role,)) as http:
        page = (await http.get(f"/desk/cases/{story.case.number}")).text
    assert "meminta perpanjangan waktu" in page and ("/extension/grant" in page) is decides


@pytest.mark.parametrize(
    ("refused", "state", "told"),
    [
        (refusals.ExtensionSpent, "in-handling", "Hanya boleh satu kali."),
        (refusals.NotWaiting, "in-handling", "Tidak ada dokumen yang ditunggu."),
        (refusals.AlreadyAccepted, "at-laps", "LAPS SJK menangani sengketa ini."),
        (refusals.CaseHasMoved, "in-handling", "sudah berubah"),
    ],
)
async def test_an_act_that_cannot_be_done_says_why(refused: Any, state: Any, told: str) -> None:
    story = in_handling()
    story.case.state = state
    ticket, here, request = a_ticket(story, None)
    form = Form({"round": ["1"], "basis": [str(story.case.basis)], "text": ["Mohon waktu."]})

    async def act() -> None:
        raise refused("no")

    about = {"way": "perpanjangan", "story": "ask_extension"}
    page = await ticket.acted(request, story.case.number, replace(here, form=form), "written", act, "", **about)
    said = bytes(page.body).decode()
    assert page.status_code == 409 and told in said and "Mohon waktu." in said
    assert ("sudah berubah" in said) is (refused is refusals.CaseHasMoved)


@pytest.mark.parametrize(
    ("story", "act", "told"),
    [
        (in_handling().asked_extension(), "ask_extension", "Hanya boleh satu kali."),
        (in_handling(), "have_documents", "Tidak ada dokumen yang ditunggu."),
        (in_handling().asked_documents(), "ask_documents", "masih ditunggu"),
        (in_handling().proposed(), "ask_documents", "menunggu keputusan OJK"),
        (in_handling(), "ask_extension", None),
        (in_handling(), "ask_documents", None),
        (in_handling().proposed(), "propose", "menunggu keputusan OJK"),
        (in_handling().proposed(), "decline", "menunggu keputusan OJK"),
        (in_handling().proposed().accepted(), "propose", "Konsumen ditanya"),
        (in_handling().withdrawal_asked(), "decline", "sudah selesai"),
        (in_handling(), "state_position", "tidak memfasilitasi"),
        (ADispute().opened(), "state_position", None),
        (in_handling(), "propose", None),
        (in_handling(), "decline", None),
    ],
)
async def test_no_form_opens_for_an_act_that_cannot_be_done(story: ACase, act: str, told: str | None) -> None:
    ticket, here, request = a_ticket(story, None)
    entries, template = len(story.case.entries), {"have_documents": "plain"}.get(act, "written")
    # As the portal's ways name them.
    ways: dict[str, Any] = (
        {"template": act} if act in ("propose", "decline") else {"template": template, "way": "jalan", "story": act}
    )
    page = await ticket.show(request, story.case.number, here, **ways)
    said = bytes(page.body).decode()
    assert ("<form" in said.partition("<main")[2]) is (told is None)
    assert (told or "") in said and len(story.case.entries) == entries


async def test_the_question_shows_what_is_accepted_and_carries_what_was_seen() -> None:
    story = in_handling().proposed()
    place, seen = f"/desk/cases/{story.case.number}", str(story.case.basis)
    async with desk(story) as http:
        page = (await http.get(place)).text
        assert bases(page) == {seen} and f"{place}/accept?basis={seen}" in page
        asked = await http.get(f"{place}/accept?basis={seen}")
        assert asked.status_code == 200 and bases(asked.text) == {seen}
        for shown in ("Kembalikan uang saya", "Rp1.000.000", "Kami ganti seluruhnya.", "Dikabulkan"):
            assert shown in asked.text


async def test_each_field_of_the_page_of_a_proposal_has_an_id_of_its_own() -> None:
    story = in_handling().proposed()
    async with desk(story) as http:
        page = (await http.get(f"/desk/cases/{story.case.number}")).text
        late = await http.post(f"/desk/cases/{story.case.number}/return", data={"basis": "1", "reason": "Belum."})
    ids = re.findall(r' id="([^"]+)"', page)
    assert {"reason", "open-reason"} <= set(ids) and len(ids) == len(set(ids))
    assert late.status_code == 409 and 'value="Belum."' not in late.text


@pytest.mark.parametrize("act", ["accept", "return", "link"])
async def test_who_judges_what_moved_is_told_what_moved(act: str) -> None:
    story = in_handling().proposed()
    place, seen = f"/desk/cases/{story.case.number}", str(story.case.basis)
    story.followed_up()
    async with desk(story) as http:
        if act == "link":
            late = await http.get(f"{place}/accept?basis={seen}")
        else:
            late = await http.post(f"{place}/{act}", data={"basis": seen, "once": "1", "reason": "Belum."})
        assert late.status_code == 409 and story.case.state == "proposed"
        _, _, changes = late.text.partition('id="changes"')
        assert "Tindak lanjut" in changes.partition("</section>")[0]


async def test_a_reason_is_taken_whole_or_told_to_be_too_long() -> None:
    story = in_handling().proposed()
    place, seen = f"/desk/cases/{story.case.number}", {"basis": str(story.case.basis), "once": "1"}
    async with desk(story) as http:
        over = await http.post(f"{place}/return", data={**seen, "reason": "x" * 20_001})
        assert over.status_code == 422 and "x" * 20_001 in over.text and 'href="#reason"' in over.text
        whole = await http.post(f"{place}/return", data={**seen, "reason": "x\r\n" * 9_000 + "x" * 2_000})
    assert whole.status_code == 303 and story.case.state == "in-handling"


async def test_more_time_that_is_decided_too_late_tells_what_moved() -> None:
    story = in_handling().asked_extension()
    place, seen = f"/desk/cases/{story.case.number}", str(story.case.basis)
    story.followed_up()
    async with desk(story) as http:
        late = await http.post(f"{place}/extension/grant", data={"basis": seen, "once": "1"})
        assert late.status_code == 409 and 'id="changes"' in late.text
        assert (await http.post(f"{place}/extension/grant", data={"basis": str(story.case.basis)})).status_code == 303
        late = await http.post(f"{place}/extension/refuse", data={"basis": seen, "why_not": "Cukup waktu."})
        assert late.status_code == 409 and "/extension/refuse" not in late.text and "Cukup waktu." in late.text


@pytest.mark.parametrize("asks", [False, True])
async def test_the_deciding_officer_reads_each_demand_where_they_answer_it(asks: bool) -> None:
    story = in_handling()
    ticket, here, request = a_ticket(story, contents().dossier)
    answer, number = AnswerToDemand(demand=1, answer="granted", amount=500), story.case.number
    about: dict[str, Any] = {"asks": asks, "amount": 500, "given": {1: answer}, "form": Form({"kind": ["explanation"]})}
    page = await ticket.show(request, number, here, "propose", **about)
    assert b"Kembalikan uang saya" in page.body
    assert b'enctype="multipart/form-data"' in page.body, "what the form took, its question takes"


async def test_what_was_written_while_the_ticket_went_to_another_firm_is_not_lost() -> None:
    story = in_handling()
    story.routed(2, "BANK-002")
    ticket, here, request = a_ticket(story, None)
    form = Form({"text": ["Kami sudah memeriksa rekaman."], "why_1": ["Pasal 7."]})
    page = await ticket.show(request, story.case.number, here, "propose", 409, form=form)
    assert page.status_code == 409
    assert b"Kami sudah memeriksa rekaman." in page.body and b"Pasal 7." in page.body


async def test_the_whole_matter_is_shown_also_where_no_firm_has_it() -> None:
    never, back = ACase().registered(), in_handling().declined()
    for story in (never, back):
        async with desk(story) as http:
            page = await http.get(f"/desk/cases/{story.case.number}")
            assert page.status_code == 200 and "Kembalikan uang saya" in page.text
        async with disputes(story, contents().dossier) as http:
            left = await http.get(f"/desk/cases/{story.case.number}/facilitation")
            assert left.status_code == (404 if story is never else 200)
    assert "Pengaduan ganda" not in page.text and "Bukan konsumen" in page.text


@pytest.mark.parametrize(
    ("deadline", "extension", "told"),
    [
        (Deadline(10, "complaint-written", "2", "1", [], 10), None, "10 hari kerja menurut aturan, sampai akhir"),
        (Deadline(20, "complaint-written", "2", "1", [], 10), "granted", "10 hari kerja menurut aturan, ditambah 10"),
        (Deadline(5, "proposal-returned", "1", "1", [], 10), None, "5 hari kerja setelah OJK mengembalikan usulan"),
    ],
)
async def test_a_deadline_says_what_it_is_made_of(deadline: Deadline, extension: Any, told: str) -> None:
    story = ACase().registered().routed(deadline=deadline)
    story.case.extension = extension
    async with desk(story) as http:
        assert told in (await http.get(f"/desk/cases/{story.case.number}")).text


@pytest.mark.parametrize("kind", ["question", "information"])
async def test_what_goes_to_no_firm_is_seen_and_opened_too(kind: str) -> None:
    story = ACase().registered(kind, demands=0)
    story.case.product = None
    async with desk(story) as http:
        for path in ("", "/data"):
            page = await http.get(f"/desk/cases/{story.case.number}{path}")
            assert page.status_code == 200, page.text
        assert ("Pertanyaan" if kind == "question" else "Informasi") in (
            await http.get(f"/desk/cases/{story.case.number}")
        ).text


async def test_nothing_counts_as_viewed_that_no_page_could_show() -> None:
    opened: list[str] = []
    story = in_handling()
    story.case.kind = "a kind without a word"

    async def open_it(number: str, *_: Any) -> Any:
        opened.append(number)
        return contents().dossier

    look = looks(contents().dossier)
    look.opened = open_it
    decide, more_time, cases = deciding(story)
    nothing: Any = None
    pages = case_pages(PAGES, decide, more_time, cases.show, look, nothing, str)  # type: ignore[arg-type]
    asked = {"fields": "phone", "reason": "Menelepon kembali konsumen"}
    async with the_desk(pages, ("cso",)) as http:
        with pytest.raises(KeyError, match="a kind without a word"):
            await http.post(f"/desk/cases/{story.case.number}/data", data=asked)
    assert opened == []
