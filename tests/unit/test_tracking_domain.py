"""Where a matter stands follows from its owners' latest standings alone; what is shown follows from the facts."""

import base64
import hashlib
import hmac
from datetime import timedelta
from itertools import permutations, product
from random import Random
from typing import Any, get_args

import pytest
from contracts.base import Event
from contracts.numbers import digits_of
from contracts.topology import OWNERS, by_type
from kit.facts import DUE, AMatter
from tracking.domain import timeline as shown
from tracking.domain.stages import STAGES, Stands
from tracking.domain.timeline import Timeline
from tracking.pins import Pins, pin_of
from tracking.usecases.looking import FoldFact, Tracked
from tracking.views.matter import Views
from tracking.words import Words

from contracts import cases, intake, routing

KEY = base64.b64decode("c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0ISEhIQ==")
VIEWS = Views(Words())


class InMemory:
    """Applies changes to one timeline at once."""

    def __init__(self, number: str) -> None:
        self.timeline = Timeline(number)

    async def change(self, message: Any, change: Any) -> Any:
        change(self.timeline)

    async def get(self, number: str) -> Timeline | None:
        return self.timeline


async def folded(number: str, events: Any) -> Timeline:
    timelines = InMemory(number)
    for event in events:
        await FoldFact(timelines)(event)
    return timelines.timeline


def at(intake: Any = None, routing: Any = None, gateway: Any = None) -> str:
    return Stands(intake or {"state": "open"}, routing or {}, gateway or {}).stage


GATEWAY_STATES = get_args(cases.GatewayStanding.model_fields["state"].annotation)
PROMISES = ("promised", "paid", "overdue")
ENDINGS = ("duplicate", "in-court", "fraud", "not-supervised")
WISH = {"state": "open", "withdrawal_asked": True}
SENT = {"state": "routed", "round": 1}
BEGUN, OWED = ({"state": one, "round": 1} for one in ("in-handling", "owed"))
PROMISED, PAID, OVERDUE = ({"demand": 1, "promised_by": DUE.date(), "state": one} for one in PROMISES)

#: One line for each row of the precedence table: standings, stage, and a lower row that it must win against.
ROWS: list[tuple[dict[str, Any], str]] = [
    *(({"routing": {"state": "closed", "reason": one}}, f"closed_{one.replace('-', '_')}") for one in ENDINGS),
    ({"gateway": {"state": "closed", "reason": "withdrawn"}, "intake": WISH, "routing": SENT}, "closed_withdrawn"),
    ({"gateway": {"state": "closed", "reason": "silent"}, "intake": WISH, "routing": SENT}, "closed_silent"),
    ({"gateway": {"state": "closed", "reason": "settled"}, "intake": WISH, "routing": SENT}, "closed_settled"),
    ({"gateway": {"state": "closed", "reason": "laps"}, "intake": WISH, "routing": SENT}, "closed_laps"),
    ({"gateway": {"state": "closed", "reason": "resolved"}, "intake": WISH, "routing": SENT}, "closed_resolved"),
    ({"routing": {"state": "closed", "reason": "withdrawn"}, "intake": WISH}, "closed_withdrawn"),
    ({"intake": {"state": "closed", "withdrawal_asked": True}}, "closed_withdrawn"),
    ({"intake": {"state": "closed"}}, "recorded"),
    ({"intake": {"state": "answered", "withdrawal_asked": True}}, "answered"),
    ({"intake": WISH, "routing": SENT, "gateway": {"state": "at-laps", "round": 1}}, "at_laps"),
    ({"intake": WISH, "routing": SENT, "gateway": {"state": "facilitation", "round": 1}}, "facilitation"),
    ({"intake": WISH, "routing": SENT, "gateway": {"state": "objected", "round": 1}}, "objected"),
    ({"intake": WISH, "routing": SENT, "gateway": {**OWED, "obligations": [PROMISED, PAID]}}, "paid"),
    ({"intake": WISH, "routing": SENT, "gateway": {**OWED, "obligations": [PROMISED]}}, "owed"),
    ({"intake": WISH, "routing": SENT, "gateway": {"state": "accepted", "round": 1}}, "accepted"),
    ({"intake": WISH, "routing": SENT, "gateway": {"state": "proposed", "round": 1}}, "withdrawal_asked"),
    ({"routing": SENT, "gateway": {"state": "proposed", "round": 1, "proposal": 2, "returned": 1}}, "proposed"),
    ({"routing": SENT, "gateway": {**BEGUN, "waiting_for": "documents", "obligations": [OVERDUE]}}, "reopened"),
    ({"routing": SENT, "gateway": {**BEGUN, "waiting_for": "documents", "proposal": 1, "returned": 1}}, "documents"),
    ({"routing": SENT, "gateway": {**BEGUN, "proposal": 1, "returned": 1}}, "returned"),
    ({"routing": SENT, "gateway": {"state": "in-handling", "round": 1}}, "in_handling"),
    ({"routing": {}, "gateway": {"state": "sent", "round": 1}}, "sent_to_pujk"),
    ({"routing": SENT, "gateway": {"state": "declined", "round": 1}}, "parked"),
    ({"routing": {"state": "parked", "round": 1}, "gateway": {"state": "in-handling", "round": 1}}, "parked"),
    ({"routing": SENT, "gateway": {"state": "waiting"}}, "sent_to_pujk"),
    ({}, "received"),
]


