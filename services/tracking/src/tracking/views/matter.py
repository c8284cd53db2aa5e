"""How is a timeline told to people? In their words, in both languages, with nothing sealed and no officer's name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from contracts.numbers import shown

from tracking.domain.stages import FIRMS_TURN
from tracking.domain.timeline import Timeline
from tracking.usecases.looking import Tracked
from tracking.views.deadlines import due_of, why_due
from tracking.views.settling import (
    OF_A_DEMAND,
    awaited,
    named,
    next_session,
    on_the_way,
    promises,
    since_silent,
    step_of,
    until_of,
)
from tracking.views.shown import DayShown, DemandShown, EntryShown, MatterShown, ResolutionShown, StageShown, StepShown
from tracking.views.wishing import VIEWED, looks, may, preferences, told_by, viewer_of
from tracking.words import LANGUAGES, Both, Words, moment_of

#: The way of a matter as its consumer sees it, by kind; other stages stand at one of these steps.
STEPS = {
    "complaint": ("received", "sent_to_pujk", "in_handling", "proposed", "accepted", "closed_resolved"),
    "indication": ("received", "sent_to_pujk", "in_handling", "proposed", "accepted", "closed_resolved"),
    "question": ("received", "answered"),
    "information": ("received", "recorded"),
}
AT_STEP = {
    **dict.fromkeys(("returned", "documents", "reopened"), "in_handling"),
    **dict.fromkeys(("owed", "paid", "objected", "facilitation", "at_laps"), "accepted"),
    **dict.fromkeys(("closed_silent", "closed_settled", "closed_laps"), "closed_resolved"),
    **dict.fromkeys(("parked", "asked_again"), "received"),
    "answered_again": "answered",
}
#: Where an entry's one word of detail stands in the catalogue, and which field of its data picks it.
DETAIL = {
    "pin-renewed": ("pin", "how"),
    "services-linked": ("link", "why"),
    "service-registered": ("kind", "kind"),
    "service-closed": ("closed", "reason"),
    "ticket-closed": ("closed", "reason"),
    "ticket-parked": ("parked", "reason"),
    "ticket-escalated": ("escalated", "because"),
    "deadline-moved": ("moved", "because"),
    "follow-up-added": ("follow_up", "kind"),
    "ticket-declined": ("decline", "kind"),
    "resolution-proposed": ("resolution", "kind"),
    "consumer-answered": ("answered", "answer"),
    "relief-fulfilled": ("fulfilled", "because"),
    "ticket-reopened": ("reopened", "because"),
    "facilitation-ended": ("facilitated", "outcome"),
    "sent-to-laps": ("to_laps", "because"),
    "laps-step": ("laps_step", "step"),
    "laps-decided": ("laps", "outcome"),
}
#: Stages in which the consumer otherwise waits for somebody.
OTHERS_TURN = ("proposed", "in_handling", "returned", "documents", "objected", "at_laps")


class Views:
    """Makes what is shown; pure, from a timeline and the catalogue."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def matter(self, tracked: Tracked) -> MatterShown:
        timeline = tracked.timeline
        registered = timeline.latest("intake.service-registered.v1")
        kind = str(registered["data"]["kind"]) if registered else None
        waits = awaited(self._words, timeline, tracked.now)
        stage = self._stage(timeline, kind, tracked.now, noted=bool(tracked.now and timeline.noted(tracked.now)))
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
            why_due=why_due(self._words, timeline, timeline.stands().round) if deadline else None,
            due_days=[self._day(day) for day in deadline.get("days", ())] if deadline else [],
            timeline=self._history(timeline, kind, tracked.texts),
            resolution=self._resolution(timeline, tracked),
            answer=tracked.answer,
            answer_before=tracked.answer_before,
            documents=tracked.documents,
            withheld=tracked.withheld,
            awaited=waits,
            on_the_way=on_the_way(self._words, timeline),
            promises=promises(self._words, timeline.stands().obligations),
            facilitation_limits=self._words.limits(tracked.now) if tracked.now and waits else None,
            looks=looks(self._words, tracked),
            preferences=preferences(timeline),
            **may(timeline),
        )

    def _stage(self, timeline: Timeline, kind: str | None, now: datetime | None, *, noted: bool) -> StageShown:
        """``noted``: the consumer said all that was asked, and it is on its way: nothing more is asked of them."""
        stands = timeline.stands()
        code = "asked_again" if timeline.reopened else "answered_again" if timeline.answered_again else stands.stage
        round_ = stands.round
        due = due_of(timeline, round_)
        until, why = until_of(self._words, timeline, code)
        promised = min((date.fromisoformat(one["promised_by"]) for one in stands.outstanding), default=None)
        values = self._words.values(timeline.firm(round_), due, kind, until=until, promised=promised)
        told = "noted" if noted else code
        words = since_silent(self._words, timeline, told, self._words.stage(told, values))
        spoken = since_silent(self._words, timeline, told, self._words.aloud(told, values))
        if code in OTHERS_TURN and any(one.may_deny for one in (timeline.awaited(now) if now else ())):
            # Whoever's turn it is: silence would say that what was promised is there.
            words["you_can"] = self._words.stage("paid", values)["you_can"]
            spoken["you_can"] = self._words.aloud("paid", values)["you_can"]
        since = stands.paused_since if code in (*FIRMS_TURN, "documents") else None
        still = self._words.at_moment("stands_still", moment_of(since)) if since else None
        due = due if code in FIRMS_TURN else None
        session = next_session(timeline, now) if code == "facilitation" and now else None
        shown = StageShown(
            code, **words, due=due, stands_still=still, until=until, why_until=why, session=session, spoken=spoken
        )
        return replace(shown, until=None, why_until=None) if noted else shown

    def _steps(self, kind: str | None, code: str) -> list[StepShown]:
        steps = STEPS.get(kind or "", ())
        at = AT_STEP.get(code, code)
        if at not in steps:
            return []
        place, last = steps.index(at), len(steps) - 1
        states = ["done" if i < place or place == last else "now" if i == place else "next" for i in range(last + 1)]
        # The present one is called what it is.
        named_as = [code if state == "now" else step for step, state in zip(steps, states, strict=True)]
        return [StepShown(self._words.step(step), state) for step, state in zip(named_as, states, strict=True)]

    def _history(self, timeline: Timeline, kind: str | None, texts: Mapping[str, str]) -> list[EntryShown]:
        # What the consumer said stands there already, as their own.
        history = [one for one in timeline.history() if not _is_echo(one)]
        by_id = {one["id"]: one for one in history}
        mails = {one["data"]["of"]: one for one in history if one["owner"] == "notifier"}
        return [
            replace(self._entry(timeline, one, kind, by_id, mails.get(one["id"])), text=texts.get(one["id"]))
            for one in history
        ]

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
        due = moment_of(deadline["due"]) if deadline else due_of(timeline, round_)
        values, detail = self._words.values(timeline.firm(round_), due, kind), None
        if name in DETAIL:
            group, field = DETAIL[name]
            detail = self._words.detail(group, data[field])
        elif entry["type"] == VIEWED:
            detail = viewer_of(self._words, timeline, data)
        elif told is not None:
            detail = self._words.entry_title(_name(told), values)
        if more := named(self._words, name, data):
            first, second = (more, detail) if name in OF_A_DEMAND else (detail, more)
            detail = Both(*(f"{first[one]}: {second[one]}" for one in LANGUAGES)) if first and second else more
        sent = mail is not None and _name(mail) == "notification-sent"
        return EntryShown(
            id=entry["id"],
            type=entry["type"],
            time=_aware(entry["time"]),
            label=step_of(self._words, data) if name == "facilitation-step" else self._words.entry_title(name, values),
            detail=detail,
            of=data.get("of") if entry["owner"] == "notifier" else None,
            told=_aware(mail["time"]) if mail and sent else None,
            not_told=mail is not None and not sent,
            by=told_by(mail["data"]) if mail else None,
        )

    def _resolution(self, timeline: Timeline, tracked: Tracked) -> ResolutionShown | None:
        proposed = timeline.latest("pujk_gateway.resolution-proposed.v1")
        if proposed is None or proposed["data"]["round"] < timeline.stands().round:
            # Another firm answers now.
            return None
        data = proposed["data"]
        state, kind = _decided(timeline, data), self._words.detail("resolution", data["kind"])
        if state != "accepted":
            return ResolutionShown(state, kind)
        demands = [self._demand(one, tracked) for one in data.get("answers", ())]
        return ResolutionShown(state, kind, data.get("amount"), demands, tracked.resolution)

    def _demand(self, answer: dict[str, Any], tracked: Tracked) -> DemandShown:
        promised = answer.get("promised_by")
        return DemandShown(
            demand=answer["demand"],
            title=self._words.say("demand", n=answer["demand"]),
            answer=self._words.detail("demand", answer["answer"]),
            amount=answer.get("amount"),
            promised=self._words.by_day("promised_by", date.fromisoformat(promised)) if promised else None,
            text=tracked.reasons.get(answer["demand"]),
            asked=tracked.demands.get(answer["demand"]),
        )

    def _day(self, day: dict[str, Any]) -> DayShown:
        return DayShown(date.fromisoformat(day["date"]), self._words.day(day.get("counted"), day.get("why")))


def _round_of(entry: dict[str, Any]) -> int:
    data = entry["data"]
    return int(data.get("round") or data.get("standing", {}).get("round", 0))


def _is_echo(entry: dict[str, Any]) -> bool:
    data = entry["data"]
    return _name(entry) == "facilitation-step" and (data["kind"], data["side"]) == ("position", "consumer")


def _name(entry: dict[str, Any]) -> str:
    return str(entry["type"]).split(".")[1]


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _decided(timeline: Timeline, proposed: dict[str, Any]) -> str:
    which = (proposed["round"], proposed["proposal"])
    for name, state in (("accepted", "accepted"), ("returned", "returned")):
        decision = timeline.latest(f"pujk_gateway.resolution-{name}.v1")
        if decision and (decision["data"]["round"], decision["data"]["proposal"]) == which:
            return state
    return "proposed"
