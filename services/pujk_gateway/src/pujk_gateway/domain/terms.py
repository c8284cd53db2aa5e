"""By when must a firm answer? Each round keeps the day that routing named last for it, in any order of hearing."""

from dataclasses import dataclass, field
from datetime import datetime

from pujk_gateway.domain.notices import Notices
from pujk_gateway.domain.parts import Deadline, Round


@dataclass
class Term:
    """A day that routing named for a round, by the ``seq`` of what it said."""

    seq: int
    round: int
    due: datetime
    deadline: Deadline


@dataclass
class Terms(Notices):
    """The rounds of a case. ``due`` is the present one's, for lists; ``named`` is the latest day that was heard of,
    also for a round that is not known yet."""

    rounds: list[Round] = field(default_factory=list)
    due: datetime | None = None
    named: Term | None = None

    @property
    def turn(self) -> Round | None:
        """The latest round; rounds are kept in their order."""
        return self.rounds[-1] if self.rounds else None

    def was_with(self, pujk: str) -> bool:
        return any(one.pujk == pujk for one in self.rounds)

    def name_day(self, term: Term) -> None:
        """Routing named another day; an older one changes nothing."""
        if self.named is None or term.seq > self.named.seq:
            self.named = term
        for one in self.rounds:
            if one.round == term.round and term.seq > one.due_seq:
                one.due, one.deadline, one.due_seq = term.due, term.deadline, term.seq
        if self.turn and self.turn.round == term.round:
            self.due = self.turn.due

    def _begin(self, turn: Round) -> None:
        """One round more, with the day that was named for it meanwhile."""
        self.rounds = sorted([*self.rounds, turn], key=lambda one: one.round)
        if self.named and self.named.round == turn.round:
            self.name_day(self.named)
