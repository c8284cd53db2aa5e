"""What does a case refuse? Each says what came, what it clashes with, and what to do."""

from collections.abc import Mapping, Sequence
from typing import Any


class CaseRefusal(Exception):
    """``problems`` are (field, came, expected); ``extra`` goes into the answer."""

    def __init__(
        self, detail: str, *, problems: Sequence[Mapping[str, str]] = (), extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.problems = [dict(one) for one in problems]
        self.extra = dict(extra or {})


class NoLongerYours(CaseRefusal):
    """The round has ended for this firm, or is another firm's."""


class NoSuchRound(CaseRefusal):
    """The ticket never had a round of that number."""


class CaseHasMoved(CaseRefusal):
    """Something happened that the sender had not seen; ``extra`` holds the present basis and what changed."""


class UnknownBasis(CaseRefusal):
    """The basis is greater than any that this case ever had."""


class NotTakenOver(CaseRefusal):
    """Nobody at the firm has taken the ticket over yet."""


class AlreadyProposed(CaseRefusal):
    """A proposal waits for OJK's decision."""


class AskedOften(CaseRefusal):
    """The firm asked the consumer for documents as often as it may in one round."""


class AlreadyAccepted(CaseRefusal):
    """OJK accepted a proposal, and what follows is under way."""


class NothingOwed(CaseRefusal):
    """The firm owes nothing to this demand, or said before that it did it."""


class NothingDue(CaseRefusal):
    """Somebody else did meanwhile what this was looked at for, or it is not time yet."""


class NothingProposed(CaseRefusal):
    """There is no proposal to decide about."""


class AnswersContradict(CaseRefusal):
    """An answer gives what it refuses, promises a day that is over, or the sum is not what the answers come to."""


class AmountMissing(CaseRefusal):
    """Monetary relief says how much."""


class DemandsUnanswered(CaseRefusal):
    """A proposal answers each demand of the consumer exactly once."""


class NoSuchFile(CaseRefusal):
    """The act names a file that its firm did not bring to this ticket."""


class CaseClosed(CaseRefusal):
    """The matter has ended."""


class CaseFull(CaseRefusal):
    """The firm has written all that a case holds of it; OJK can still decide."""


class AlreadyWaiting(CaseRefusal):
    """The consumer was asked for documents, and they are awaited."""


class NotWaiting(CaseRefusal):
    """No documents are awaited."""


class NoExtension(CaseRefusal):
    """The rule of this ticket's term knows of no extension."""


class ExtensionSpent(CaseRefusal):
    """More time was asked for in this round before; there is one extension."""


class ExtensionTooLate(CaseRefusal):
    """More time is asked for while there is some left."""


class NoExtensionAsked(CaseRefusal):
    """There is no wish for more time to decide about."""


class NoDecidingSeat(CaseRefusal):
    """A proposal is made in the name of somebody who sits in the firm's deciding seat."""


class NotForOjk(CaseRefusal):
    """Nobody waits for OJK to say how the matter goes on."""


class ChecksFail(CaseRefusal):
    """A condition of a facilitation does not hold; ``extra`` says which. LAPS SJK may take the matter."""


class NoFacilitation(CaseRefusal):
    """OJK does not bring both sides together now."""


class AlreadyPlanned(CaseRefusal):
    """A session is planned for that moment."""


class NotAtLaps(CaseRefusal):
    """LAPS SJK does not have the matter, or said that before."""
