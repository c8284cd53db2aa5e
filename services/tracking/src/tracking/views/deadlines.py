"""How is told by when a firm answers, and what its time is made of?"""

from datetime import datetime

from tracking.domain.timeline import Timeline
from tracking.words import Both, Words, moment_of

RETURNED = "proposal-returned"


def due_of(timeline: Timeline, round_: int) -> datetime | None:
    deadline = timeline.deadline(round_)
    return moment_of(deadline["due"]) if deadline else None


def why_due(words: Words, timeline: Timeline, round_: int) -> Both | None:
    """So many working days by the rule, and so many more that OJK gave; none where no firm has a time."""
    deadline = timeline.deadline(round_)
    if deadline is None:
        return None
    days, more = deadline["working_days"], deadline.get("extension_days") or 0
    if deadline["rule"] == RETURNED:
        return words.say("due_returned", n=days)
    given = any(
        one["type"] == "routing.deadline-moved.v1"
        and (one["data"]["round"], one["data"]["because"]) == (round_, "extension")
        for one in timeline.entries
    )
    if given and days > more > 0:
        return words.say("due_extended", n=days - more, more=more)
    return words.say("due_rule", n=days)
