"""How does a consumer say what moves nothing by itself? That an answer left something open, how the service was, and
how to be told from now on: one fact each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.clock import Clock
from chassis.messages import Act

from tracking.domain.timeline import NoMatch, Timeline
from tracking.ports import SealsFor, Timelines
from tracking.usecases.answering import sealed_for


@dataclass(frozen=True)
class Wish:
    """``what`` is one of reopen, feedback, preferences."""

    what: str
    text: str = ""
    score: int = 0
    preferences: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TakeWish:
    """Whoever calls this knows that it is the consumer, or whoever holds the link that asks for it."""

    timelines: Timelines
    seal_for: SealsFor
    clock: Clock

    async def __call__(self, act: Act, wish: Wish) -> Timeline:
        """Errors: NoMatch, MovedOn, AnsweredOtherwise, SaidEnough, KeyReused, NotYetKnown, Unavailable."""
        timeline = await self.timelines.get(act.subject)
        if timeline is None:
            raise NoMatch
        sealed = sealed_for(self.seal_for, timeline, wish.text)
        return (await self.timelines.change(act, wishing(wish, self.clock.now(), sealed))).aggregate


def wishing(wish: Wish, now: datetime, sealed: str | None) -> Callable[[Timeline], None]:
    """What it does to the timeline; pure."""

    def change(timeline: Timeline) -> None:
        if wish.what == "reopen":
            timeline.ask_again(now, sealed=sealed or "")
        elif wish.what == "feedback":
            timeline.rate(wish.score, now, sealed=sealed)
        else:
            timeline.prefer(dict(wish.preferences), now)

    return change
