"""What may a firm see of a case? The ticket and all of its own rounds while it is its turn; once the turn went on, what
happened in its own rounds and no more."""

from collections.abc import Sequence
from dataclasses import replace

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import FIRMS_ACTS, RUNNING, Entry, Proposal, Round


def turn_of(case: Case, pujk: str) -> Round | None:
    """The firm's turn, if the case is its to see: the present one, or the one that the matter ended in and that it knew
    of. None where it is another firm's, was another firm's last, or nobody knows yet what the ticket is about."""
    turn = case.turn
    if turn is None or turn.pujk != pujk or case.kind == "":
        return None
    return turn if turn.state in RUNNING or (turn.state == "closed" and case.known_in(turn)) else None


def past_of(case: Case, pujk: str) -> Round | None:
    """The firm's latest round that went on to another firm, or to routing, if the firm knew of the ticket then."""
    if turn_of(case, pujk) is not None:
        return None
    own = [one for one in case.rounds if one.pujk == pujk and one.state not in RUNNING and case.known_in(one)]
    return own[-1] if own else None


def own_entries(case: Case, pujk: str) -> Sequence[Entry]:
    """What happened in the firm's rounds, earlier ones too. Who at OJK decided, or looked, is not told."""
    own = _rounds(case, pujk)
    # OJK's notes are its own.
    found = [one for one in case.entries if one.round in own and one.kind != "note"]
    found = [one for one in found if one.what != "data-viewed" or one.pujk == pujk]
    firms = (*FIRMS_ACTS, "data-viewed")
    return [one if one.what in firms or one.side == "pujk" else replace(one, by=None) for one in found]


def own_proposals(case: Case, pujk: str) -> Sequence[Proposal]:
    own = _rounds(case, pujk)
    return [replace(one, decided_by=None) for one in case.proposals if one.round in own]


def _rounds(case: Case, pujk: str) -> set[int]:
    return {one.round for one in case.rounds if one.pujk == pujk}
