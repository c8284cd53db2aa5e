"""What a consumer says besides answers: once where it is once, of what has ended, and nothing that is so already."""

from datetime import UTC, datetime
from typing import Any

import pytest
from chassis.messages import AnyEvent
from kit.facts import AMatter
from tracking.domain.answers import AnsweredOtherwise, MovedOn, SaidEnough
from tracking.domain.timeline import Timeline
from tracking.domain.wishes import PREFERENCES_MOST
from tracking.zones import of_region

NOW = datetime(2026, 4, 8, 3, 0, tzinfo=UTC)


def entry(event: AnyEvent) -> dict[str, Any]:
    data = event.data.model_dump(mode="json", exclude_none=True)
    about = {"id": event.id, "owner": event.owner, "type": event.type.removeprefix("slkt."), "time": event.time}
    return {**about, "seq": event.seq, "clock": event.clock, "data": data}


def heard(story: AMatter) -> Timeline:
    timeline = Timeline(story.number)
    for event in story.said:
        timeline.hear(entry(event), lambda one: str(one["id"]))
    return timeline


def test_a_question_is_asked_about_again_once_and_only_when_it_was_answered() -> None:
    story = AMatter()
    story.registered("question")
    with pytest.raises(MovedOn):
        heard(story).ask_again(NOW, sealed="s")
    story.answered()
    timeline = heard(story)
    assert timeline.may_reopen() and not timeline.noted(NOW)
    timeline.ask_again(NOW, sealed="s")
    assert timeline.said == [("reopen-asked", {"sealed": "s"})] and timeline.noted(NOW) and not timeline.may_reopen()
    with pytest.raises(AnsweredOtherwise):
        timeline.ask_again(NOW, sealed="t")
    complaint = AMatter()
    complaint.registered()
    assert not heard(complaint).may_reopen()


def test_a_service_is_rated_once_when_it_has_ended() -> None:
    story = AMatter()
    story.registered("question")
    with pytest.raises(MovedOn):
        heard(story).rate(5, NOW)
    story.answered()
    timeline = heard(story)
    for score in (0, 6):
        with pytest.raises(MovedOn):
            timeline.rate(score, NOW)
    timeline.rate(4, NOW)
    timeline.rate(4, NOW)
    assert timeline.said == [("feedback-given", {"score": 4})] and timeline.rated() == 4
    with pytest.raises(AnsweredOtherwise):
        timeline.rate(5, NOW)


def test_what_is_preferred_already_is_not_said_and_nobody_fills_a_matter_with_it() -> None:
    story = AMatter()
    story.registered("question", tell_by="sms")
    timeline = heard(story)
    timeline.prefer({"language": "id", "tell_by": "sms"}, NOW)
    assert timeline.said == []
    timeline.prefer({"language": "id", "tell_by": "whatsapp"}, NOW)
    assert timeline.said == [("preferences-set", {"tell_by": "whatsapp"})]
    assert timeline.preferences() == {"language": "id", "tell_by": "whatsapp"}
    for turn in range(1, PREFERENCES_MOST):
        timeline.prefer({"language": "en" if turn % 2 else "id"}, NOW)
    with pytest.raises(SaidEnough):
        timeline.prefer({"tell_by": "none"}, NOW)


@pytest.mark.parametrize(("region", "zone"), [("31", "WIB"), ("73", "WITA"), ("94", "WIT"), (None, "WIB")])
def test_a_region_has_its_clock(region: str | None, zone: str) -> None:
    assert of_region(region) == zone
