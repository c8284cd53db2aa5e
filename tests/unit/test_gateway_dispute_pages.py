"""OJK brings both together by what its deciders see: what moved is told, and what they wrote is not lost."""

from datetime import timedelta
from typing import Any

import pytest
from kit.bundles import contents
from kit.cases import START
from kit.desk_pages import bases, disputes
from kit.disputes import ADispute

DOSSIER = contents().dossier
AT = {"on": "2026-03-18", "at": "10:00"}


@pytest.mark.parametrize("question", ["open", "send"])
async def test_facilitation_is_asked_about_as_it_was_seen(question: str) -> None:
    story = ADispute()
    place, seen = f"/desk/cases/{story.case.number}/facilitation", str(story.case.basis)
    async with disputes(story, DOSSIER) as http:
        page = (await http.get(place)).text
        assert f"{place}/{question}?basis={seen}" in page
        asked = await http.get(f"{place}/{question}?basis={seen}")
        assert asked.status_code == 200 and bases(asked.text) == {seen} and "PT BANK-001" in asked.text
        assert (await http.get(f"{place}/{question}")).status_code == 303
        story.followed_up()
        late = await http.get(f"{place}/{question}?basis={seen}")
        assert late.status_code == 409 and 'id="changes"' in late.text


async def test_whoever_writes_down_a_settlement_reads_what_was_demanded() -> None:
    story = ADispute().opened()
    async with disputes(story, DOSSIER) as http:
        place = f"/desk/cases/{story.case.number}/facilitation"
        assert "Kembalikan uang saya" in (await http.get(place)).text


async def test_a_session_is_planned_by_what_is_seen() -> None:
    story = ADispute().opened()
    place, seen = f"/desk/cases/{story.case.number}/facilitation", str(story.case.basis)
    planned = {"kind": "session-planned", **AT, "basis": seen, "text": "Daring."}
    async with disputes(story, DOSSIER) as http:
        assert (await http.post(f"{place}/step", data=planned)).status_code == 303
        late = await http.post(f"{place}/step", data=planned | {"at": "11:00", "text": "Di kantor."})
        assert late.status_code == 409 and 'id="changes"' in late.text and 'value="11:00"' in late.text
        assert "Di kantor.</textarea>" in late.text and bases(late.text) == {str(story.case.basis)}
        assert (await http.post(f"{place}/step", data=planned | {"kind": "note"})).status_code == 303
    assert len([one for one in story.case.entries if one.kind == "session-planned"]) == 1


async def test_whoever_ends_it_is_told_which_sessions_that_cancels() -> None:
    story = ADispute().opened().added("session-planned", START + timedelta(days=3))
    place, ends = f"/desk/cases/{story.case.number}/facilitation", {"outcome": "not-settled", "text": "Belum sepakat."}
    async with disputes(story, DOSSIER) as http:
        asked = await http.post(f"{place}/end", data=ends | {"basis": str(story.case.basis)})
        assert asked.status_code == 200 and "ikut dibatalkan: 19 Maret 2026" in asked.text
        ended = await http.post(f"{place}/end", data=ends | {"basis": str(story.case.basis), "sure": "yes"})
        assert ended.status_code == 303 and "Pertemuan dibatalkan" in (await http.get(place)).text


@pytest.mark.parametrize(
    ("act", "sent", "kept"),
    [
        ("step", {"kind": "session-held", **AT}, ["Pertemuan sudah berlangsung", "10:00"]),
        ("step", {"kind": "session-cancelled", **AT}, ["Pertemuan dibatalkan", "2026-03-18"]),
        ("end", {"outcome": "settled", "amount_1": "Rp500.000", "promised_1": "2026-03-20", "sure": "yes"}, ["Rp500"]),
        ("end", {"outcome": "settled"}, ["Tercapai kesepakatan"]),
        ("decided", {"outcome": "award", "sure": "yes"}, ["Putusan arbitrase"]),
        ("decided", {"outcome": "award"}, ["Putusan arbitrase"]),
    ],
)
async def test_what_a_colleague_was_quicker_with_is_not_lost(act: str, sent: Any, kept: list[str]) -> None:
    story = ADispute().opened() if act != "decided" else ADispute().sent_to_laps()
    place, seen = f"/desk/cases/{story.case.number}/facilitation", str(story.case.basis)
    story.ended("not-settled") if act != "decided" else story.laps_decided()
    async with disputes(story, DOSSIER) as http:
        late = await http.post(f"{place}/{act}", data={"basis": seen, "text": "Risalah saya.", **sent})
    assert late.status_code == 409 and 'id="changes"' in late.text and f"/facilitation/{act}" not in late.text
    _, _, left = late.text.partition('id="left"')
    assert all(one in left.partition("</section>")[0] for one in ("Risalah saya.", *kept))
