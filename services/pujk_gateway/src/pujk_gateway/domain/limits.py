"""Up to which loss does OJK facilitate, and how long does LAPS SJK take? Dated rules, read from data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chassis.working_days import (
    CUTI_BERSAMA,
    PUBLIC,
    Calendar,
    Deadline,
    add_working_days,
    end_of,
    jakarta_day,
)


class NoRule(LookupError):
    """No dated rule covers this day."""


@dataclass(frozen=True)
class Limit:
    """A limit of loss, in rupiah. One without sectors is for whatever no other one is for; one with products is for
    these products of firms of these sectors alone."""

    version: str
    valid_from: date
    sectors: tuple[str, ...]
    products: tuple[str, ...]
    most: int
    source: str

    def may_be_for(self, sector: str | None, product: str | None) -> bool:
        """Whether it is for such a firm, as far as is known: without a sector it may be for any."""
        of_sector = not self.sectors or sector is None or sector in self.sectors
        return of_sector and (not self.products or product in self.products)


@dataclass(frozen=True)
class LapsTerms:
    """How long LAPS SJK takes: working days to verify, calendar days to mediate."""

    version: str
    valid_from: date
    verification_working_days: int
    mediation_days: int
    source: str


@dataclass(frozen=True)
class Applied:
    """Which limit it is: the same twice, unless the firm's sector is not known and would decide."""

    least: int
    most: int
    version: str


@dataclass(frozen=True)
class DisputeRules:
    limits: tuple[Limit, ...]
    free_of_charge: tuple[Limit, ...]
    laps: tuple[LapsTerms, ...]
    cuti_bersama_closed: tuple[tuple[date, bool], ...]

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "DisputeRules":
        """Reads ``data/facilitation.json``; KeyError, TypeError or ValueError where it is not of that shape."""
        laps = (LapsTerms(**{**one, "valid_from": date.fromisoformat(one["valid_from"])}) for one in document["laps"])
        switch = document["counts_cuti_bersama_as_holiday"]
        return cls(
            _limits(document["limits"]),
            _limits(document["free_of_charge"]),
            tuple(sorted(laps, key=lambda one: one.valid_from)),
            tuple(sorted((date.fromisoformat(one["valid_from"]), bool(one["value"])) for one in switch)),
        )

    def limit(self, sector: str | None, product: str | None, at: datetime) -> Applied:
        """Up to which loss OJK facilitates. Errors: NoRule."""
        return _applied(self.limits, sector, product, jakarta_day(at))

    def free(self, sector: str | None, product: str | None, at: datetime) -> Applied:
        """Up to which loss LAPS SJK asks for no money. Errors: NoRule."""
        return _applied(self.free_of_charge, sector, product, jakarta_day(at))

    def laps_terms(self, at: datetime) -> LapsTerms:
        """Errors: NoRule."""
        day = jakarta_day(at)
        found = [one for one in self.laps if one.valid_from <= day]
        if not found:
            raise NoRule(f"no times of LAPS SJK on {day}; dated rules need some")
        return found[-1]

    def closed_categories(self, at: datetime) -> frozenset[str]:
        """The categories of holidays that are not worked."""
        closed = [value for valid_from, value in self.cuti_bersama_closed if valid_from <= jakarta_day(at)]
        return frozenset({PUBLIC, CUTI_BERSAMA} if closed and closed[-1] else {PUBLIC})


def verification(sent_at: datetime, terms: LapsTerms, calendar: Calendar) -> Deadline:
    """By when LAPS SJK has verified what it got, day by day."""
    days = terms.verification_working_days
    return add_working_days(sent_at, days, calendar, rule_id="laps-verification", rule_version=terms.version)


def mediation(verified_at: datetime, days: int) -> datetime:
    """By when it has mediated: the end of the n-th calendar day after the one on which it took the matter."""
    return end_of(jakarta_day(verified_at) + timedelta(days=days))


def _limits(said: Sequence[Mapping[str, Any]]) -> tuple[Limit, ...]:
    found = [
        Limit(
            one["version"], date.fromisoformat(one["valid_from"]), tuple(one["sectors"]), tuple(one["products"]),
            int(one["most"]), one["source"],
        )
        for one in said
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.valid_from))


def _applied(limits: Sequence[Limit], sector: str | None, product: str | None, day: date) -> Applied:
    valid = [one for one in limits if one.valid_from <= day]
    general = [one for one in valid if not one.sectors]
    special = [one for one in valid if one.sectors and one.may_be_for(sector, product)]
    # The newest of what it is said for; an older one of the same sectors and products was replaced by it.
    newest = {(one.sectors, one.products): one for one in special}.values()
    if not general:
        raise NoRule(f"no limit of loss on {day}; dated rules need one")
    if sector is not None and newest:
        chosen = [max(newest, key=lambda one: (len(one.products) > 0, one.valid_from))]
    else:
        chosen = [general[-1], *newest]
    amounts = [one.most for one in chosen]
    return Applied(min(amounts), max(amounts), max(one.version for one in chosen))
