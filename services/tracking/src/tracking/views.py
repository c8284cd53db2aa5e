"""How is a timeline told to people? In their words, in both languages, with nothing sealed and no officer's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from contracts.numbers import shown

from tracking.domain import FIRMS_TURN, Timeline
from tracking.usecases import Tracked
from tracking.words import Both, Words, moment_of

#: The way of a matter as its consumer sees it, by kind; other stages stand at one of these steps.
STEPS = {
    "complaint": ("received", "sent_to_pujk", "in_handling", "proposed", "closed_resolved"),
    "indication": ("received", "sent_to_pujk", "in_handling", "proposed", "closed_resolved"),
    "question": ("received", "answered"),
    "information": ("received", "recorded"),
}
AT_STEP = {"parked": "received", "returned": "in_handling", "documents": "in_handling"}
#: Where an entry's one word of detail stands in the catalogue, and which field of its data picks it.
DETAIL = {
    "service-registered": ("kind", "kind"),
    "service-closed": ("closed", "reason"),
    "ticket-closed": ("closed", "reason"),
    "ticket-parked": ("parked", "reason"),
    "ticket-escalated": ("escalated", "because"),
    "follow-up-added": ("follow_up", "kind"),
    "ticket-declined": ("decline", "kind"),
    "resolution-proposed": ("resolution", "kind"),
}


@dataclass(frozen=True)
class StageShown:
    code: str
    title: Both
    now: Both
    whose_turn: Both
    you_can: Both
    due: datetime | None
    stands_still: Both | None = None


@dataclass(frozen=True)
class EntryShown:
    """One line of the history. ``told``: when the consumer was mailed about it; ``of``: the entry a mail was about."""

    id: str
    type: str
    time: datetime
    label: Both
    detail: Both | None = None
    of: str | None = None
    told: datetime | None = None
    not_told: bool = False


@dataclass(frozen=True)
class StepShown:
    title: Both
    state: str


@dataclass(frozen=True)
class DemandShown:
    demand: int
    title: Both
    answer: Both
    amount: int | None
    promised: Both | None


@dataclass(frozen=True)
class ResolutionShown:
    """``state``: proposed, returned or accepted; its content is told once OJK has accepted it."""

    state: str
    kind: Both
    amount: int | None = None
    demands: Sequence[DemandShown] = ()
    text: str | None = None


@dataclass(frozen=True)
class DayShown:
    date: date
    why: Both


@dataclass(frozen=True)
class MatterShown:
    """A matter as its consumer sees it. ``documents``: which ones the firm awaits. ``withheld``: what is sealed could
    not be read just now."""

    number: str
    shown: str
    kind: str | None
    kind_word: Both | None
    registered_at: datetime | None
    pujk: str | None
    stage: StageShown
    steps: Sequence[StepShown]
    due_days: Sequence[DayShown]
    timeline: Sequence[EntryShown]
    resolution: ResolutionShown | None = None
    answer: str | None = None
    documents: str | None = None
    withheld: bool = False


class Views:
    """Makes what is shown; pure, from a timeline and the catalogue."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def matter(self, tracked: Tracked) -> MatterShown:
        timeline = tracked.timeline
        registered = timeline.latest("intake.service-registered.v1")
        kind = str(registered["data"]["kind"]) if registered else None
        stage = self._stage(timeline, kind)
        deadline = timeline.deadline(timeline.stands().round) if stage.due else None
        return MatterShown(
            number=timeline.number,
            shown=shown(timeline.number, kind),
            kind=kind,
            kind_word=self._words.detail("kind", kind) if kind else None,
            registered_at=moment_of(registered["data"]["received_at"]) if registered else None,
            pujk=timeline.firm(timeline.stands().round),
            stage=stage,
            steps=self._steps(kind, stage.code),
            due_days=[self._day(day) for day in deadline.get("days", ())] if deadline else [],
            timeline=self._history(timeline, kind),
            resolution=self._resolution(timeline, tracked.resolution),
            answer=tracked.answer,
            documents=tracked.documents,
            withheld=tracked.withheld,
        )

    def _stage(self, timeline: Timeline, kind: str | None) -> StageShown:
        stands = timeline.stands()
        code, round_ = stands.stage, stands.round
        due = _due(timeline, round_)
        words = self._words.stage(code, self._words.values(timeline.firm(round_), due, kind))
        since = stands.paused_since if code in (*FIRMS_TURN, "documents") else None
        still = self._words.at_moment("stands_still", moment_of(since)) if since else None
        return StageShown(code, **words, due=due if code in FIRMS_TURN else None, stands_still=still)

    def _steps(self, kind: str | None, code: str) -> list[StepShown]:
        steps = STEPS.get(kind or "", ())
        at = AT_STEP.get(code, code)
        if at not in steps:
            return []
        place, last = steps.index(at), len(steps) - 1
        states = ["done" if i < place or place == last else "now" if i == place else "next" for i in range(last + 1)]
        return [StepShown(self._words.step(step), state) for step, state in zip(steps, states, strict=True)]

    def _history(self, timeline: Timeline, kind: str | None) -> list[EntryShown]:
        history = timeline.history()
        by_id = {one["id"]: one for one in history}
        mails = {one["data"]["of"]: one for one in history if one["owner"] == "notifier"}
        return [self._entry(timeline, one, kind, by_id, mails.get(one["id"])) for one in history]

    def _entry(
        self,
        timeline: Timeline,
        entry: dict[str, Any],
        kind: str | None,
        by_id: dict[str, dict[str, Any]],
        mail: dict[str, Any] | None,
    ) -> EntryShown:
        data, name = entry["data"], _name(entry)
        told = by_id.get(data["of"]) if entry["owner"] == "notifier" else None
        round_ = _round_of(told or entry)
        deadline = (told or entry)["data"].get("deadline")
        due = moment_of(deadline["due"]) if deadline else _due(timeline, round_)
        values, detail = self._words.values(timeline.firm(round_), due, kind), None
        if name in DETAIL:
            group, field = DETAIL[name]
            detail = self._words.detail(group, data[field])
        elif told is not None:
            detail = self._words.entry_title(_name(told), values)
        sent = mail is not None and _name(mail) == "notification-sent"
        return EntryShown(
            id=entry["id"],
            type=entry["type"],
            time=_aware(entry["time"]),
            label=self._words.entry_title(name, values),
            detail=detail,
            of=data.get("of") if entry["owner"] == "notifier" else None,
            told=_aware(mail["time"]) if mail and sent else None,
            not_told=mail is not None and not sent,
        )

    def _resolution(self, timeline: Timeline, text: str | None) -> ResolutionShown | None:
        proposed = timeline.latest("pujk_gateway.resolution-proposed.v1")
        if proposed is None:
            return None
        data = proposed["data"]
        state, kind = _decided(timeline, data), self._words.detail("resolution", data["kind"])
        if state != "accepted":
            return ResolutionShown(state, kind)
        demands = [self._demand(one) for one in data.get("answers", ())]
        return ResolutionShown(state, kind, data.get("amount"), demands, text)

    def _demand(self, answer: dict[str, Any]) -> DemandShown:
        promised = answer.get("promised_by")
        return DemandShown(
            demand=answer["demand"],
            title=self._words.say("demand", n=answer["demand"]),
            answer=self._words.detail("demand", answer["answer"]),
            amount=answer.get("amount"),
            promised=self._words.by_day("promised_by", date.fromisoformat(promised)) if promised else None,
        )

    def _day(self, day: dict[str, Any]) -> DayShown:
        return DayShown(date.fromisoformat(day["date"]), self._words.day(day.get("counted"), day.get("why")))


def _round_of(entry: dict[str, Any]) -> int:
    data = entry["data"]
    return int(data.get("round") or data.get("standing", {}).get("round", 0))


def _name(entry: dict[str, Any]) -> str:
    return str(entry["type"]).split(".")[1]


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _due(timeline: Timeline, round_: int) -> datetime | None:
    deadline = timeline.deadline(round_)
    return moment_of(deadline["due"]) if deadline else None


def _decided(timeline: Timeline, proposed: dict[str, Any]) -> str:
    which = (proposed["round"], proposed["proposal"])
    for name, state in (("accepted", "accepted"), ("returned", "returned")):
        decision = timeline.latest(f"pujk_gateway.resolution-{name}.v1")
        if decision and (decision["data"]["round"], decision["data"]["proposal"]) == which:
            return state
    return "proposed"
