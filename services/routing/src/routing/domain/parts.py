"""What is an assignment made of? Firms, what was found, and why somebody is refused."""

from dataclasses import dataclass
from typing import Literal, get_args

How = Literal["code", "name", "alias", "supervisor"]
#: Why a supervisor ends what no firm can be asked to answer.
Ending = Literal["duplicate", "in-court", "fraud", "not-supervised"]
ENDINGS: tuple[Ending, ...] = get_args(Ending)
Reason = Literal["no-desk-found", "ambiguous", "no-pujk-named", "declined"]


class TicketEnded(Exception):
    """The matter has ended; nobody can be asked to answer it any more."""


class BeingSettled(Exception):
    """OJK accepted what the firm proposed; what follows is the consumer's, OJK's or LAPS SJK's."""


class NotParked(Exception):
    """A firm has it: what becomes of it is said there."""


class AlreadyThere(Exception):
    """The ticket is with that PUJK already."""


class NoSuchPujk(Exception):
    """The directory has no PUJK of that code."""


class NotRoutable(Exception):
    """Questions and informations are answered by OJK itself and never reach a PUJK."""


class TicketHasMoved(Exception):
    """Somebody routed it, or it ended, since whoever acts looked at it."""


class NothingDue(Exception):
    """Somebody else did meanwhile what this was looked at for, or it is not time yet."""


@dataclass(frozen=True)
class Firm:
    """One PUJK of the directory."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    sector: str = ""


@dataclass(frozen=True)
class Found:
    """The one firm that was meant."""

    firm: Firm
    how: How


@dataclass(frozen=True)
class NoDeskFound:
    """Nobody, or more than one, could be meant."""

    reason: Reason
    candidates: tuple[Firm, ...] = ()
