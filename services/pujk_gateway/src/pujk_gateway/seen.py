"""Which state of a ticket has the asker seen? The ETag that a ticket is shown with, and ``If-Match`` (RFC 9110, 13)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from chassis.refusals import Refusal
from fastapi import Header

from pujk_gateway.domain.refusals import CaseHasMoved, UnknownBasis

IfMatch = Annotated[str | None, Header(max_length=200, description="The ETag of the ticket as it was seen")]
#: Strong ones only: a weak one never matches.
_OURS = re.compile(r'(?<!W/)"r([1-9][0-9]{0,5})-b([1-9][0-9]{0,8})"')
_LOOK = "send the ETag of GET /pujk/tickets/{number} in 'If-Match'"


class NotSaid(Refusal):
    """A judgement says which state of the ticket it is about."""


class NoStateOfOurs(Refusal):
    """No tag in ``If-Match`` is one of a ticket."""


class MovedSince(CaseHasMoved):
    """The ticket is no more as the tag says."""


class NeverThere(UnknownBasis):
    """The ticket was never as the tag says."""


@dataclass(frozen=True)
class Seen:
    round: int
    basis: int


def tag(round_: int, basis: int) -> str:
    return f'"r{round_}-b{basis}"'


def seen(if_match: str | None) -> Seen | None:
    """The latest state that the tags name; None where nothing is said. Errors: NoStateOfOurs."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = [Seen(int(round_), int(basis)) for round_, basis in _OURS.findall(if_match)]
    if not found:
        raise NoStateOfOurs(_LOOK)
    return max(found, key=lambda one: (one.round, one.basis))


def seen_by_judge(if_match: str | None) -> Seen:
    """Any state (``*``) will not do here. Errors: NotSaid, NoStateOfOurs."""
    found = seen(if_match)
    if found is None:
        raise NotSaid(f"this judges what was seen: {_LOOK}")
    return found


@contextmanager
def preconditions() -> Iterator[None]:
    """Where the state was named in ``If-Match``, another one is a precondition that failed (412). What is wrong is told
    by the fields of the body."""
    try:
        yield
    except CaseHasMoved as error:
        raise MovedSince(str(error), extra=error.extra) from error
    except UnknownBasis as error:
        raise NeverThere(str(error)) from error
    except Exception as error:
        # Rules name fields as an event holds them (``data.round``); here the body is that data.
        for problem in getattr(error, "problems", ()):
            problem["field"] = problem["field"].removeprefix("data.")
        raise
