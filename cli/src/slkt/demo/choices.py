"""Who does what in the demo? Decided by the number alone, so that it is known beforehand what must come of it."""

from random import Random
from typing import Literal

from contracts.cases import ResolutionKind

Answer = Literal["agrees", "objects", "silent"]

#: Every so manieth first proposal is returned.
RETURNS_ONE_IN = 6
#: Of so many consumers whom OJK asks, one objects, one says nothing, and the others agree.
ASKED_OF = 10
#: Of so many who are asked whether a promise is there, one says nothing.
CONFIRMS_ALL_BUT_ONE_IN = 8
KINDS: tuple[ResolutionKind, ...] = (
    "monetary-relief",
    "monetary-relief",
    "non-monetary-relief",
    "explanation",
    "refused",
)


def drawn(number: str, about: str) -> Random:
    return Random(f"{number}/{about}")


def returned(number: str, which: int = 1) -> bool:
    """Whether OJK returns that proposal."""
    return which == 1 and int(number[:6]) % RETURNS_ONE_IN == 0


def kind(number: str, which: int) -> ResolutionKind:
    """What the firm proposes the first or the second time."""
    return drawn(number, f"kind {which}").choice(KINDS)


def promises(number: str) -> bool:
    """Whether what OJK accepts in the end promises something by a day."""
    return kind(number, 2 if returned(number) else 1) != "refused"


def answer(number: str) -> Answer:
    return {0: "objects", 1: "silent"}.get(drawn(number, "answer").randrange(ASKED_OF), "agrees")  # type: ignore[return-value]


def asks_facilitation(number: str) -> bool:
    """Of who objects."""
    return drawn(number, "facilitation").choice((True, False))


def confirms(number: str) -> bool:
    """Of who agreed: whether they say that what was promised is there."""
    return drawn(number, "relief").randrange(CONFIRMS_ALL_BUT_ONE_IN) != 0
