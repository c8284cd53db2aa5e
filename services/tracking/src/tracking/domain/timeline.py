"""What was said about a matter? A timeline is the fold of all its facts, and what its consumer answered here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tracking.domain.answers import Answer
from tracking.domain.rows import Row, row_of
from tracking.domain.wishes import Wishes

#: Breaks ties of the clock in the shown history.
OWNERS = ("intake", "routing", "pujk_gateway", "tracking", "notifier")

PIN_RENEWED = "intake.pin-renewed.v1"
NOTHING: Mapping[str, Any] = MappingProxyType({})


class NoMatch(Exception):
    """No matter has this number and PIN. Nothing is ever said about which of the two is wrong."""


@dataclass
class Link:
    """An entry's place in the chain, and what it said when it came: hex."""

    id: str
    digest: str


@dataclass
class Timeline(Wishes):
    """Everything that was said about one matter. ``entries`` is a set by id, in the order of hearing; ``links``: the
    same as it was when it came, in that order, never written again; ``answers``: what the consumer said here and this
    service has not heard of itself yet; ``row``: what the matter contributes to the figures; ``uncounted``: the entry
    that changed it, until it is counted."""

    number: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    standings: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    #: Which of the PINs that the matter had is good.
    pin_round: int = 1
    row: Row | None = None
    uncounted: str | None = None
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        """Tracking owns nothing of a matter: it stands where the others stand."""
        return {}

    def hear(self, entry: dict[str, Any], digest: Callable[[dict[str, Any]], str]) -> None:
        """One more fact: {id, owner, type, seq, clock, time, data}. The greatest seq of an owner stands."""
        if all(one["id"] != entry["id"] for one in self.entries):
            self.entries.append(entry)
            self.came_back(entry)
            if entry["type"] == PIN_RENEWED:
                self.pin_round = max(self.pin_round, entry["data"]["round"])
        standing, latest = entry["data"].get("standing"), self.standings.get(entry["owner"], {"seq": 0})
        if standing is not None and entry["seq"] > latest["seq"]:
            self.standings[entry["owner"]] = {"seq": entry["seq"], "standing": standing}
        self.link(digest)
        row = row_of(self.entries, self.stands())
        if row != self.row:
            self.row, self.uncounted = row, entry["id"]

    def link(self, digest: Callable[[dict[str, Any]], str]) -> None:
        """Entries that are not in the chain yet come into it, in their order."""
        linked = {one.id for one in self.links}
        self.links += [Link(one["id"], digest(one)) for one in self.entries if one["id"] not in linked]

    def count_again(self, mark: str) -> None:
        """The row was made by an older release, or the entries were made anew: it is made of them again."""
        self.row, self.uncounted = row_of(self.entries, self.stands()), mark

    def history(self) -> list[dict[str, Any]]:
        """The entries as they are shown: by clock, then owner, then seq. Nobody hears the notifier, so its clock runs
        ahead of the others': a notification stands where its time falls, after what it told."""
        spine = [one for one in self.entries if one["owner"] != "notifier"]
        spine.sort(key=lambda one: (one["clock"], OWNERS.index(one["owner"]), one["seq"]))
        keyed = [((at, 0, "", 0), one) for at, one in enumerate(spine)]
        for one in self.entries:
            if one["owner"] == "notifier":
                before = [
                    at for at, e in enumerate(spine) if e["time"] <= one["time"] or e["id"] == one["data"].get("of")
                ]
                keyed.append(((max(before, default=-1), 1, one["time"], one["seq"]), one))
        return [one for _, one in sorted(keyed, key=lambda pair: pair[0])]

    def latest(self, type_: str, about: Mapping[str, Any] = NOTHING) -> dict[str, Any] | None:
        """The last shown entry of this fact whose data say so."""
        found = (one for one in reversed(self.history()) if one["type"] == type_)
        return next((one for one in found if about.items() <= one["data"].items()), None)

    def firm(self, round_: int) -> str | None:
        """Whose round it is; none where that was not heard yet."""
        said = (one["data"] for one in self.entries if one["data"].get("round") == round_)
        return next((str(data["pujk_name"]) for data in said if "pujk_name" in data), None)

    @property
    def region(self) -> str | None:
        """The code of the province that the consumer named."""
        said = (one["data"].get("region") for one in self.entries if one["type"] == "intake.service-registered.v1")
        return next(said, None)

    def deadline(self, round_: int) -> dict[str, Any] | None:
        """Until when the firm of that round has time now, by the last that routing said of it."""
        said = [one for one in self.entries if "deadline" in one["data"] and one["data"].get("round") == round_]
        latest = max(said, key=lambda one: int(one["seq"]), default=None)
        found: dict[str, Any] | None = latest["data"]["deadline"] if latest else None
        return found
