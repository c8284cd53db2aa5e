"""Does a proposal contradict itself? What it is called, what it gives, and what it answers to each demand must say the
same: OJK reads them side by side, and a consumer agrees to what they say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pujk_gateway.domain.parts import Answer

Why = Literal[
    "date_over", "date_far", "refused_gives_nothing", "gives_nothing", "kind_refuses", "kind_gives", "kind_no_money",
    "amount_less", "date_missing",
]  # fmt: skip
MONEY, NO = "monetary-relief", "refused"


@dataclass(frozen=True)
class Contradiction:
    """``demand`` is none where it is about the whole; ``field`` is that of the answer, or of the proposal."""

    why: Why
    field: Literal["kind", "amount", "answer", "promised"]
    came: str
    expected: str
    demand: int | None = None


def contradictions(
    kind: str, amount: int | None, answers: Sequence[Answer], today: date, latest: date
) -> Iterator[Contradiction]:
    """All there are. ``latest``: nothing is promised for a later day."""
    for one in answers:
        yield from _of_one(kind, one, today, latest)
    if kind == NO and amount is not None:
        yield Contradiction("kind_no_money", "amount", f"{amount} of a proposal that refuses", "no amount")
    elif kind != MONEY and amount is not None:
        yield Contradiction("kind_no_money", "amount", f"{amount}, and kind {kind}", f"no amount, or kind {MONEY}")
    elif kind == MONEY and amount == 0:
        yield Contradiction("gives_nothing", "amount", "relief of 0 rupiah", "more than 0")
    if kind in (MONEY, "non-monetary-relief") and answers and all(one.answer == NO for one in answers):
        yield Contradiction("kind_gives", "kind", f"{kind}, and each demand refused", f"kind {NO}, or a demand granted")
    granted = [one for one in answers if one.answer != NO]
    if kind == MONEY and amount and granted and all((one.amount, one.promised_by) == (None, None) for one in granted):
        yield _no_day(granted[0])
    given = sum(one.amount or 0 for one in answers)
    if kind == MONEY and amount is not None and amount < given:
        yield Contradiction("amount_less", "amount", str(amount), f"at least the {given} that the answers come to")


def _of_one(kind: str, one: Answer, today: date, latest: date) -> Iterator[Contradiction]:
    demand = one.demand
    if one.promised_by and one.promised_by < today:
        yield Contradiction("date_over", "promised", "a day that is over", "today or later", demand)
    elif one.promised_by and one.promised_by > latest:
        yield Contradiction("date_far", "promised", one.promised_by.isoformat(), f"{latest} at the latest", demand)
    elif kind == MONEY and one.amount and one.answer != NO and not one.promised_by:
        yield _no_day(one)
    if one.answer == NO and (one.amount or one.promised_by):
        yield Contradiction(
            "refused_gives_nothing", "answer", "refused, and something given", "no amount and no day", demand
        )
    elif one.amount == 0:
        yield Contradiction("gives_nothing", "amount", "0 rupiah", "more than 0, or no amount", demand)
    elif one.amount and kind != MONEY:
        yield Contradiction("kind_no_money", "amount", f"{one.amount}, and kind {kind}", f"kind {MONEY}", demand)
    if kind == NO and one.answer != NO:
        yield Contradiction("kind_refuses", "answer", f"{one.answer}, and kind {NO}", "refused", demand)


def _no_day(one: Answer) -> Contradiction:
    """Money without a day would be owed by nobody: only what is promised by a day is kept, confirmed or broken."""
    return Contradiction("date_missing", "promised", "money without a day", "the day by which it is there", one.demand)
