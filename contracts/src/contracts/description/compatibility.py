"""May a contract change like this? By addition only: whoever read or sent it yesterday must do so tomorrow.

What narrows a shape shuts out what is sent or was kept; what widens it reaches readers who do not know it. Which of
the two breaks depends on the direction: ``asked`` of us by outsiders (we read, they cannot be changed), ``told`` to
outsiders (they read), ``said`` among the services (both: facts are kept for ever and read again, and services are
installed one after another). A value more in a ``said`` choice is let through: its hearers are installed first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contracts.description.messages import Direction
from contracts.description.schemas import Schema

Kind = Literal["broken", "narrower", "wider", "value-added", "added"]

BREAKS: dict[Kind, tuple[Direction, ...]] = {
    "broken": ("said", "asked", "told"),
    "narrower": ("said", "asked"),
    "wider": ("said", "told"),
    "value-added": ("told",),
    "added": (),
}
#: Keywords that say nothing about what is valid.
WORDS = {"title", "description", "examples", "$id", "$schema", "$defs", "$ref"}
LOWEST = {"minLength", "minimum", "minItems", "exclusiveMinimum"}
HIGHEST = {"maxLength", "maximum", "maxItems", "exclusiveMaximum"}
FORMS = {"pattern", "format"}
#: Compared by their own functions below.
COMPARED = {"properties", "required", "enum", "const", "items", "additionalProperties", "anyOf", "oneOf", "default"}

_ANYTHING: Schema = {}


@dataclass(frozen=True)
class Change:
    """One difference: where, what, and whether somebody breaks on it."""

    where: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def schema_changes(key: str, old: Schema, new: Schema, direction: Direction) -> list[Change]:
    """What differs between two schemas of one message."""
    comparison = _Comparison(old, new, direction)
    comparison.compare(old, new, key)
    return comparison.changes


class _Comparison:
    def __init__(self, old: Schema, new: Schema, direction: Direction) -> None:
        self._roots = (old, new)
        self._direction = direction
        self.changes: list[Change] = []

    def _say(self, where: str, kind: Kind, what: str) -> None:
        self.changes.append(Change(where, what, self._direction in BREAKS[kind]))

    def compare(self, old: Schema, new: Schema, where: str) -> None:
        (old, was_nullable), (new, is_nullable) = (
            _without_null(root, schema) for root, schema in zip(self._roots, (old, new), strict=True)
        )
        if was_nullable != is_nullable:
            self._say(where, *(("wider", "may be null now") if is_nullable else ("narrower", "may no longer be null")))
        self._choices(old, new, where)
        self._properties(old, new, where)
        for keyword in sorted((old.keys() | new.keys()) - WORDS - COMPARED):
            self._limit(keyword, old.get(keyword), new.get(keyword), where)
        if "default" in old and "default" in new and old["default"] != new["default"]:
            self._say(where, "broken", f"without a value it means {new['default']!r} now, not {old['default']!r}")
        self._others(old, new, where)
        for keyword in ("anyOf", "oneOf"):
            self._alternatives(keyword, old.get(keyword, []), new.get(keyword, []), where)
        if "items" in old or "items" in new:
            self.compare(old.get("items", _ANYTHING), new.get("items", _ANYTHING), f"{where}[]")

    def _choices(self, old: Schema, new: Schema, where: str) -> None:
        before, after = _values(old), _values(new)
        if before is None or after is None:
            if before != after:
                self._say(where, *(("wider", "any value now") if before else ("narrower", f"only {after} now")))
            return
        for value in (one for one in before if one not in after):
            self._say(where, "narrower", f"the value {value!r} is gone")
        for value in (one for one in after if one not in before):
            self._say(where, "value-added", f"the value {value!r} is new; install its hearers before who says it")

    def _properties(self, old: Schema, new: Schema, where: str) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed_before, needed = old.get("required", []), new.get("required", [])
        for name in before:
            inside = f"{where}.{name}"
            if name not in after:
                self._say(inside, "broken", "the field is gone or has another name")
                continue
            if name in needed and name not in needed_before:
                self._say(inside, "narrower", "the field is required now")
            if name in needed_before and name not in needed:
                self._say(inside, "wider", "the field may be missing now")
            self.compare(before[name], after[name], inside)
        for name in (one for one in after if one not in before):
            required = name in needed
            self._say(
                f"{where}.{name}",
                "narrower" if required else "added",
                "a new field that is required" if required else "a new field that may be missing",
            )

    def _limit(self, keyword: str, old: Any, new: Any, where: str) -> None:
        if old == new:
            return
        what = f"{keyword} is {'no longer said' if new is None else new} (was {'not said' if old is None else old})"
        known = keyword in LOWEST | HIGHEST | FORMS | {"type"}
        if not known or (old is not None and new is not None and keyword not in LOWEST | HIGHEST):
            widened = (keyword, old, new) == ("type", "integer", "number")
            narrowed = (keyword, old, new) == ("type", "number", "integer")
            self._say(where, "wider" if widened else "narrower" if narrowed else "broken", what)
        elif old is None or new is None:
            self._say(where, "narrower" if old is None else "wider", what)
        else:
            self._say(where, "narrower" if (new > old) == (keyword in LOWEST) else "wider", what)

    def _others(self, old: Schema, new: Schema, where: str) -> None:
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if isinstance(before, dict) and isinstance(after, dict):
            self.compare(before, after, f"{where}.*")
        elif before != after:
            refuses = after is False
            self._say(
                where,
                "narrower" if refuses else "wider" if before is False else "broken",
                "unknown fields are refused now" if refuses else "unknown fields are read otherwise now",
            )

    def _alternatives(self, keyword: str, old: list[Schema], new: list[Schema], where: str) -> None:
        if len(old) != len(new):
            self._say(where, "broken", f"{keyword} has {len(new)} alternatives (had {len(old)})")
            return
        for position, (before, after) in enumerate(zip(old, new, strict=True), start=1):
            self.compare(before, after, f"{where}({position})")


def _without_null(root: Schema, schema: Schema) -> tuple[Schema, bool]:
    """A schema with its reference followed and ``null`` taken out of its alternatives; whether it was there."""
    if "$ref" in schema:
        schema = {**root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], **schema}
    if "anyOf" not in schema or {"type": "null"} not in schema["anyOf"]:
        return schema, False
    rest = [one for one in schema["anyOf"] if one != {"type": "null"}]
    outer = {keyword: value for keyword, value in schema.items() if keyword != "anyOf"}
    if len(rest) == 1:
        return {**_without_null(root, rest[0])[0], **outer}, True
    return {**outer, "anyOf": rest}, True


def _values(schema: Mapping[str, Any]) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")
