"""What may a consumer answer now, and what did they? Each answer is said once; the gateway says what comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

from tracking.domain.stages import Stands

WIB = timezone(timedelta(hours=7), "WIB")
AGREES, OBJECTS = "consumer-confirmed", "consumer-objected"
THERE, MISSING = "relief-confirmed", "relief-denied"
POSITION = "position-stated"
#: So often one says something while OJK brings the two together; the rest is for the session.
POSITIONS_MOST = 20


class MovedOn(Exception):
    """The matter is not, or no more, where this answer belongs."""


class AnsweredOtherwise(Exception):
    """The consumer answered already, and otherwise."""


class TimeOver(Exception):
    """The day by which this was to be answered is over."""


class SaidEnough(Exception):
    """The consumer said as much as anybody reads before a session."""


@dataclass(frozen=True)
class Awaited:
    """An answer that the consumer may give now: ``proposal`` to agree or object to, or ``demand`` whose promise in
    that ``proposal`` is there or missing (``may_deny``: it should be), or neither: what they think, facilitated."""

    what: str
    round: int
    proposal: int | None = None
    demand: int | None = None
    amount: int | None = None
    until: datetime | None = None
    promised_by: date | None = None
    may_deny: bool = False

    def is_promise(self, round_: int, demand: int, proposal: int | None) -> bool:
        same = proposal is None or self.proposal is None or self.proposal == proposal
        return (self.what, self.round, self.demand) == ("relief", round_, demand) and same

    @property
    def about(self) -> dict[str, Any]:
        """As the fact names it that answers."""
        named = {"round": self.round, "demand": self.demand, "proposal": self.proposal}
        return {name: value for name, value in named.items() if value is not None}


@dataclass
class Answer:
    """One that was given here: the fact's name and data; of what is sealed only a digest."""

    name: str
    about: dict[str, Any]
    at: datetime
    seal: str | None = None

    def is_of(self, entry: dict[str, Any]) -> bool:
        sealed = _digest(entry["data"].get("sealed", ""))
        return _says(entry, self.name, self.about) and self.seal in (None, sealed)


