"""What does a firm with very many tickets have? Cases as the code writes them, in all states, made by the rules; and
what a supervisor has on the desk, copied from one that was parked."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from chassis.documents import CODEC
from contracts.codes import codes
from pujk_gateway.adapters.listing import CaseDocuments
from pujk_gateway.domain import acts, waiting
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import About, Answer, Cause, Day, Deadline, Deed, Demand

BATCH = 1_000
_DAYS, _TERM, _SEALED = 400, 20, "s" * 600
_PRODUCTS = [one.code for one in codes() if one.sort == "product"]
_ISSUES = [one.code for one in codes() if one.sort == "issue"]


def _few_often(values: Sequence[str], random: Random) -> str:
    """The first of them half as often as the next two together, and so on: as complaints are."""
    return random.choices(values, [1 / (1 + place) for place in range(len(values))])[0]


def a_case(number: str, pujk: str, officers: Sequence[str], now: datetime, random: Random, proposed: float) -> Case:
    """Brought within the last 400 days, somewhere on its way; ``proposed``: the share that waits for OJK."""
    case, received = Case(number), now - timedelta(minutes=random.randrange(_DAYS * 24 * 60))
    cause = Cause(number, received)
    about = About(_few_often(_ISSUES, random), "31", received)
    product = _few_often(_PRODUCTS, random)
    case.registered(kind="complaint", product=product, demands=[Demand(1)], seal_key="k" * 60, about=about)
    last = (now + timedelta(days=random.randrange(-30, 30))).date()
    days = [Day(last - timedelta(days=_TERM - n), n) for n in range(1, _TERM + 1)]
    due = datetime.combine(days[-1].date, time(16, 59, 59), UTC)
    deadline = Deadline(_TERM, "complaint", "1", "1", days)
    case.routed(1, cause, round_=1, pujk=pujk, name="PT Bank Contoh", due=due, deadline=deadline)
    deed, luck = Deed(pujk, 1, random.choice(officers), cause), random.random()
    if luck < 0.2:
        return case
    acts.take_over(case, deed)
    if luck < 0.2 + proposed:
        answers = [Answer(1, "refused")]
        proposal: dict[str, Any] = {"kind": "refused", "amount": None, "latest": now.date()}
        acts.propose(case, deed, basis=case.basis, answers=answers, sealed=_SEALED, **proposal)
    elif luck < 0.3 + proposed:
        waiting.ask_documents(case, deed, basis=case.basis, sealed=_SEALED, most=3, until=now + timedelta(days=14))
    elif luck < 0.5 + proposed:
        case.close("resolved", cause)
    return case


def fill_cases(
    cases: Any, numbers: Iterator[str], many: int, pujk: str, officers: Sequence[str], proposed: float
) -> None:
    """Written in bulk; nothing of them waits to be said."""
    documents, random, now = CaseDocuments(), Random(7), datetime.now(UTC)
    stored, batch = cases.with_options(codec_options=CODEC), list[dict[str, Any]]()
    for left in range(many, 0, -1):
        case = a_case(next(numbers), pujk, officers, now, random, proposed)
        state = {**documents.state(case), "to_announce": False}
        heard = {"heard": {"intake": [1], "routing": [1]}, "unsent": []}
        batch.append({"_id": case.number, "version": 1, **heard, "state": state})
        if len(batch) == BATCH or left == 1:
            stored.insert_many(batch, ordered=False)
            batch = []


def fill_parked(assignments: Any, numbers: Iterator[str], many: int, like: dict[str, Any]) -> None:
    """Copies of one that is parked: named so and so, brought then and then."""
    random, batch = Random(7), list[dict[str, Any]]()
    received = like["state"]["received_at"]
    for left in range(many, 0, -1):
        came = received - timedelta(minutes=random.randrange(_DAYS * 24 * 60))
        state = {**like["state"], "named": f"Bank Contoh {random.randrange(3_000)}", "received_at": came}
        # No clock of theirs runs out meanwhile: what is measured is the desk.
        state |= {"wake_at": None, "miss_at": None, "escalated": random.choice([None, None, None, "supervisor"])}
        batch.append({**like, "_id": next(numbers), "state": state})
        if len(batch) == BATCH or left == 1:
            assignments.insert_many(batch, ordered=False)
            batch = []
