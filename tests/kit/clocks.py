"""How does a test of routing's clocks bring a ticket to where its story begins?"""

from datetime import datetime, timedelta
from typing import Any

from chassis.working_days import JAKARTA, Calendar
from contracts.topology import FACTS
from routing.adapters.calendar import DatedTerms, load_service_levels
from routing.domain.assignment import Assignment
from routing.domain.parts import Firm, Found, NoDeskFound, NothingDue
from routing.domain.term import Mark, What

TERMS = DatedTerms(load_service_levels(), Calendar(version="weekends only", holidays={}))
NAMES = {fact.name(): fact for fact in FACTS["routing"]}
BANK = Found(Firm("BANK-001", "Bank Satu"), "code")


def july(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=JAKARTA)


#: Received on Friday the 3rd; ten working days end on Friday the 17th.
RECEIVED, DUE = july(3), july(17, 23, 59) + timedelta(seconds=59)


def an_assignment(found: Found | NoDeskFound = BANK, **but: Any) -> Assignment:
    made = Assignment("5043812177304")
    about = {"kind": "complaint", "form": "written", "received_at": RECEIVED, "product": None, "named": None}
    made.registered(**{**about, **but}, found=found, terms=TERMS)
    said(made)
    return made


def said(assignment: Assignment) -> list[str]:
    """What was said since, each as its contract wants it."""
    facts, assignment.said = assignment.said, []
    for name, data in facts:
        NAMES[name].model_validate({**data, "standing": assignment.standing()})
    return [name for name, _ in facts]


def hears(
    assignment: Assignment, seq: int, what: What | None, at: datetime, state: str = "in-handling", round_: int = 1
) -> list[str]:
    mark = Mark(seq, what, at) if what else None
    assignment.gateway_stands(seq, state=state, round_=round_, at=at, terms=TERMS, mark=mark)
    return said(assignment)


def told(assignment: Assignment, now: datetime, *, all_heard: bool = True) -> list[str]:
    """What workers say by then, however often they look."""
    for _ in range(10):
        try:
            assignment.tick(now, TERMS, all_heard=all_heard)
        except NothingDue:
            return said(assignment)
    raise AssertionError(f"never done: {said(assignment)}")