class Answers:
    """The consumer's part of a timeline."""

    entries: list[dict[str, Any]]
    standings: dict[str, dict[str, Any]]
    answers: list[Answer]
    said: list[tuple[str, dict[str, Any]]]

    def stands(self) -> Stands:
        def of(owner: str) -> dict[str, Any]:
            found: dict[str, Any] = self.standings.get(owner, {}).get("standing", {})
            return found

        return Stands(of("intake"), of("routing"), of("pujk_gateway"))

    def awaited(self, now: datetime) -> list[Awaited]:
        """What the consumer may answer now, and has not."""
        return [one for one in self._asked(now) if not self._given(one) and not (one.until and now > one.until)]

    def agree(self, round_: int, proposal: int, now: datetime) -> None:
        """Errors: MovedOn, AnsweredOtherwise, TimeOver."""
        self._decide(AGREES, {"round": round_, "proposal": proposal}, now)

    def objects(self, round_: int, proposal: int, now: datetime, *, facilitation: bool, sealed: str) -> None:
        """Errors: MovedOn, AnsweredOtherwise, TimeOver."""
        about = {"round": round_, "proposal": proposal}
        self._decide(OBJECTS, about, now, {"facilitation": facilitation, "sealed": sealed})

    def relief(
        self, round_: int, demand: int, now: datetime, *, there: bool, sealed: str | None = None,
        proposal: int | None = None,
    ) -> None:  # fmt: skip
        """What was promised is there, or is not; where it says no ``proposal``, it is what is awaited now. Errors:
        MovedOn, AnsweredOtherwise, TimeOver."""
        asked = [one for one in self._asked(now) if one.is_promise(round_, demand, proposal)]
        about = {"round": round_, "demand": demand}
        which = asked[0].proposal if asked and proposal is None else proposal
        about |= {"proposal": which} if which is not None else {}
        said = self._open_relief(about)
        if said == (THERE if there else MISSING):
            return
        if said:
            raise AnsweredOtherwise("you answered this before, and otherwise; OJK's system takes that answer first")
        if not asked or not (there or asked[0].may_deny):
            raise MovedOn("nothing is awaited here that could be confirmed or denied now")
        if asked[0].until and now > asked[0].until:
            raise TimeOver("the time to say whether it is there is over")
        self._say(THERE if there else MISSING, about, now, {} if there or sealed is None else {"sealed": sealed})

    def state_position(self, round_: int, now: datetime, *, sealed: str) -> None:
        """Errors: MovedOn, SaidEnough."""
        if not any(one.what == "position" and one.round == round_ for one in self._asked(now)):
            raise MovedOn("OJK does not bring you and the firm together now")
        if len(list(self._own(POSITION, {"round": round_}))) >= POSITIONS_MOST:
            raise SaidEnough(f"you said {POSITIONS_MOST} things already; OJK reads them before it invites both sides")
        self._say(POSITION, {"round": round_}, now, {"sealed": sealed})

    def came_back(self, entry: dict[str, Any]) -> None:
        """What was said here was heard: it is an entry now."""
        found = next((one for one in self.answers if one.is_of(entry)), None)
        if found is not None:
            self.answers.remove(found)

    def on_their_way(self) -> list[Answer]:
        """Given here and not heard yet."""
        return [one for one in self.answers if not any(one.is_of(entry) for entry in self.entries)]

    def _asked(self, now: datetime) -> list[Awaited]:
        stands = self.stands()
        gateway, round_ = stands.gateway, int(stands.gateway.get("round", 0))
        until = _moment(gateway.get("consumer_until"))
        today = now.astimezone(WIB).date()
        kept = stands.gateway_is("accepted") or stands.gateway_is("owed")
        relief = [_relief(one, round_, until, today, kept) for one in stands.outstanding]
        # A firm may say that it kept its promise, or break it, before the consumer has answered, and while it or OJK
        # has the matter again: silence would confirm it, so it is asked about wherever the matter stands.
        may_deny = [one for one in relief if one.may_deny]
        if stands.gateway_is("accepted"):
            return [Awaited("proposal", round_, proposal=gateway.get("proposal"), until=until), *may_deny]
        if stands.gateway_is("facilitation"):
            return [Awaited("position", round_), *may_deny]
        if stands.gateway_is("owed") or stands.broke_a_promise:
            return relief
        return may_deny if stands.goes_on_at_the_gateway else []

    def _given(self, one: Awaited) -> bool:
        if one.what == "proposal":
            return self._decided(one.about) is not None
        return one.what == "relief" and self._open_relief(one.about) is not None

    def _decide(self, name: str, about: dict[str, Any], now: datetime, more: dict[str, Any] | None = None) -> None:
        said = self._decided(about)
        if said == name:
            return
        if said is not None:
            raise AnsweredOtherwise("you answered this proposal before, and otherwise")
        asked = [one for one in self._asked(now) if one.what == "proposal" and one.about == about]
        if not asked:
            raise MovedOn("this proposal does not wait for your answer, or not any more")
        if asked[0].until and now > asked[0].until:
            raise TimeOver("the time to answer this proposal is over")
        self._say(name, about, now, more or {})

    def _decided(self, about: dict[str, Any]) -> str | None:
        """What the consumer said of a proposal. It is accepted once: so one answer is enough for ever."""
        return next((name for name in (AGREES, OBJECTS) if list(self._own(name, about))), None)

    def _open_relief(self, about: dict[str, Any]) -> str | None:
        """What the consumer said of a promise, as long as the gateway has not answered: what is missing may come, and
        may be said to have come, and be missing again."""
        answered = max((one["clock"] for one in self.entries if one["owner"] == "pujk_gateway"), default=0)
        for name in (THERE, MISSING):
            if any(clock is None or clock > answered for clock in self._own(name, about)):
                return name
        return None

    def _own(self, name: str, about: dict[str, Any]) -> Iterable[int | None]:
        """Clocks of what the consumer said of this kind; none of what is on its way."""
        yield from (one["clock"] for one in self.entries if _says(one, name, about))
        yield from (None for one in self.on_their_way() if one.name == name and about.items() <= one.about.items())

    def _say(self, name: str, about: dict[str, Any], now: datetime, more: dict[str, Any]) -> None:
        sealed = more.get("sealed")
        self.answers.append(Answer(name, about, now, _digest(sealed) if sealed else None))
        self.said.append((name, {**about, **more}))


def _relief(owed: dict[str, Any], round_: int, until: datetime | None, today: date, kept: bool) -> Awaited:
    promised = date.fromisoformat(owed["promised_by"])
    return Awaited(
        "relief",
        round_,
        proposal=owed.get("proposal"),
        demand=int(owed["demand"]),
        amount=owed.get("amount"),
        until=until if owed["state"] == "paid" else None,
        promised_by=promised,
        may_deny=owed["state"] == "paid" or (kept and owed["state"] == "promised" and today > promised),
    )


def _says(entry: dict[str, Any], name: str, about: dict[str, Any]) -> bool:
    return (
        entry["owner"] == "tracking"
        and entry["type"].split(".")[1] == name
        and all(entry["data"].get(key) == value for key, value in about.items())
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _digest(sealed: str) -> str:
    return sha256(sealed.encode()).hexdigest()[:16]