def test_every_row_of_the_table_is_tested() -> None:
    assert [stage for _, stage in ROWS] == [stage for stage, _ in STAGES]


@pytest.mark.parametrize(("standings", "stage"), ROWS)
def test_the_first_row_that_applies_is_the_stage(standings: dict[str, Any], stage: str) -> None:
    assert at(**standings) == stage


@pytest.mark.parametrize(
    ("standings", "stage"),
    [
        ({"routing": {"state": "routed", "round": 2}, "gateway": {"state": "proposed", "round": 1}}, "sent_to_pujk"),
        ({"routing": {"state": "routed", "round": 2}, "gateway": {"state": "recalled", "round": 1}}, "sent_to_pujk"),
        ({"routing": {"state": "parked", "round": 1}, "gateway": {"state": "sent", "round": 2}}, "sent_to_pujk"),
        ({"routing": {"state": "parked", "round": 1}, "gateway": {"state": "declined", "round": 1}}, "parked"),
        ({"routing": {"state": "routed", "round": 2}, "gateway": {"state": "declined", "round": 1}}, "sent_to_pujk"),
        ({"routing": {"state": "routed", "round": 2}, "gateway": {"state": "closed", "round": 1}}, "closed_resolved"),
    ],
)
def test_a_firm_speaks_only_of_its_own_round(standings: dict[str, Any], stage: str) -> None:
    assert at(**standings) == stage


def test_every_reachable_combination_has_a_stage_with_words() -> None:
    intakes = [
        intake.IntakeStanding(kind="complaint", state=state, withdrawal_asked=asked).model_dump()
        for state, asked in product(("open", "answered", "closed"), (False, True))
    ]
    routings = [
        routing.RoutingStanding(state="closed" if state in ENDINGS else state, round=round_, reason=state).model_dump()
        for state, round_ in product(("waiting", "parked", "routed", "closed", *ENDINGS), (0, 1, 2))
    ]
    gateways = [
        cases.GatewayStanding(
            state=state, round=round_, proposal=1, returned=returned, waiting_for=waits, reason=reason, obligations=owed
        ).model_dump(mode="json")
        for (state, reason), round_, returned, waits, owed in product(
            [*((one, None) for one in GATEWAY_STATES), *(("closed", one) for one in get_args(cases.ClosingReason))],
            (0, 1, 2),
            (0, 1),
            (None, "documents"),
            ((), (PAID,), (OVERDUE,)),
        )
    ]
    seen = {Stands(*standings).stage for standings in product([{}, *intakes], [{}, *routings], [{}, *gateways])}
    assert seen == {stage for stage, _ in STAGES}
    words = Words()
    assert all(words.stage(stage, words.values(None, None, None))["now"]["id"] for stage in seen)


