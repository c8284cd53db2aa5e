"""What must a timeline be? The fold of the owners' facts: entries are a set by id; the greatest seq stands."""

from collections.abc import Iterable
from typing import Any

from chassis.clock import to_milliseconds
from contracts.intake import PinRenewed
from contracts.topology import by_type
from pydantic import AwareDatetime, TypeAdapter

from chassis import heard
from slkt.verifying.view import Said

_moment = TypeAdapter(AwareDatetime)
_FACTS = by_type()


def entry(said: Said) -> dict[str, Any]:
    """The timeline's entry of one fact."""
    event = said.event()
    return {
        "id": event["id"],
        "owner": said.owner,
        "type": event["type"].removeprefix("slkt."),
        "seq": event["seq"],
        "clock": event["clock"],
        "time": to_milliseconds(_moment.validate_python(event["time"])),
        "data": _data(event),
    }


def _data(event: dict[str, Any]) -> dict[str, Any]:
    """The fact as its contract reads it, as tracking does."""
    fact = _FACTS.get(event["type"])
    read: dict[str, Any] = event["data"]
    return read if fact is None else fact.model_validate(read).model_dump(mode="json", exclude_none=True)


def fold(facts: Iterable[Said]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Entries by id, and the standings by owner."""
    entries = {one.id: entry(one) for one in facts}
    standings: dict[str, dict[str, Any]] = {}
    for one in entries.values():
        standing = one["data"].get("standing")
        if standing is not None and one["seq"] > standings.get(one["owner"], {"seq": 0})["seq"]:
            standings[one["owner"]] = {"seq": one["seq"], "standing": standing}
    return entries, standings


def pin_round(entries: Iterable[dict[str, Any]]) -> int:
    """Which of the PINs that the matter had is good."""
    return max((one["data"]["round"] for one in entries if one["type"] == PinRenewed.key), default=1)


def differences(document: dict[str, Any], facts: Iterable[Said]) -> list[str]:
    """How a timeline differs from the fold of those of the facts that it has heard. Empty where it is right."""
    known = document.get("heard", {})
    applied = [one for one in facts if heard.has(known.get(one.owner, []), one.seq)]
    entries, standings = fold(applied)
    state = document["state"]
    shown = {one["id"]: one for one in state.get("entries", [])}
    ghosts = shown.keys() - entries.keys()
    found = [f"entry {id_} is missing" for id_ in sorted(entries.keys() - shown.keys())]
    found += [f"entry {id_} is of no fact" for id_ in sorted(ghosts)]
    for id_ in sorted(entries.keys() & shown.keys()):
        wrong = [name for name, value in entries[id_].items() if shown[id_].get(name) != value]
        if wrong:
            found.append(f"entry {id_} differs in {', '.join(wrong)}")
    if state.get("pin_round", 1) != pin_round(entries.values()):
        found.append("which PIN is good differs")
    stands = state.get("standings", {})
    found += [
        f"standing of {owner} differs"
        for owner in sorted({*standings, *stands})
        if stands.get(owner) != standings.get(owner)
    ]
    return found
