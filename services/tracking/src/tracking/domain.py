"""Where does a matter stand? A timeline is the fold of all its facts; the public stage is a function of the owners'
latest standings alone, so that the order in which facts arrive changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Breaks ties of the clock in the shown history.
OWNERS = ("intake", "routing", "pujk_gateway", "tracking", "notifier")


class NoMatch(Exception):
    """No matter has this number and PIN. Nothing is ever said about which of the two is wrong."""


@dataclass
class Timeline:
    """Everything that was said about one matter. ``entries`` is a set by id, in the order of hearing."""

    number: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    standings: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        """Tracking owns nothing of a matter: it stands where the others stand."""
        return {}

    def hear(self, entry: dict[str, Any]) -> None:
        """One more fact: {id, owner, type, seq, clock, time, data}. The greatest seq of an owner stands."""
        if all(one["id"] != entry["id"] for one in self.entries):
            self.entries.append(entry)
        standing, latest = entry["data"].get("standing"), self.standings.get(entry["owner"], {"seq": 0})
        if standing is not None and entry["seq"] > latest["seq"]:
            self.standings[entry["owner"]] = {"seq": entry["seq"], "standing": standing}

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

    def latest(self, *types: str) -> dict[str, Any] | None:
        """The last shown entry of one of these facts."""
        return next((one for one in reversed(self.history()) if one["type"] in types), None)

    def firm(self, round_: int) -> str | None:
        """Whose round it is; none where that was not heard yet."""
        said = (one["data"] for one in self.entries if one["data"].get("round") == round_)
        return next((str(data["pujk_name"]) for data in said if "pujk_name" in data), None)

    def deadline(self, round_: int) -> dict[str, Any] | None:
        """Until when the firm of that round has time now, by the last that routing said of it."""
        said = [one for one in self.entries if "deadline" in one["data"] and one["data"].get("round") == round_]
        latest = max(said, key=lambda one: int(one["seq"]), default=None)
        found: dict[str, Any] | None = latest["data"]["deadline"] if latest else None
        return found

    def stands(self) -> "Stands":
        def of(owner: str) -> dict[str, Any]:
            found: dict[str, Any] = self.standings.get(owner, {}).get("standing", {})
            return found

        return Stands(of("intake"), of("routing"), of("pujk_gateway"))


@dataclass(frozen=True)
class Stands:
    """The owners' latest standings; an owner that said nothing yet stands at {}."""

    intake: dict[str, Any] = field(default_factory=dict)
    routing: dict[str, Any] = field(default_factory=dict)
    gateway: dict[str, Any] = field(default_factory=dict)

    def intake_is(self, state: str) -> bool:
        return bool(self.intake.get("state") == state)

    def routing_is(self, state: str) -> bool:
        return bool(self.routing.get("state") == state)

    def gateway_is(self, state: str) -> bool:
        """Of an ended matter at any time; else only while the gateway speaks of the present round: a re-routed or
        parked ticket stands with routing, whatever the former firm did last."""
        if self.gateway.get("state") != state:
            return False
        theirs, present = self.gateway.get("round", 0), self.routing.get("round", 0)
        return state == "closed" or theirs > present or (theirs == present and not self.routing_is("parked"))

    @property
    def withdrawal_asked(self) -> bool:
        return bool(self.intake.get("withdrawal_asked"))

    @property
    def last_proposal_returned(self) -> bool:
        return bool(self.gateway.get("returned")) and self.gateway.get("proposal") is not None

    @property
    def waits_for_documents(self) -> bool:
        return self.gateway_is("in-handling") and self.gateway.get("waiting_for") == "documents"

    @property
    def round(self) -> int:
        """The round that the present stage is about."""
        return max(int(self.routing.get("round", 0)), int(self.gateway.get("round", 0)))

    @property
    def paused_since(self) -> str | None:
        """Since when the firm's time stands still, while it does."""
        since: str | None = self.routing.get("paused_since") if self.routing_is("routed") else None
        return since

    @property
    def stage(self) -> str:
        """The code of the first row of the table that applies."""
        return next(code for code, applies in STAGES if applies(self))


#: The precedence table: the first row that applies is the public stage. Endings come before wishes, a wish before
#: what is in the making, and what a firm does before where its ticket was sent.
STAGES: tuple[tuple[str, Callable[[Stands], bool]], ...] = (
    ("closed_withdrawn", lambda s: s.gateway_is("closed") and s.gateway.get("reason") == "withdrawn"),
    ("closed_resolved", lambda s: s.gateway_is("closed")),
    ("closed_withdrawn", lambda s: s.routing_is("closed")),
    ("closed_withdrawn", lambda s: s.intake_is("closed") and s.withdrawal_asked),
    ("recorded", lambda s: s.intake_is("closed")),
    ("answered", lambda s: s.intake_is("answered")),
    ("withdrawal_asked", lambda s: s.withdrawal_asked),
    ("proposed", lambda s: s.gateway_is("proposed")),
    ("documents", lambda s: s.waits_for_documents),
    ("returned", lambda s: s.gateway_is("in-handling") and s.last_proposal_returned),
    ("in_handling", lambda s: s.gateway_is("in-handling")),
    ("sent_to_pujk", lambda s: s.gateway_is("sent")),
    ("parked", lambda s: s.gateway_is("declined")),
    ("parked", lambda s: s.routing_is("parked")),
    ("sent_to_pujk", lambda s: s.routing_is("routed")),
    ("received", lambda s: True),
)

#: Stages in which a firm must act, so that its due day is shown.
FIRMS_TURN = ("sent_to_pujk", "in_handling", "returned")
