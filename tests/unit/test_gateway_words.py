"""Has every state, act and outcome of a ticket its words on the pages?"""

import json
from importlib.resources import files
from typing import Any, get_args

import pytest
from contracts.cases import DeclineKind, FollowUpKind, ResolutionKind
from pujk_gateway.domain import disputes, listing, parts, settling
from pujk_gateway.pages.cases import QUEUES

from contracts import pujk_gateway

WORDS = json.loads(files("pujk_gateway").joinpath("data/pages.json").read_text("utf-8"))
CLOSED = pujk_gateway.TicketClosed.model_fields["reason"].annotation
CASE_STATES = [state for state in get_args(parts.CaseState) if state != "waiting"]
#: What an entry of the history says besides what happened, by whatever it is.
KINDS: tuple[Any, ...] = (
    FollowUpKind, ResolutionKind, DeclineKind, CLOSED, parts.Received, settling.Because, disputes.StepKind,
    disputes.Ending, disputes.Because, disputes.Outcome,
)  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "of"),
    [
        ("list_state.", listing.STATES),
        ("count.", listing.ACTIVE),
        ("case_state.", CASE_STATES),
        ("entry.", get_args(parts.What)),
        ("act_kind.", {one for kind in KINDS for one in get_args(kind)}),
        ("act_kind.", ("agrees", "objects", "relief-overdue", "objected", "verified")),
        ("because.", get_args(disputes.Because)),
        ("side.", get_args(disputes.Side)),
        ("check.", get_args(disputes.CheckName)),
        ("dispute.end_then.", get_args(disputes.Ending)),
        ("promise_state.", ("promised", "paid", "fulfilled", "overdue")),
        ("promise_because.fulfilled.", get_args(settling.Because)),
        ("promise_because.overdue.", get_args(settling.Because)),
        ("cases.queue.", QUEUES),
        ("cases.none.", QUEUES),
    ],
)
def test_each_has_words(prefix: str, of: Any) -> None:
    assert [one for one in of if f"{prefix}{one}" not in WORDS] == []
