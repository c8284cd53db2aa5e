"""What else may a consumer say? That an answer left something open, how they found the service, and how they want to be
told. Each is one fact, and moves nothing by itself."""

from datetime import datetime
from typing import Any

from tracking.domain.answers import AnsweredOtherwise, Answers, MovedOn, SaidEnough

REOPEN, FEEDBACK, PREFERENCES = "reopen-asked", "feedback-given", "preferences-set"
SCORES = range(1, 6)
#: So often one changes how to be told; a matter holds 2,000 entries.
PREFERENCES_MOST = 50
REGISTERED, REOPENED, ANSWERED = (
    "intake.service-registered.v1",
    "intake.service-reopened.v1",
    "intake.service-answered.v1",
)


class Wishes(Answers):
    """The part of a timeline that settles nothing."""

    @property
    def ended(self) -> bool:
        return self.stands().ended

    def noted(self, now: datetime) -> bool:
        """The consumer said all that was asked of them, and nobody has said yet what comes of it."""
        asked_again = self._did(REOPEN) and all(one["type"] != REOPENED for one in self.entries)
        return asked_again or (any(map(self._given, self._asked(now))) and not self.awaited(now))

    @property
    def reopened(self) -> bool:
        """The question waits for one more answer: its consumer said that the first did not answer it."""
        last = {one["type"]: one["seq"] for one in sorted(self.entries, key=lambda one: int(one["seq"]))}
        asked_again = last.get(REOPENED, 0)
        return self.stands().stage == "received" and asked_again > last.get(ANSWERED, 0)

    @property
    def answered_again(self) -> bool:
        """The second answer is there; nothing is asked about it once more."""
        asked_again = any(one["type"] == REOPENED for one in self.entries)
        return self.stands().stage == "answered" and asked_again

    def may_reopen(self) -> bool:
        """Once, and only of a question that was answered."""
        intake = self.stands().intake
        return bool(intake.get("kind") == "question" and intake.get("state") == "answered") and not self._did(REOPEN)

    def ask_again(self, now: datetime, *, sealed: str) -> None:
        """Errors: MovedOn, AnsweredOtherwise."""
        if self._did(REOPEN):
            raise AnsweredOtherwise("you asked once more before; OJK answers a question twice at most")
        if not self.may_reopen():
            raise MovedOn("there is no answer that could be asked about again")
        self._say(REOPEN, {}, now, {"sealed": sealed})

    def may_rate(self) -> bool:
        return self.ended and not self._did(FEEDBACK)

    def rate(self, score: int, now: datetime, *, sealed: str | None = None) -> None:
        """Once. Errors: MovedOn, AnsweredOtherwise."""
        if list(self._own(FEEDBACK, {"score": score})):
            return
        if self._did(FEEDBACK):
            raise AnsweredOtherwise("you rated this before, and otherwise")
        if not self.ended or score not in SCORES:
            raise MovedOn("a matter is rated from 1 to 5 when it has ended")
        self._say(FEEDBACK, {"score": score}, now, {"sealed": sealed} if sealed else {})

    def preferences(self) -> dict[str, Any]:
        """language, tell_by and quiet as they hold now; what nobody said is left out."""
        registered: dict[str, Any] = next((one["data"] for one in self.entries if one["type"] == REGISTERED), {})
        found: dict[str, Any] = {name: registered[name] for name in ("language", "tell_by") if name in registered}
        said = [one for one in self.entries if one["type"] == f"tracking.{PREFERENCES}.v1"]
        for one in sorted(said, key=lambda one: int(one["seq"])):
            found |= one["data"]
        for answer in self.on_their_way():
            found |= answer.about if answer.name == PREFERENCES else {}
        return found

    def rated(self) -> int | None:
        """From 1 to 5, where the consumer did."""
        heard = [int(one["data"]["score"]) for one in self.entries if one["type"] == f"tracking.{FEEDBACK}.v1"]
        sent = [int(one.about["score"]) for one in self.on_their_way() if one.name == FEEDBACK]
        return next(iter(heard + sent), None)

    def may_withdraw(self) -> bool:
        """As long as it lives, and once."""
        return not self.ended and not self.stands().withdrawal_asked and bool(self.stands().intake)

    def may_attach(self) -> bool:
        """An information is over as soon as it is recorded; what shows it may still come."""
        stands = self.stands()
        recorded = stands.stage == "recorded" and stands.intake.get("kind") == "information"
        return recorded or (not self.ended and bool(stands.intake))

    def prefer(self, wanted: dict[str, Any], now: datetime) -> None:
        """What is as it was is not said again. Errors: SaidEnough."""
        held = self.preferences()
        changed = {name: value for name, value in wanted.items() if held.get(name) != value}
        if not changed:
            return
        if len(list(self._own(PREFERENCES, {}))) >= PREFERENCES_MOST:
            raise SaidEnough(f"you changed this {PREFERENCES_MOST} times; call Kontak OJK 157")
        self._say(PREFERENCES, changed, now, {})

    def _did(self, name: str) -> bool:
        return bool(list(self._own(name, {})))
