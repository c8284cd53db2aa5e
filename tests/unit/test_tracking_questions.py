"""What does the consumer of a question read: by when it is answered and why, and what holds after the second answer."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from chassis.sealing import unseal
from contracts.tracking import ReopenAsked
from intake.seeing import ACCOUNT, FIRM, NAME, OJK, REFERENCE
from kit.facts import DUE, AMatter
from tracking.domain.timeline import Timeline
from tracking.usecases.looking import OpenMatter, Tracked
from tracking.views.matter import Views
from tracking.views.shown import MatterShown
from tracking.words import Words

NOW = datetime(2026, 4, 8, 3, 0, tzinfo=UTC)


def heard(story: AMatter) -> Timeline:
    timeline = Timeline(story.number)
    for event in story.said:
        data = event.data.model_dump(mode="json", exclude_none=True)
        about = {"id": event.id, "owner": event.owner, "type": event.type.removeprefix("slkt."), "time": event.time}
        timeline.hear({**about, "seq": event.seq, "clock": event.clock, "data": data}, lambda one: str(one["id"]))
    return timeline


def seen(story: AMatter) -> MatterShown:
    return Views(Words()).matter(Tracked(heard(story), now=NOW))


def test_a_question_has_a_by_when_and_its_reason() -> None:
    story = AMatter()
    story.registered("question", answer_by=DUE)
    stage = seen(story).stage
    assert (stage.code, stage.until) == ("received", DUE)
    assert stage.why_until and "hari kerja" in stage.why_until.id
    story.answered()
    assert seen(story).stage.until is None
    story.reopened(DUE + timedelta(days=4))
    stage = seen(story).stage
    assert (stage.code, stage.until) == ("asked_again", DUE + timedelta(days=4))
    assert stage.why_until and "bertanya kembali" in stage.why_until.id


def test_what_is_not_answered_by_ojk_has_none_here() -> None:
    story = AMatter()
    story.registered()
    assert seen(story).stage.until is None


async def test_after_the_second_answer_nothing_is_promised_that_is_not_there_and_both_are_read() -> None:
    story = AMatter()
    story.registered("question")
    story.answered("first")
    assert "katakan di bawah" in (await opened(story)).stage.you_can.id
    story.says(ReopenAsked(sealed=story.seal({"text": "unclear"})))
    story.reopened(DUE)
    story.answered("second", again=True)
    matter = await opened(story)
    assert (matter.answer, matter.answer_before) == ("second", "first")
    assert (matter.stage.code, matter.may_reopen) == ("answered_again", False)
    assert "katakan di bawah" not in matter.stage.you_can.id and "pertanyaan baru" in matter.stage.you_can.id
    assert [step.state for step in matter.steps] == ["done", "done"]


async def opened(story: AMatter) -> MatterShown:
    """As its consumer sees it, with what is sealed."""

    class Kept:
        async def get(self, number: str) -> Timeline:
            return heard(story)

    class Open:
        async def read(self, sealed: str, number: str) -> str:
            return str(json.loads(unseal(sealed, story.secret, number))["text"])

    class Then:
        def now(self) -> datetime:
            return NOW

    doubles: tuple[Any, ...] = (Kept(), Open(), Then())
    return Views(Words()).matter(await OpenMatter(*doubles)(story.number))


def test_nobody_is_told_that_no_officer_reads_what_they_wrote() -> None:
    pages = json.loads(files("tracking").joinpath("data/pages.json").read_text(encoding="utf-8"))
    assert "membaca cerita Anda" in pages["track.looks_text"]["id"]
    assert "read your story" in pages["track.looks_text"]["en"]
    assert pages["track.looks_none"]["id"] == "Belum ada yang membuka data tersamar Anda."


def test_a_consumer_is_told_what_a_firm_reads_of_them_in_clear() -> None:
    pages = json.loads(files("tracking").joinpath("data/pages.json").read_text(encoding="utf-8"))
    assert FIRM.clear == frozenset({NAME, ACCOUNT, REFERENCE}) and OJK.clear == frozenset({REFERENCE})
    for language, name, account, masked in (
        ("id", "nama", "nomor rekening atau polis", "tersamar juga bagi PUJK"),
        ("en", "your name", "account or policy number", "masked for the firm"),
    ):
        sentences = pages["track.looks_text"][language].split(". ")
        [clear] = [one for one in sentences if account in one]
        [hidden] = [one for one in sentences if masked in one]
        assert name in clear and name not in hidden.lower()


def test_a_page_that_ended_says_both_reasons_and_the_history_speaks_to_its_reader() -> None:
    pages = json.loads(files("tracking").joinpath("data/pages.json").read_text(encoding="utf-8"))
    for name in ("track.session_over", "track.live_over"):
        assert "satu jam" in pages[name]["id"] and "PIN diganti" in pages[name]["id"]
        assert "an hour" in pages[name]["en"] and "PIN is replaced" in pages[name]["en"]
    asked = Words().plain_title("withdrawal-asked")
    assert (asked.id, asked.en) == ("Anda meminta pencabutan", "You asked to withdraw")