async def test_every_order_of_hearing_ends_in_the_same_timeline() -> None:
    story = AMatter()
    facts = [story.registered(), story.routed(), story.taken_over(), story.followed_up(), story.proposed()]
    whole = await folded(story.number, facts)
    for order in permutations(facts):
        timeline = await folded(story.number, [*order, order[0]])
        assert timeline.history() == whole.history() == whole.entries
        assert timeline.standings == whole.standings
    assert whole.stands().stage == "proposed"


async def test_an_entry_holds_the_fact_as_it_stood_on_the_wire() -> None:
    story = AMatter()
    event = story.routed()
    wire = Event[by_type()[event.type]].model_validate_json(event.model_dump_json(exclude_none=True))  # type: ignore[misc]
    entry = (await folded(story.number, [wire])).entries[0]
    assert entry == {
        "id": event.id,
        "owner": "routing",
        "type": "routing.ticket-routed.v1",
        "seq": 1,
        "clock": 1,
        "time": event.time,
        "data": event.model_dump(mode="json", exclude_none=True)["data"],
    }


async def test_the_shown_history_is_sorted_by_clock_then_owner_then_seq() -> None:
    story = AMatter()
    facts = [story.says(story.registered().data), story.routed(), story.taken_over()]
    tied = [event.model_copy(update={"clock": 7}) for event in facts]
    Random(1).shuffle(tied)
    timeline = await folded(story.number, tied)
    assert [one["owner"] for one in timeline.history()] == ["intake", "routing", "pujk_gateway"]
    assert shown.OWNERS == OWNERS


async def test_documents_that_are_awaited_are_the_consumers_turn_and_said_which() -> None:
    story = AMatter()
    facts = [story.registered(), story.routed(), story.taken_over(), story.documents_asked()]
    waits = VIEWS.matter(Tracked(await folded(story.number, facts), documents="Salinan KTP."))
    assert (waits.stage.code, waits.stage.whose_turn.id, waits.stage.due) == ("documents", "Anda", None)
    assert "PT Bank Contoh membutuhkan dokumen" in waits.stage.now.id and waits.documents == "Salinan KTP."
    assert [step.state for step in waits.steps] == ["done", "done", "now", "next", "next", "next"]
    goes_on = VIEWS.matter(Tracked(await folded(story.number, [*facts, story.documents_received()])))
    assert goes_on.stage.code == "in_handling"


async def test_a_complaint_is_told_in_words_people_know() -> None:
    story = AMatter()
    facts = [story.registered(), story.routed(), story.taken_over()]
    matter = VIEWS.matter(Tracked(await folded(story.number, facts)))
    assert (matter.shown[:2], matter.pujk, matter.why_due) == ("P ", "PT Bank Contoh", Words().say("due_rule", n=2))
    assert matter.stage.now.id == (
        "Petugas PT Bank Contoh sedang menangani pengaduan Anda. Jawaban paling lambat 7 April 2026 pukul 23.59 WIB."
    )
    assert [step.state for step in matter.steps] == ["done", "done", "now", "next", "next", "next"]
    assert [one.why.id for one in matter.due_days] == [
        "Hari kerja ke-1",
        "Cuti bersama: Hari Suci Nyepi",
        "Akhir pekan",
        "Hari kerja ke-2",
    ]


async def test_the_present_deadline_is_shown_and_that_the_time_stands_still() -> None:
    story = AMatter()
    facts = [story.registered(), story.routed(), story.taken_over(), story.paused()]
    still = VIEWS.matter(Tracked(await folded(story.number, facts)))
    assert still.stage.stands_still is not None
    assert still.stage.stands_still.id.startswith("Waktu PUJK berhenti sejak 16 Maret 2026 pukul 09.00 WIB")
    facts += [story.resumed()]
    for order in permutations(facts):
        runs = VIEWS.matter(Tracked(await folded(story.number, order)))
        assert (runs.stage.stands_still, runs.stage.due) == (None, DUE + timedelta(days=1))
        assert [one.why.id for one in runs.due_days][-2:] == ["Waktu berhenti: menunggu dokumen", "Hari kerja ke-2"]


