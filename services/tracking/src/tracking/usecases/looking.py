"""How is a matter heard of and looked at? One story each: fields are what it needs, ``__call__`` is what happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.clock import Clock
from chassis.messages import AnyEvent
from chassis.refusals import Invalid, NotFound, Unavailable
from contracts.numbers import NUMBER_DIGITS, digits_of

from tracking.domain.timeline import NoMatch, Timeline
from tracking.ports import PinCheck, PinRounds, Seals, Timelines, Tries
from tracking.usecases.receipts import digest

PIN_DIGITS = 8
#: Facts whose sealed words their consumer reads: of a settlement, their own, and why somebody looked at their data.
TOLD = frozenset(
    f"{fact}.v1"
    for fact in (
        "pujk_gateway.facilitation-step",
        "pujk_gateway.facilitation-ended",
        "pujk_gateway.laps-decided",
        "pujk_gateway.relief-paid",
        "routing.ticket-closed",
        "tracking.consumer-objected",
        "tracking.relief-denied",
        "tracking.position-stated",
        "tracking.reopen-asked",
        "tracking.feedback-given",
        "intake.data-viewed",
    )
)


@dataclass(frozen=True)
class Tracked:
    """A timeline with what only its consumer may read. ``documents``: which ones are awaited of them. ``withheld``: the
    key desk did not answer just now."""

    timeline: Timeline
    answer: str | None = None
    resolution: str | None = None
    documents: str | None = None
    withheld: bool = False
    now: datetime | None = None
    #: What was said on the way to a settlement, by the entry's id.
    texts: Mapping[str, str] = field(default_factory=dict)
    #: By demand, counted from 1: what the consumer asked for, and on what the firm's answer rests.
    demands: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    #: What was answered first, where a second answer followed.
    answer_before: str | None = None


@dataclass(frozen=True)
class FoldFact:
    """Any fact of any service becomes an entry, and its owner's standing where it carries one."""

    timelines: Timelines

    async def __call__(self, event: AnyEvent) -> None:
        entry = {
            "id": event.id,
            "owner": event.owner,
            "type": event.type.removeprefix("slkt."),
            "seq": event.seq,
            "clock": event.clock,
            "time": event.time,
            "data": event.data.model_dump(mode="json", exclude_none=True),
        }
        await self.timelines.change(event, lambda timeline: timeline.hear(entry, digest))


@dataclass(frozen=True)
class OpenMatter:
    """A matter as only its consumer sees it; whoever calls this knows that it is them."""

    timelines: Timelines
    seals: Seals
    clock: Clock

    async def __call__(self, number: str) -> Tracked:
        """Errors: NoMatch, Unavailable."""
        return await self._with_what_is_sealed((await self.outside(number)).timeline)

    async def outside(self, number: str) -> Tracked:
        """The same with nothing unsealed: for whoever has a link. Errors: NoMatch, Unavailable."""
        timeline = await self.timelines.get(number)
        if timeline is None:
            raise NoMatch
        return Tracked(timeline, now=self.clock.now())

    async def _with_what_is_sealed(self, timeline: Timeline) -> Tracked:
        answered = [one for one in timeline.history() if one["type"] == "intake.service-answered.v1"][-2:]
        last, before = answered[-1] if answered else None, answered[0] if len(answered) > 1 else None
        accepted = timeline.latest("pujk_gateway.resolution-accepted.v1")
        proposed = timeline.latest("pujk_gateway.resolution-proposed.v1") if accepted else None
        waits = timeline.stands().waits_for_documents
        asked = timeline.latest("pujk_gateway.documents-asked.v1") if waits else None
        told = [one for one in timeline.entries if is_told(one)]
        answers = [one for one in proposed["data"].get("answers", ()) if "sealed" in one] if proposed else []
        try:
            sealed = (last, before, proposed, asked)
            answer, first, resolution, documents = [await self._text(one, timeline) for one in sealed]
            texts = {one["id"]: await self._text(one, timeline) for one in told}
            reasons = {one["demand"]: await self.seals.read(one["sealed"], timeline.number) for one in answers}
            demands = await self._demands(timeline) if proposed else []
        except Unavailable:
            return Tracked(timeline, withheld=True, now=self.clock.now())
        return Tracked(
            timeline,
            answer,
            resolution,
            documents,
            now=self.clock.now(),
            texts=_there(texts),
            demands=dict(enumerate(demands, 1)),
            reasons=_there(reasons),
            answer_before=first,
        )

    async def _text(self, entry: dict[str, Any] | None, timeline: Timeline) -> str | None:
        return await self.seals.read(entry["data"]["sealed"], timeline.number) if entry else None

    async def _demands(self, timeline: Timeline) -> Sequence[str]:
        registered = timeline.latest("intake.service-registered.v1")
        return await self.seals.demands(registered["data"]["sealed"], timeline.number) if registered else []


