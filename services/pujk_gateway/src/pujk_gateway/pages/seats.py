"""How does the account of who sits in a firm's seat stand, and what may be done about it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chassis.pages.asks import Ask
from chassis.people.pages.asking import acts_on

from pujk_gateway.ports import Account


@dataclass(frozen=True)
class Seated:
    """``state``: a key of the catalogue. ``letter_until``: when the letter ends that somebody has in hand, or had.
    ``gets_letter``: a new one would let them in. ``acts``: what is asked about first, by its name."""

    state: Literal["in-use", "new", "locked", "lapsed"]
    letter_until: datetime | None
    gets_letter: bool
    acts: Mapping[str, Ask]

    @classmethod
    def of(cls, person: Account, place: str, now: datetime) -> "Seated":
        """``place``: the page of the firm."""
        until, ended = _letter_until(person), person.expires is not None and person.expires <= now
        acts = acts_on(person, f"{place}/people/{person.id}", place, letter_is_file=True, seen=person.epoch)
        if person.locked is not None:
            return cls("locked", until, False, acts)
        if ended or (until is not None and until <= now):
            return cls("lapsed", until, not ended, acts)
        return cls("new" if person.is_new else "in-use", until, True, acts)


def _letter_until(person: Account) -> datetime | None:
    """Who waits for their first letter has one that ended as the account was made."""
    return None if person.one_time_until == person.since else person.one_time_until
