"""What is known of each round of a matter: its firm, what the firm proposed, by when it must answer."""

from dataclasses import replace
from datetime import datetime

from notifier.domain.mails import Mail, Moved, Proposal, Round


class Rounds:
    """That part of a notification."""

    rounds: dict[str, Round]
    moved: dict[str, Moved]
    proposals: dict[str, Proposal]

    def proposed(self, round_: int, number: int, proposal: Proposal) -> None:
        self.proposals[f"{round_}-{number}"] = proposal

    def due_moved(self, round_: int, seq: int, due: datetime) -> None:
        """The firm of that round has until another day; the last that routing said stands."""
        known = self.moved.get(str(round_))
        if known is None or known.seq < seq:
            self.moved[str(round_)] = Moved(seq, due)

    def round_of(self, mail: Mail) -> Round | None:
        """Its firm, and by when it must answer now."""
        found, moved = self.rounds.get(str(mail.round)), self.moved.get(str(mail.round))
        return replace(found, due=moved.due) if found and moved else found
