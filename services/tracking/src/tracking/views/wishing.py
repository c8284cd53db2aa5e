"""How is told what settles nothing? Who looked at their data, how a consumer is told, what else they may say."""

from typing import Any

from tracking.domain.timeline import Timeline
from tracking.usecases.looking import Tracked
from tracking.views.shown import LookShown, PreferencesShown
from tracking.words import Both, Words

VIEWED = "intake.data-viewed.v1"


def looks(words: Words, tracked: Tracked) -> list[LookShown]:
    """Newest first; whoever it was is told as a role or a firm, never as a person."""
    seen = [one for one in tracked.timeline.history() if one["type"] == VIEWED]
    return [
        LookShown(
            at=one["time"],
            who=viewer_of(words, tracked.timeline, one["data"]),
            fields=[words.detail("field", field) for field in one["data"]["fields"]],
            why=tracked.texts.get(one["id"]),
        )
        for one in reversed(seen)
    ]


def viewer_of(words: Words, timeline: Timeline, data: dict[str, Any]) -> Both:
    code = data.get("pujk")
    if not code:
        return words.detail("viewer", data["role"])
    said = (one["data"] for one in timeline.entries if one["data"].get("pujk") == code)
    name = next((one["pujk_name"] for one in said if "pujk_name" in one), None)
    return words.say("viewer_firm", firm=name) if name else words["the_firm"]


def preferences(timeline: Timeline) -> PreferencesShown:
    held = timeline.preferences()
    quiet = held.get("quiet") or {}
    off = quiet.get("begin") == quiet.get("end")
    return PreferencesShown(
        language=held.get("language", "id"),
        tell_by=held.get("tell_by", "email"),
        quiet_begin=None if off else quiet["begin"],
        quiet_end=None if off else quiet["end"],
        quiet_zone=quiet.get("zone", "WIB"),
        quiet_said=bool(quiet),
    )


def told_by(data: dict[str, Any]) -> str | None:
    """On which way a message went; None where the consumer left no address for any."""
    return None if data.get("reason") == "no-contact" else data.get("by", "email")


def may(timeline: Timeline) -> dict[str, Any]:
    """What may be said now that settles nothing."""
    return {
        "may_reopen": timeline.may_reopen(),
        "may_rate": timeline.may_rate(),
        "may_withdraw": timeline.may_withdraw(),
        "may_attach": timeline.may_attach(),
        "rated": timeline.rated(),
    }
