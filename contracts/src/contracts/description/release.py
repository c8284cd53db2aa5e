"""What has changed since the last release? Everything, message by message, with what breaks told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.description.compatibility import Change, schema_changes
from contracts.description.messages import messages
from contracts.description.schemas import Schema, schema_of
from contracts.description.wire import Wire, wire

#: What of a message's way is a list of names that may grow and not shrink, and how one entry is called.
GROWING = {"said_by": "sender", "heard_by": "hearer", "queues": "queue", "bindings": "binding"}


@dataclass(frozen=True)
class Release:
    """All schemas by key, and the way of everything."""

    schemas: Mapping[str, Schema]
    wire: Wire


def present() -> Release:
    """What the code says now."""
    return Release({message.key: schema_of(message) for message in messages()}, wire())


def changes(old: Release, new: Release) -> list[Change]:
    """All differences that matter; words of descriptions do not."""
    found = [
        change
        for what, name_of in (("messages", "message"), ("exchanges", "exchange"), ("queues", "queue"))
        for change in _ways(name_of, old.wire[what], new.wire[what])
    ]
    for key in old.schemas.keys() & new.schemas.keys():
        direction = old.wire["messages"][key]["direction"]
        found += schema_changes(key, old.schemas[key], new.schemas[key], direction)
    return sorted(found, key=lambda change: (not change.breaks, change.where, change.what))


def advice(found: list[Change]) -> str:
    """What to do about it; empty where nothing changed."""
    breaking = [change for change in found if change.breaks]
    if breaking:
        return "\n".join(
            (
                "The contracts break what is released:",
                *(f"  {change}" for change in breaking),
                "Leave the released message (or queue) as it is and add what you need as `.v2` beside it:",
                "see docs/adding-a-message.md, 'When an addition is not enough'.",
            )
        )
    if found:
        return "\n".join(
            (
                "The contracts have grown and nobody has reviewed it:",
                *(f"  {change}" for change in found),
                "If that is what you mean, run `python contracts/generate.py --release` and commit contracts/released.",
            )
        )
    return ""


def _ways(name_of: str, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]) -> list[Change]:
    found = [Change(name, f"the {name_of} is gone or has another name", True) for name in old if name not in new]
    found += [Change(name, f"a new {name_of}", False) for name in new if name not in old]
    for name in (one for one in old if one in new):
        for what in old[name].keys() | new[name].keys():
            found += _way(name, what, old[name].get(what), new[name].get(what))
    return found


def _way(name: str, what: str, old: Any, new: Any) -> list[Change]:
    if what not in GROWING:
        return [] if old == new else [Change(name, f"its {what} is {new!r} now, not {old!r}", True)]
    one = GROWING[what]
    return [
        *(Change(name, f"the {one} {entry!r} is lost", True) for entry in old if entry not in new),
        *(Change(name, f"the {one} {entry!r} is new", False) for entry in new if entry not in old),
    ]
