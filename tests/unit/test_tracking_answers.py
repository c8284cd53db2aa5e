"""What a consumer may answer follows from where the matter stands; each answer is said once, whatever is pressed
twice."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from chassis.ids import new_id
from chassis.messages import Act
from chassis.permits import Permit, PermitEnded, Permits, PermitWrong
from chassis.sealing import seal, unseal
from contracts.cases import Obligation
from kit.facts import AMatter
from tracking.domain.answers import POSITIONS_MOST, AnsweredOtherwise, MovedOn, SaidEnough, TimeOver
from tracking.domain.timeline import Timeline
from tracking.usecases.answering import Given, PermitAnswers, TakeAnswer
from tracking.usecases.looking import FoldFact, Tracked
from tracking.views.matter import Views
from tracking.words import Words

from contracts import settling, tracking

NOW = datetime(2026, 4, 8, 3, 0, tzinfo=UTC)
UNTIL = datetime(2026, 4, 22, 16, 59, 59, tzinfo=UTC)
VIEWS = Views(Words())
FACTS = {fact.name(): fact for fact in tracking.FACTS}


class AtFixed:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Stored:
    """Applies changes to one timeline at once; ``said`` keeps what it said."""

    def __init__(self, number: str) -> None:
        self.timeline = Timeline(number)
        self.said: list[tuple[str, dict[str, Any]]] = []

    async def change(self, message: Any, change: Any) -> Any:
        change(self.timeline)
        self.said += self.timeline.said
        self.timeline.said = []
        return SimpleNamespace(aggregate=self.timeline)

    async def get(self, number: str) -> Timeline | None:
        return self.timeline


class Consumer:
    """Of a matter whose proposal OJK accepted."""

    def __init__(self) -> None:
        self.story, self.clock = AMatter(), AtFixed()
        self.stored = Stored(self.story.number)

    async def hear(self, *events: Any) -> None:
        for event in events:
            await FoldFact(self.stored)(event)

    async def stands(self, state: str, **but: Any) -> None:
        """Something happened at the gateway, and so it stands."""
        known: dict[str, Any] = {"proposal": 1, "consumer_until": UNTIL}
        standing = self.story.stands(state, **known | but)
        fact = settling.ConsumerAnswered(round=1, proposal=1, answer="agrees", standing=standing)
        await self.hear(self.story.says(fact))

    async def owed(self, state: Any, promised_by: str = "2026-04-20", at: str = "owed") -> None:
        owed = Obligation(demand=1, amount=1_500_000, promised_by=promised_by, state=state)
        await self.stands(at, obligations=(owed,))

    async def says(self, what: str, about: int = 1, **but: Any) -> None:
        take = TakeAnswer(self.stored, seal, self.clock)
        proposal = about if what in ("agrees", "objects") else None
        await take(Act(new_id(), self.story.number), Given(what, 1, proposal, about, **but))

    async def relief(self, what: str, proposal: int) -> None:
        take = TakeAnswer(self.stored, seal, self.clock)
        await take(Act(new_id(), self.story.number), Given(what, 1, proposal, 1))

    async def hears_itself(self) -> None:
        """What was said comes back, as it does by the inbox."""
        for name, data in self.stored.said:
            await self.hear(self.story.says(FACTS[name](**data)))

    @property
    def said(self) -> list[str]:
        return [name for name, _ in self.stored.said]

    @property
    def shown(self) -> Any:
        return VIEWS.matter(Tracked(self.stored.timeline, now=self.clock.at))


@pytest.fixture
async def consumer() -> Consumer:
    found = Consumer()
    story = found.story
    await found.hear(story.registered(), story.routed(), story.taken_over(), story.proposed())
    await found.hear(story.accepted(until=UNTIL))
    return found


async def test_an_accepted_proposal_is_the_consumers_turn_and_says_until_when_and_why(consumer: Consumer) -> None:
    shown = consumer.shown
    assert (shown.stage.code, shown.stage.whose_turn.id, shown.stage.until) == ("accepted", "Anda", UNTIL)
    assert shown.stage.why_until.id == "Anda mendapat 10 hari kerja sejak OJK menerima usulan."
    assert "22 April 2026" in shown.stage.now.id and "Bila Anda diam" in shown.stage.you_can.id
    assert [(one.what, one.round, one.proposal, one.until) for one in shown.awaited] == [("proposal", 1, 1, UNTIL)]
    assert "Rp500 juta" in shown.facilitation_limits.id


async def test_who_agrees_twice_says_it_once_and_sees_it_at_once(consumer: Consumer) -> None:
    await consumer.says("agrees")
    await consumer.says("agrees")
    assert consumer.said == ["consumer-confirmed"]
    assert consumer.shown.awaited == []
    assert [one.id for one in consumer.shown.on_the_way] == ["Anda sudah setuju. Sistem OJK sedang mencatatnya."]
    with pytest.raises(AnsweredOtherwise):
        await consumer.says("objects", text="Belum.")
    await consumer.hears_itself()
    assert consumer.shown.on_the_way == [] and consumer.stored.timeline.answers == []
    assert consumer.shown.timeline[-1].label.id == "Anda menyetujui penyelesaian"
    await consumer.says("agrees")
    with pytest.raises(AnsweredOtherwise):
        await consumer.says("objects", text="Belum.")
    assert consumer.said == ["consumer-confirmed"]


async def test_an_objection_is_sealed_to_the_matter(consumer: Consumer) -> None:
    await consumer.says("objects", text="Bunganya belum kembali.", facilitation=True)
    [(name, data)] = consumer.stored.said
    assert (name, data["facilitation"]) == ("consumer-objected", True)
    assert "Bunganya" not in str(consumer.stored.timeline)
    opened = unseal(data["sealed"], consumer.story.secret, consumer.story.number)
    assert json.loads(opened) == {"text": "Bunganya belum kembali."}
    await consumer.hears_itself()
    assert consumer.shown.timeline[-1].detail.id == "Anda meminta OJK memfasilitasi"


async def test_an_answer_that_belongs_to_another_state_is_refused(consumer: Consumer) -> None:
    with pytest.raises(MovedOn):
        await consumer.says("agrees", 2)
    for what in ("there", "missing"):
        with pytest.raises(MovedOn):
            await consumer.says(what)
    with pytest.raises(MovedOn):
        await consumer.says("position", text="Saya mau.")
    consumer.clock.at = UNTIL + timedelta(seconds=1)
    with pytest.raises(TimeOver):
        await consumer.says("agrees")
    assert consumer.shown.awaited == [] and consumer.said == []
    consumer.clock.at = NOW
    await consumer.stands("closed", reason="silent")
    with pytest.raises(MovedOn):
        await consumer.says("objects", text="Terlambat.")


async def test_what_is_promised_may_be_confirmed_early_and_denied_when_it_should_be_there(consumer: Consumer) -> None:
    await consumer.owed("promised")
    shown = consumer.shown
    assert (shown.stage.code, shown.stage.whose_turn.id) == ("owed", "PT Bank Contoh")
    assert "20 April 2026" in shown.stage.now.id
    assert [(one.state, one.amount) for one in shown.promises] == [("promised", 1_500_000)]
    assert [(one.what, one.demand, one.may_deny, one.until) for one in shown.awaited] == [("relief", 1, False, None)]
    with pytest.raises(MovedOn):
        await consumer.says("missing")
    consumer.clock.at = datetime(2026, 4, 20, 17, 0, tzinfo=UTC)  # the 21st in Jakarta
    await consumer.says("missing")
    await consumer.says("missing")
    with pytest.raises(AnsweredOtherwise):
        await consumer.says("there")
    assert consumer.said == ["relief-denied"] and consumer.shown.awaited == []


async def test_a_promise_kept_before_the_consumer_agreed_is_asked_about_as_well(consumer: Consumer) -> None:
    await consumer.owed("promised", at="accepted")
    assert [one.what for one in consumer.shown.awaited] == ["proposal"]
    await consumer.owed("paid", at="accepted")
    assert [(one.what, one.may_deny) for one in consumer.shown.awaited] == [("proposal", False), ("relief", True)]
    await consumer.says("there")
    assert [one.what for one in consumer.shown.awaited] == ["proposal"]
    await consumer.says("agrees")
    assert consumer.said == ["relief-confirmed", "consumer-confirmed"] and consumer.shown.awaited == []


@pytest.mark.parametrize("state", ["in-handling", "proposed", "objected", "facilitation", "at-laps"])
async def test_what_is_paid_is_asked_about_wherever_the_matter_stands(consumer: Consumer, state: str) -> None:
    await consumer.owed("promised", at=state)
    consumer.clock.at = UNTIL - timedelta(hours=1)
    assert all(one.what == "position" for one in consumer.shown.awaited), "silence confirms nothing"
    await consumer.owed("paid", at=state)
    *_, one = consumer.shown.awaited
    assert (one.what, one.demand, one.may_deny, one.until) == ("relief", 1, True, UNTIL)
    assert state == "facilitation" or "Bila Anda diam" in consumer.shown.stage.you_can.id
    await consumer.says("missing", text="Belum ada.")
    assert consumer.said == ["relief-denied"]
    assert all(one.what == "position" for one in consumer.shown.awaited)
    await consumer.stands("closed", reason="withdrawn")
    assert consumer.shown.awaited == []


async def test_a_promise_may_be_denied_come_and_be_denied_again(consumer: Consumer) -> None:
    await consumer.owed("paid")
    assert (consumer.shown.stage.code, consumer.shown.stage.until) == ("paid", UNTIL)
    await consumer.says("missing", text="Baru sebagian.")
    await consumer.hears_itself()
    assert consumer.shown.awaited == []
    await consumer.owed("overdue", at="in-handling")
    assert consumer.shown.stage.code == "reopened"
    assert [(one.demand, one.may_deny) for one in consumer.shown.awaited] == [(1, False)]
    await consumer.says("there")
    assert consumer.said == ["relief-denied", "relief-confirmed"]


async def test_a_promise_made_again_is_asked_about_by_itself_and_named(consumer: Consumer) -> None:
    kept = Obligation(demand=1, proposal=1, amount=1_500_000, promised_by=date(2026, 4, 1), state="fulfilled")
    anew = kept.model_copy(update={"proposal": 2, "promised_by": date(2026, 4, 20), "state": "paid"})
    await consumer.stands("owed", obligations=(kept.model_copy(update={"state": "paid"}),))
    await consumer.says("there")
    await consumer.hears_itself()
    await consumer.stands("owed", obligations=(kept, anew), proposal=2)
    assert [(one.demand, one.proposal) for one in consumer.shown.awaited] == [(1, 2)]
    with pytest.raises(MovedOn):
        await consumer.relief("missing", proposal=1)
    await consumer.relief("missing", proposal=2)
    assert consumer.shown.awaited == []
    assert [(name, data["proposal"]) for name, data in consumer.stored.said] == [
        ("relief-confirmed", 1),
        ("relief-denied", 2),
    ]


async def test_in_a_facilitation_the_consumer_says_what_they_think_some_times(consumer: Consumer) -> None:
    await consumer.stands("facilitation")
    assert [one.what for one in consumer.shown.awaited] == ["position"]
    for count in range(POSITIONS_MOST):
        await consumer.says("position", text=f"Usul {count}")
    with pytest.raises(SaidEnough):
        await consumer.says("position", text="Lagi")
    assert len(consumer.shown.on_the_way) == POSITIONS_MOST
    await consumer.hears_itself()
    assert consumer.shown.on_the_way == []


async def test_every_order_of_hearing_awaits_the_same(consumer: Consumer) -> None:
    await consumer.says("agrees")
    await consumer.hears_itself()
    await consumer.owed("paid")
    backwards = Stored(consumer.story.number)
    for event in reversed(consumer.story.said):
        await FoldFact(backwards)(event)
    now = consumer.clock.at
    assert backwards.timeline.awaited(now) == consumer.stored.timeline.awaited(now) != []
    assert VIEWS.matter(Tracked(backwards.timeline, now=now)) == consumer.shown


class Rounds:
    """Which PIN of any number is good."""

    good = 1

    async def pin_round(self, number: str) -> int:
        return self.good


async def test_a_permit_is_good_for_what_it_was_made_for_and_for_so_long() -> None:
    clock, key = AtFixed(), bytes(range(32))
    mails, pages = Permits(key, "link of a mail"), Permits(key, "page of a matter")
    permit = PermitAnswers(pages, mails, Permits(key, "way to intake"), rounds := Rounds(), clock)
    text = mails.made(Permit("5043812177304", "proposal", UNTIL, (1, 2)))
    assert len(text) < 120 and "5043812177304" not in text
    assert permit.mail(text).about == (1, 2)
    for wrong in (text[:-2], text[::-1], "", "x" * 500, pages.made(Permit("5043812177304", "proposal", UNTIL, (1, 2)))):
        with pytest.raises(PermitWrong):
            permit.mail(wrong)
    with pytest.raises(PermitWrong):
        await permit.page(text)
    with pytest.raises(PermitWrong):
        permit.mail(mails.made(Permit("5043812177304", "withdraw", UNTIL)))
    clock.at = UNTIL
    with pytest.raises(PermitEnded):
        permit.mail(text)
    opened = permit.for_page("5043812177304", 1)
    assert await permit.page(opened) == "5043812177304"
    rounds.good = 2
    with pytest.raises(PermitEnded):
        await permit.page(opened)
    assert permit.mail(mails.made(Permit("5043812177304", "feedback", UNTIL + timedelta(days=1)))).about == ()
