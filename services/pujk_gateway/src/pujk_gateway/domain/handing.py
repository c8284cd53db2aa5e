"""Who must read that a colleague took their ticket over? The former owner, until they say that they have."""

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Deed, Handed


def hand(case: Case, deed: Deed, before: str | None) -> None:
    """Whoever has the ticket again needs no telling of it any more."""
    case.handed = [one for one in case.handed if one.officer not in (before, deed.officer)]
    if before is not None:
        case.handed.append(Handed(before, deed.officer, deed.cause.at))


def read(case: Case, officer: str) -> None:
    """They have read it; twice is once."""
    case.handed = [one for one in case.handed if one.officer != officer]
