"""Who must answer this ticket now, and has it ended? A case keeps its rounds, whatever order they are heard in."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from pujk_gateway.domain.disputes import Facilitation, Laps
from pujk_gateway.domain.notices import NoticeKind
from pujk_gateway.domain.parts import (
    FIRMS_ACTS,
    NOTHING_MORE,
    RUNNING,
    SETTLED,
    About,
    Asked,
    CaseState,
    Cause,
    Deadline,
    Demand,
    Entry,
    Filed,
    Handed,
    Obligation,
    Proposal,
    Round,
    RoundState,
    What,
)
from pujk_gateway.domain.terms import Terms


@dataclass
class Case(Terms):
    """The gateway's part of one matter. ``basis`` counts what a firm's judgement depends on; ``to_announce`` says that
    the present round's firm was not told by queue, because it had none. ``waiting_for`` and ``extension`` are the
    present round's. ``asked`` is what the consumer was asked last; ``laps_until`` is while LAPS SJK has it."""

    kind: str = ""
    product: str | None = None
    issue: str | None = None
    region: str | None = None
    loss: int | None = None
    transaction_date: date | None = None
    received_at: datetime | None = None
    demands: list[Demand] = field(default_factory=list)
    seal_key: str | None = None
    state: CaseState = "waiting"
    reason: str | None = None
    pujk: str | None = None
    waiting_for: Literal["documents"] | None = None
    waiting_since: datetime | None = None
    waiting_until: datetime | None = None
    extension: Literal["asked", "granted", "refused"] | None = None
    basis: int = 0
    to_announce: bool = False
    withdrawal_asked: bool = False
    too_late: bool = False
    intake_seq: int = 0
    routing_seq: int = 0
    in_court: bool | None = None
    facilitation: Facilitation | None = None
    laps: Laps | None = None
    proposals: list[Proposal] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    files: list[Filed] = field(default_factory=list)
    asked: Asked | None = None
    obligations: list[Obligation] = field(default_factory=list)
    facilitation_asked: bool = False
    laps_until: datetime | None = None
    reopened: int = 0
    handed: list[Handed] = field(default_factory=list)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        turn = self.turn
        proposals = [one.number for one in self.proposals if turn and one.round == turn.round]
        return {
            "state": self.state,
            "round": turn.round if turn else 0,
            "pujk": turn.pujk if turn else None,
            "holder": turn.holder if turn else None,
            "proposal": max(proposals, default=None),
            "returned": turn.returned if turn else 0,
            "reason": self.reason,
            "waiting_for": self.waiting_for,
            "waiting_since": self.waiting_since,
            "extension": self.extension,
            "consumer_until": self.consumer_until,
            "facilitation_asked": self.facilitation_asked,
            "obligations": [one.standing() for one in self.owed],
            "laps_until": self.laps_until,
            "reopened": self.reopened,
        }

    @property
    def owed(self) -> list[Obligation]:
        """What the firm owes the consumer, or owed until it was there."""
        return [one for one in self.obligations if not one.void]

    @property
    def consumer_until(self) -> datetime | None:
        """By when the consumer says something, if they do: whether they agree, or whether what was paid is there."""
        if self.state == "accepted" and self.asked:
            return self.asked.until
        if self.state == "closed":
            return None
        return min((one.until for one in self.owed if one.state == "paid" and one.until), default=None)

    @property
    def waiting_proposal(self) -> Proposal | None:
        return next((one for one in self.proposals if one.state == "waiting"), None)

    def known_in(self, turn: Round) -> bool:
        """Whether the turn's firm knows of the ticket: it was told by queue, is about to be, or did something."""
        return self.announced(turn.round) or self._acted_in(turn)

    def outcome(self, cause: str) -> Entry | None:
        """What an act that was applied before came to."""
        return next((one for one in reversed(self.entries) if one.cause == cause), None)

    def registered(
        self, *, kind: str, demands: Iterable[Demand], seal_key: str, product: str | None, about: About = NOTHING_MORE
    ) -> None:
        """What the ticket is about; may come after its routing."""
        self.kind, self.product, self.demands, self.seal_key = kind, product, list(demands), seal_key
        self.issue, self.region, self.received_at = about.issue, about.region, about.received_at
        self.loss, self.transaction_date, self.in_court = about.loss, about.transaction_date, about.in_court

    def intake_stands(self, seq: int, cause: Cause, *, withdrawal_asked: bool) -> None:
        """Intake's latest standing; an older one is only marked heard."""
        if seq <= self.intake_seq:
            return
        self.intake_seq, self.withdrawal_asked = seq, withdrawal_asked
        self._answer_wish(cause)

    def routed(
        self, seq: int, cause: Cause, *, round_: int, pujk: str, name: str, due: datetime | None,
        deadline: Deadline | None = None, sector: str | None = None, by: str | None = None,
    ) -> None:  # fmt: skip
        """A firm's turn begins and the one before ends; a turn heard of too late is kept as history."""
        self.routing_seq = max(self.routing_seq, seq)
        if any(one.round == round_ for one in self.rounds):
            return
        before, turn = (
            self.turn,
            Round(round_, pujk, name, due, cause.at, deadline=deadline, due_seq=seq, sector=sector),
        )
        self._begin(turn)
        if self.state == "closed":
            turn.state, turn.ended_at = "closed", cause.at
        elif before and round_ < before.round:
            # Its firm was never told and can do nothing: the present firm's basis stays.
            turn.state, turn.ended_at = "recalled", cause.at
            self.said.append(("ticket-recalled", {"round": round_, "pujk": pujk}))
        else:
            if before and before.state in RUNNING:
                self._recall(before, cause)
            self.state, self.pujk, self.due = "sent", pujk, turn.due
            self.to_announce, self.extension, self.facilitation = True, None, None
            self.moved("routed", turn, cause, by=by)
            self._answer_wish(cause)

    def routing_stands(self, seq: int, cause: Cause, *, closed: bool, reason: str | None) -> None:
        """Routing's latest standing: it ends what is parked there, and the case ends here without a word."""
        if seq <= self.routing_seq:
            return
        self.routing_seq = seq
        if closed and self.state != "closed":
            self._ended(reason or "withdrawn", cause)

    def announce(self, cause: Cause, queues: Container[str]) -> None:
        """Plans the present firm's first notice once everything that stands in it is known and it has a queue."""
        turn = self.turn
        if turn is None or not self.to_announce or self.kind == "" or turn.pujk not in queues:
            return
        self.to_announce = False
        self.notify(turn, "ticket-routed", self.basis, cause)

    def close(self, reason: str, cause: Cause, by: str | None = None) -> None:
        """Ends the matter and says so."""
        self._ended(reason, cause, by)
        self.said.append(("ticket-closed", {"reason": reason}))

    def void_promises(self, states: Container[str] = ("promised", "paid", "overdue")) -> None:
        """What was promised is owed no more: something else takes its place."""
        for one in self.owed:
            one.void = one.state in states

    def stands_as(
        self, turn: Round, state: Literal["in-handling", "accepted", "owed", "objected", "facilitation", "at-laps"]
    ) -> None:
        """Where the matter goes on, also after it had ended."""
        self.state = turn.state = state
        self.reason = turn.ended_at = None

    def lapse(self) -> None:
        """What the firm waited for is awaited no more: its turn is over."""
        self.waiting_for = self.waiting_since = self.waiting_until = None
        if self.extension == "asked":
            self.extension = None

    def moved(self, what: What, turn: Round, cause: Cause, **about: Any) -> None:
        """Something happened that a judgement about the case depends on."""
        self.basis += 1
        self.entries.append(Entry(turn.round, what, cause.at, cause.id, self.basis, self.state, **about))

    def _answer_wish(self, cause: Cause) -> None:
        """The gateway answers the wish to withdraw while a firm's turn runs; afterwards it is too late, told once."""
        turn = self.turn
        if not self.withdrawal_asked or turn is None:
            return
        if turn.state in RUNNING:
            self.close("withdrawn", cause)
        elif self.state == "closed" and self.reason in SETTLED and not self.too_late:
            self.too_late = True
            self.said.append(("withdrawal-too-late", {}))

    def _recall(self, turn: Round, cause: Cause) -> None:
        self._end_turn(turn, "recalled", cause)
        self.asked, self.facilitation_asked, self.laps_until = None, False, None
        self.void_promises()
        self.moved("recalled", turn, cause)
        self.said.append(("ticket-recalled", {"round": turn.round, "pujk": turn.pujk}))
        self._tell_end(turn, "ticket-recalled", cause)

    def _ended(self, reason: str, cause: Cause, by: str | None = None) -> None:
        turn = self.turn
        self.state, self.reason, self.to_announce, self.laps_until = "closed", reason, False, None
        if turn is None or turn.state not in RUNNING:
            return
        self._end_turn(turn, "closed", cause)
        self.moved("closed", turn, cause, kind=reason, by=by)
        self._tell_end(turn, "ticket-closed", cause)

    def _acted_in(self, turn: Round) -> bool:
        return any(one.round == turn.round and one.what in FIRMS_ACTS for one in self.entries)

    def _tell_end(self, turn: Round, notice: NoticeKind, cause: Cause) -> None:
        """A firm that cannot know of the ticket is not told of its end either."""
        unknown = not self._acted_in(turn) and self.take_back(turn.round)
        if self.announced(turn.round) and not unknown:
            self.notify(turn, notice, self.basis, cause)

    def _end_turn(self, turn: Round, state: RoundState, cause: Cause) -> None:
        turn.state, turn.ended_at = state, cause.at
        self.lapse()
        for one in self.proposals:
            if one.round == turn.round and one.state == "waiting":
                one.state = "lapsed"