async def test_a_delay_that_was_told_further_up_says_whose_it_is() -> None:
    story = AMatter()
    parked = routing.RoutingStanding(state="parked", escalated="supervisor")
    told = routing.TicketEscalated(round=0, to="supervisor", because="parked", due=DUE, standing=parked)
    shown = VIEWS.matter(Tracked(await folded(story.number, [story.registered(), story.parked(), story.says(told)])))
    assert shown.timeline[-1].detail == Words().detail("escalated", "parked")


async def test_a_resolution_is_told_once_it_is_accepted() -> None:
    story = AMatter()
    facts = [story.registered(), story.routed(), story.taken_over(), story.proposed()]
    before = VIEWS.matter(Tracked(await folded(story.number, facts)))
    assert before.resolution and (before.resolution.state, before.resolution.amount) == ("proposed", None)
    story.returned(), story.proposed(2), story.accepted(2), story.closed()
    after = VIEWS.matter(Tracked(await folded(story.number, story.said), resolution="Dana kembali."))
    assert after.stage.code == "closed_resolved" and after.resolution
    assert (after.resolution.state, after.resolution.amount) == ("accepted", 1_500_000)
    assert (
        after.resolution.demands[0].promised and after.resolution.demands[0].promised.en == "promised by 20 April 2026"
    )


async def test_nothing_sealed_and_no_officer_is_shown() -> None:
    story = AMatter()
    story.registered(), story.parked(), story.routed(), story.taken_over(), story.followed_up(), story.declined()
    story.withdrawal_asked(), story.closed("withdrawn")
    told = str(VIEWS.matter(Tracked(await folded(story.number, story.said))))
    assert "budi" not in told
    assert not any(event.data.sealed in told for event in story.said if hasattr(event.data, "sealed"))


async def test_a_timeline_without_its_registration_can_be_shown() -> None:
    story = AMatter()
    matter = VIEWS.matter(Tracked(await folded(story.number, [story.taken_over()])))
    assert (matter.kind, matter.stage.code) == (None, "in_handling")
    assert "PUJK terkait" in matter.stage.now.id


def test_a_pin_is_eight_digits_of_the_matters_code() -> None:
    drawn = int.from_bytes(hmac.digest(KEY, b"5043812177304:1", hashlib.sha256), "big")
    assert pin_of(KEY, "5043812177304", 1) == f"{drawn % 100_000_000:08d}"
    assert pin_of(KEY, "5043812177304", 2) != pin_of(KEY, "5043812177304", 1)
    assert Pins(KEY).right("5043812177304", 1, pin_of(KEY, "5043812177304", 1))
    assert not Pins(KEY).right("5043812177304", 2, pin_of(KEY, "5043812177304", 1)), "a replaced PIN"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5043812177304", "5043812177304"),
        (" P 5043 8121 7730 4 ", "5043812177304"),
        ("l5043-8121-7730-4", "5043812177304"),
        ("504381217730", None),
        ("X 5043812177304", None),
        ("٥٠٤٣٨١٢١٧٧٣٠٤", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, digits: str | None) -> None:
    assert digits_of(text, 13) == digits


def test_a_notification_is_shown_where_its_time_falls_and_never_before_what_it_tells() -> None:
    timeline = Timeline("5043812177304")

    def said(id_: str, owner: str, clock: int, seconds: int, **data: str) -> None:
        time = f"2026-11-21T22:33:{seconds:02}.000Z"
        timeline.entries.append(
            {"id": id_, "owner": owner, "type": "", "seq": clock, "clock": clock, "time": time, "data": data}
        )

    said("late", "notifier", 9, 30, of="taken")
    said("early", "notifier", 8, 15, of="registered")
    said("decided", "pujk_gateway", 4, 22)
    said("skewed", "notifier", 7, 10, of="decided")
    said("registered", "intake", 1, 10)
    said("taken", "pujk_gateway", 3, 20)
    assert [one["id"] for one in timeline.history()] == ["registered", "early", "taken", "decided", "skewed", "late"]
