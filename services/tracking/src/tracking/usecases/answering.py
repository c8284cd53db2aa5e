"""How does a consumer answer? By number and PIN, by a form of the page that these opened, or by the link of a mail:
each permits what it was made for, and what comes of it is one fact."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.messages import Act
from chassis.permits import Permit, PermitWrong
from chassis.refusals import NotYetKnown

from tracking.domain.timeline import NoMatch, Timeline
from tracking.ports import Permitting, SealsFor, Timelines

#: How long the forms of a page are good that number and PIN opened: so long one may write.
PAGE_LIFE = timedelta(minutes=60)
#: How long another service's page may be gone to from here.
WAY_LIFE = timedelta(minutes=15)
#: What a mail may permit: to answer a proposal, or to say whether a promise is there.
PROPOSAL, RELIEF = "proposal", "relief"
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
        sealed = self._sealed(timeline, given.text)
        change = changing(given, self.clock.now(), sealed)
        return (await self.timelines.change(act, change)).aggregate

    def _sealed(self, timeline: Timeline, text: str) -> str | None:
        if not text:
            return None
        registered = timeline.latest("intake.service-registered.v1")
        if registered is None:
            raise NotYetKnown("the matter is still on its way here; send the same again in a minute")
        content = json.dumps({"text": text}, ensure_ascii=False)
        return self.seal_for(content, registered["data"]["seal_key"], timeline.number)


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
    clock: Clock

    def for_page(self, number: str) -> str:
        return self.of_pages.made(Permit(number, ANY_ANSWER, self.clock.now() + PAGE_LIFE))

    def page(self, text: str) -> str:
        """The number. Errors: PermitWrong, PermitEnded."""
        return self.of_pages.read(text, self.clock.now()).number

    def mail(self, text: str) -> Permit:
        """``about`` is (round, proposal), or (round, demand, and the proposal that promised it, where it says so).
        Errors: PermitWrong, PermitEnded."""
        permit = self.of_mails.read(text, self.clock.now())
        if len(permit.about) not in {PROPOSAL: (2,), RELIEF: (2, 3)}.get(permit.act, ()):
            raise PermitWrong("this link is for something else")
        return permit
