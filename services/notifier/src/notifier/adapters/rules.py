"""The rules of who is told what, read from ``data/rules.json`` and ``data/ways.json`` and checked at the start: what is
wrong in them is said with the rule's name, and no service starts with it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from chassis.calendar import load_calendar
from chassis.working_days import jakarta_day
from contracts.base import Fact
from contracts.topology import FACTS, HEARS
from pydantic import BaseModel, TypeAdapter, ValidationError

from notifier.domain.rules import DatedWays, ReminderRule, Rule, in_force
from notifier.domain.timing import Timing

BY_KEY = {fact.key: fact for facts in FACTS.values() for fact in facts}


class RulesWrong(ValueError):
    """A file of rules says something that cannot be done."""


def _read(name: str) -> Any:
    return json.loads(files("notifier").joinpath(f"data/{name}.json").read_text(encoding="utf-8"))


class DatedRules:
    """``gather_seconds``: no message waits longer for what else happens than this, whatever the rules say."""

    def __init__(
        self,
        *,
        gather_seconds: float | None = None,
        rules: Any = None,
        ways: Any = None,
        templates: Mapping[str, Any] | None = None,
    ) -> None:
        rules, templates = rules or _read("rules"), templates or _read("mails")["turns"]
        self.all = [_valid(Rule, one, "rules.json") for one in rules["rules"]]
        self.all_reminders = [_valid(ReminderRule, one, "rules.json") for one in rules["reminders"]]
        self._ways = [_valid(DatedWays, one, "ways.json") for one in ways or _read("ways")]
        for problem in (*_problems(self.all, templates), *_reminder_problems(self.all_reminders, templates)):
            raise RulesWrong(problem)
        self._by_fact: dict[type[Fact], list[Rule]] = {}
        for rule in self.all:
            self._by_fact.setdefault(BY_KEY[rule.fact], []).append(rule)
        self._most = gather_seconds
        self._timing = cache(self._timing_on)
        self.calendar = load_calendar()

    def rule_of(self, data: Fact, at: datetime) -> Rule | None:
        """The first that fits, in the order of the file; None: nobody is told."""
        found = self._by_fact.get(type(data))
        return next((one for one in found if one.fits(data, jakarta_day(at))), None) if found else None

    def reminders(self, at: datetime) -> Sequence[ReminderRule]:
        on = jakarta_day(at)
        return [
            one for one in self.all_reminders if one.valid_from <= on and (not one.valid_until or on <= one.valid_until)
        ]

    def timing(self, at: datetime) -> dict[str, Timing]:
        return dict(self._timing(jakarta_day(at)))

    def _timing_on(self, on: date) -> dict[str, Timing]:
        most = self._most
        return {
            way: one if most is None else replace(one, gather_seconds=min(one.gather_seconds, most))
            for way, one in in_force(self._ways, on).ways.items()
        }


def _valid(kind: type[Any], said: Any, file: str) -> Any:
    try:
        return TypeAdapter(kind).validate_python(said, extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        name = said.get("id", said.get("valid_from", "?")) if isinstance(said, dict) else "?"
        raise RulesWrong(f"{file}, {name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _problems(rules: Sequence[Rule], templates: Mapping[str, Any]) -> Iterator[str]:
    heard, seen = {fact.key for fact in HEARS["notifier"]}, set[str]()
    for rule in rules:
        where = f"rules.json, {rule.id}"
        if rule.id in seen:
            yield f"{where}: a rule of this name stands above; give each its own"
        seen.add(rule.id)
        if rule.fact not in heard:
            yield f"{where}: no fact {rule.fact!r} is heard; see contracts/topology.py"
            continue
        for path in (*rule.when, *rule.unless):
            if not _has(BY_KEY[rule.fact], path):
                yield f"{where}: {rule.fact} has no value {path!r}"
        if rule.words and "sealed" not in BY_KEY[rule.fact].model_fields:
            yield f"{where}: {rule.fact} seals no words"
        if rule.audience == "contact-on-file" and rule.ways == "as-wished":
            yield f"{where}: the contact on file is told on ways that the rule names"
        yield from _untold(where, rule.template, templates)


def _reminder_problems(rules: Sequence[ReminderRule], templates: Mapping[str, Any]) -> Iterator[str]:
    for rule in rules:
        where = f"rules.json, {rule.id}"
        if (rule.after_working_days is None) == (rule.before_working_days is None):
            yield f"{where}: either after_working_days or before_working_days"
        yield from _untold(where, rule.turn, templates)


def _untold(where: str, template: str, templates: Mapping[str, Any]) -> Iterator[str]:
    for language in ("id", "en"):
        text = templates.get(template, {}).get(language, {})
        for part in ("subject", "body", "short"):
            if not text.get(part):
                yield f"{where}: mails.json has no {part} of {template!r} in {language!r}"


def _has(kind: Any, path: str) -> bool:
    name, _, rest = path.partition(".")
    inner = [kind, *get_args(kind)]
    models = [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)]
    found = [one.model_fields[name].annotation for one in models if name in one.model_fields]
    return bool(found) and (not rest or _has(found[0], rest))
