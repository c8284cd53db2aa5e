"""Which dated rule sets a term, and from when is cuti bersama not worked? Rules are data, never constants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.working_days import CUTI_BERSAMA, PUBLIC, Calendar, Deadline, Pause, add_working_days, jakarta_day


class NoRule(LookupError):
    """No dated rule covers this kind and form on this day."""


@dataclass(frozen=True)
class Rule:
    """One dated rule of the service levels; `valid_from` is compared with the day of receipt in Jakarta."""

    id: str
    version: str
    valid_from: date
    kind: str
    form: str
    working_days: int
    extension_days: int
    source: str


@dataclass(frozen=True)
class Policy:
    """How long OJK lets things take that no rule of law names; ``valid_from`` is compared with the day they began."""

    id: str
    valid_from: date
    working_days: int
    source: str


@dataclass(frozen=True)
class ServiceLevels:
    """The dated rules, and from when cuti bersama is not worked."""

    rules: tuple[Rule, ...]
    cuti_bersama_closed: tuple[tuple[date, bool], ...]
    policies: tuple[Policy, ...] = ()

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "ServiceLevels":
        """Read the document of `data/service_levels.json`; KeyError or ValueError where it is not of that shape."""
        rules = (Rule(**{**rule, "valid_from": date.fromisoformat(rule["valid_from"])}) for rule in document["rules"])
        switch = document["counts_cuti_bersama_as_holiday"]
        return cls(
            rules=tuple(sorted(rules, key=lambda rule: rule.valid_from)),
            policies=tuple(
                Policy(**{**one, "valid_from": date.fromisoformat(one["valid_from"])})
                for one in sorted(document["policies"], key=lambda one: one["valid_from"])
            ),
            cuti_bersama_closed=tuple(sorted((date.fromisoformat(s["valid_from"]), bool(s["value"])) for s in switch)),
        )

    def rule_for(self, kind: str, form: str, received_at: datetime) -> Rule:
        """The newest rule for this kind and form that was valid on the day of receipt."""
        received_on = jakarta_day(received_at)
        found = [r for r in self.rules if (r.kind, r.form) == (kind, form) and r.valid_from <= received_on]
        if not found:
            raise NoRule(f"no service level for a {form} {kind} received on {received_on}; dated rules need one")
        return found[-1]

    def policy(self, id_: str, began_at: datetime) -> Policy:
        """The newest policy of that name that was valid on the day it began."""
        began_on = jakarta_day(began_at)
        found = [one for one in self.policies if one.id == id_ and one.valid_from <= began_on]
        if not found:
            raise NoRule(f"no policy {id_} on {began_on}; dated policies need one")
        return found[-1]

    def closed_categories(self, received_at: datetime) -> frozenset[str]:
        """The categories of holidays that are not worked, by the policy of the day of receipt."""
        received_on = jakarta_day(received_at)
        closed = [value for valid_from, value in self.cuti_bersama_closed if valid_from <= received_on]
        return frozenset({PUBLIC, CUTI_BERSAMA} if closed and closed[-1] else {PUBLIC})


def deadline(
    received_at: datetime,
    rule: Rule,
    calendar: Calendar,
    *,
    extended: bool = False,
    pauses: Sequence[Pause] = (),
    taken_up: datetime | None = None,
) -> Deadline:
    """The deadline that `rule` sets for what was received at `received_at`, without the days that stood still; counted
    from when it was taken up, where it came out of hours."""
    days = rule.working_days + (rule.extension_days if extended else 0)
    term = add_working_days(
        received_at, days, calendar, rule_id=rule.id, rule_version=rule.version, pauses=pauses, counted_from=taken_up
    )
    return replace(term, extension_days=rule.extension_days)
