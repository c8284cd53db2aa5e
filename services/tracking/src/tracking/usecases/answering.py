"""How does a consumer answer? By number and PIN, by a form of the page that these opened, or by the link of a mail:
each permits what it was made for, and what comes of it is one fact."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.messages import Act
from chassis.permits import Permit, PermitEnded, PermitWrong
from chassis.refusals import NotYetKnown

from tracking.domain.timeline import NoMatch, Timeline
from tracking.ports import Permitting, PinRounds, SealsFor, Timelines

#: How long the forms of a page are good that number and PIN opened: so long one may write.
PAGE_LIFE = timedelta(minutes=60)
#: How long another service's page may be gone to from here.
WAY_LIFE = timedelta(minutes=15)
#: What a mail may permit: to answer a proposal, or to say whether a promise is there.
PROPOSAL, RELIEF = "proposal", "relief"
#: What a mail may ask besides: how the service was.
FEEDBACK = "feedback"
#: What a consumer goes to intake's pages for.
TO_INTAKE = ("attach", "withdraw")
ANY_ANSWER = "answer"
TEXT_MOST = 5_000


@dataclass(frozen=True)
class Given:
    """An answer as it came, whichever way: ``what`` is one of agrees, objects, there, missing, position."""

    what: str
    round: int
    proposal: int | None = None
    demand: int = 0
    facilitation: bool = False
    text: str = ""


@dataclass(frozen=True)
class TakeAnswer:
    """One answer becomes one fact, a second like it nothing. Whoever calls this knows that it is the consumer."""

    timelines: Timelines
    seal_for: SealsFor
    clock: Clock

    async def __call__(self, act: Act, given: Given) -> Timeline:
        """Errors: NoMatch, MovedOn, AnsweredOtherwise, TimeOver, SaidEnough, KeyReused, NotYetKnown, Unavailable."""
        timeline = await self.timelines.get(act.subject)
        if timeline is None:
            raise NoMatch
        sealed = sealed_for(self.seal_for, timeline, given.text)
        change = changing(given, self.clock.now(), sealed)
        return (await self.timelines.change(act, change)).aggregate


def sealed_for(seal_for: SealsFor, timeline: Timeline, text: str) -> str | None:
    """Sealed to the matter's key; none where nothing was written. Errors: NotYetKnown."""
    if not text:
        return None
    registered = timeline.latest("intake.service-registered.v1")
    if registered is None:
        raise NotYetKnown("the matter is still on its way here; send the same again in a minute")
    content = json.dumps({"text": text}, ensure_ascii=False)
    return seal_for(content, registered["data"]["seal_key"], timeline.number)


def changing(given: Given, now: datetime, sealed: str | None) -> Callable[[Timeline], None]:
    """What the answer does to the timeline; pure."""

    def change(timeline: Timeline) -> None:
        if given.what == "agrees":
            timeline.agree(given.round, given.proposal or 0, now)
        elif given.what == "objects":
            about = given.round, given.proposal or 0
            timeline.objects(*about, now, facilitation=given.facilitation, sealed=sealed or "")
        elif given.what == "position":
            timeline.state_position(given.round, now, sealed=sealed or "")
        else:
            there, proposal = given.what == "there", given.proposal
            timeline.relief(given.round, given.demand, now, there=there, sealed=sealed, proposal=proposal)

    return change


@dataclass(frozen=True)
class PermitAnswers:
    """The forms of a page that number and PIN opened, and the links of mails, permit answers."""

    of_pages: Permitting
    of_mails: Permitting
    of_ways: Permitting
    rounds: PinRounds
    clock: Clock

    def for_page(self, number: str, pin_round: int) -> str:
        """``pin_round``: of the PIN that is good now; with that PIN what it opened ends."""
        return self.of_pages.made(Permit(number, ANY_ANSWER, self.clock.now() + PAGE_LIFE, (pin_round,)))

    async def page(self, text: str) -> str:
        """The number. Errors: PermitWrong, PermitEnded, Unavailable."""
        return (await self.opened(text)).number

    async def opened(self, text: str) -> Permit:
        """What number and PIN opened, as long as it is open. Errors: PermitWrong, PermitEnded, Unavailable."""
        permit = self.of_pages.read(text, self.clock.now())
        if permit.about != (await self.rounds.pin_round(permit.number),):
            raise PermitEnded("the matter has a new PIN; begin again with it")
        return permit

    def way(self, number: str, act: str, pin_round: int) -> str:
        """To intake's page for this act alone: one of ``TO_INTAKE``; with the PIN of ``pin_round`` it ends, too."""
        return self.of_ways.made(Permit(number, act, self.clock.now() + WAY_LIFE, (pin_round,)))

    def mail(self, text: str) -> Permit:
        """``about`` is (round, proposal), or (round, demand, and the proposal that promised it, where it says so), or
        nothing where it asks how the service was. Errors: PermitWrong, PermitEnded."""
        permit = self.of_mails.read(text, self.clock.now())
        if len(permit.about) not in {PROPOSAL: (2,), RELIEF: (2, 3), FEEDBACK: (0,)}.get(permit.act, ()):
            raise PermitWrong("this link is for something else")
        return permit