def _there(texts: Mapping[Any, str | None]) -> dict[Any, str]:
    """What was not forgotten."""
    return {key: text for key, text in texts.items() if text}


def is_told(entry: dict[str, Any]) -> bool:
    """Whether its consumer reads what is sealed in it: not what OJK noted for itself."""
    data = entry["data"]
    of_its_own = data.get("kind") == "note" and data.get("side") == "ojk"
    return entry["type"] in TOLD and "sealed" in data and not of_its_own


@dataclass(frozen=True)
class Prove:
    """Whoever has number and PIN is the consumer. Until the PIN is right nothing that exists is looked at but which of
    its PINs is good, the same work for every number, so that neither answer nor time tells whether it exists."""

    pins: PinCheck
    rounds: PinRounds
    by_number: Tries
    by_client: Tries

    async def __call__(self, number_text: str, pin_text: str, client: str) -> str:
        """The number. Errors: Invalid, NoMatch, TooMany, Unavailable."""
        number, pin = _well_formed(number_text, pin_text)
        await self.count(client)
        await self.by_number.take(number)
        if not self.pins.right(number, await self.rounds.pin_round(number), pin):
            raise NoMatch
        # A right PIN of a matter that was not heard of yet does not count either: its consumer is only early.
        await self.by_number.give_back(number)
        return number

    async def count(self, client: str) -> None:
        """One more request of this address. Errors: TooMany, Unavailable."""
        await self.by_client.take(self.pins.hidden(client))


@dataclass(frozen=True)
class TrackMatter:
    """A consumer looks up a matter by number and PIN."""

    prove: Prove
    open_matter: OpenMatter

    async def __call__(self, number_text: str, pin_text: str, client: str) -> Tracked:
        """Errors: Invalid, NoMatch, TooMany, Unavailable."""
        return await self.open_matter(await self.prove(number_text, pin_text, client))


def _well_formed(number_text: str, pin_text: str) -> tuple[str, str]:
    """Errors: Invalid, which says how many digits are expected and repeats neither number nor PIN."""
    number, pin = digits_of(number_text, NUMBER_DIGITS), digits_of(pin_text, PIN_DIGITS)
    if number is None or pin is None:
        problems = [
            {"field": field, "came": f"a value of {len(text)} characters", "expected": f"{digits} digits"}
            for field, text, value, digits in (
                ("number", number_text, number, NUMBER_DIGITS),
                ("pin", pin_text, pin, PIN_DIGITS),
            )
            if value is None
        ]
        raise Invalid("see problems", problems=problems)
    return number, pin


@dataclass(frozen=True)
class ShowTimeline:
    """Staff look up a matter by its number; nothing is unsealed for them here."""

    timelines: Timelines

    async def __call__(self, number: str) -> Timeline:
        found = await self.timelines.get(number)
        if found is None:
            raise NotFound(f"no matter {number} here")
        return found
