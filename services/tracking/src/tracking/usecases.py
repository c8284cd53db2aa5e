"""The stories of tracking, one class each: fields are what it needs, ``__call__`` is what happens."""

from dataclasses import dataclass

from chassis.messages import AnyEvent
from chassis.refusals import Invalid, NotFound, Unavailable
from contracts.numbers import NUMBER_DIGITS, digits_of

from tracking.domain import NoMatch, Timeline
from tracking.ports import PinCheck, Seals, Timelines, Tries

PIN_DIGITS = 8


@dataclass(frozen=True)
class Tracked:
    """A timeline with what only its consumer may read. ``documents``: which ones are awaited of them. ``withheld``: the
    key desk did not answer just now."""

    timeline: Timeline
    answer: str | None = None
    resolution: str | None = None
    documents: str | None = None
    withheld: bool = False


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
        await self.timelines.change(event, lambda timeline: timeline.hear(entry))


@dataclass(frozen=True)
class TrackMatter:
    """A consumer looks up a matter by number and PIN. Until the PIN is right nothing that exists is looked at, so
    that neither answer nor time tells whether a number exists."""

    timelines: Timelines
    pins: PinCheck
    seals: Seals
    by_number: Tries
    by_client: Tries

    async def __call__(self, number_text: str, pin_text: str, client: str) -> Tracked:
        """Errors: Invalid, NoMatch, TooMany, Unavailable."""
        number, pin = _well_formed(number_text, pin_text)
        await self.by_client.take(self.pins.hidden(client))
        await self.by_number.take(number)
        if not self.pins.right(number, pin):
            raise NoMatch
        # A right PIN of a matter that was not heard of yet does not count either: its consumer is only early.
        await self.by_number.give_back(number)
        timeline = await self.timelines.get(number)
        if timeline is None:
            raise NoMatch
        return await self._with_what_is_sealed(timeline)

    async def _with_what_is_sealed(self, timeline: Timeline) -> Tracked:
        answered = timeline.latest("intake.service-answered.v1")
        accepted = timeline.latest("pujk_gateway.resolution-accepted.v1")
        proposed = timeline.latest("pujk_gateway.resolution-proposed.v1") if accepted else None
        waits = timeline.stands().waits_for_documents
        asked = timeline.latest("pujk_gateway.documents-asked.v1") if waits else None
        try:
            texts = [
                await self.seals.read(entry["data"]["sealed"], timeline.number) if entry else None
                for entry in (answered, proposed, asked)
            ]
        except Unavailable:
            return Tracked(timeline, withheld=True)
        return Tracked(timeline, answer=texts[0], resolution=texts[1], documents=texts[2])


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
