"""How is told what follows an accepted proposal? What the consumer may answer, what is promised, by when and why."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tracking.domain.timeline import Timeline
from tracking.views.shown import AwaitedShown, PromiseShown
from tracking.words import LANGUAGES, Both, Words, moment_of

#: Facts that are about one promise.
OF_A_DEMAND = ("relief-paid", "relief-fulfilled", "relief-overdue", "relief-confirmed", "relief-denied")
#: What says by when OJK answers a question.
ANSWERED_BY = {"received": "intake.service-registered.v1", "asked_again": "intake.service-reopened.v1"}


def awaited(words: Words, timeline: Timeline, now: datetime | None) -> list[AwaitedShown]:
    """What the consumer may answer now."""
    return [
        AwaitedShown(
            one.what,
            one.round,
            demand_of(words, one.demand) if one.demand is not None else words[f"awaited_{one.what}"],
            proposal=one.proposal,
            demand=one.demand,
            until=one.until,
            may_deny=one.may_deny,
        )
        for one in (timeline.awaited(now) if now else ())
    ]


def on_the_way(words: Words, timeline: Timeline) -> list[Both]:
    return [words[f"on_the_way_{one.name}"] for one in timeline.on_their_way()]


def promises(words: Words, obligations: Sequence[dict[str, Any]]) -> list[PromiseShown]:
    return [
        PromiseShown(
            demand=int(one["demand"]),
            title=demand_of(words, int(one["demand"])),
            state=one["state"],
            state_word=words.detail("promise", one["state"]),
            promised_by=date.fromisoformat(one["promised_by"]),
            amount=one.get("amount"),
        )
        for one in obligations
    ]


def demand_of(words: Words, demand: int) -> Both:
    """Which promise it is: of a demand, or of a settlement."""
    return words.say("demand", n=demand) if demand else words["settlement"]


def named(words: Words, name: str, data: dict[str, Any]) -> Both | None:
    """What else tells one fact from another of its kind: which promise, whose words, when a session is."""
    if name in OF_A_DEMAND:
        return demand_of(words, data["demand"])
    if name == "consumer-objected" and data["facilitation"]:
        return words["asks_facilitation"]
    if name == "facilitation-step":
        at = data.get("held_at")
        return words.at_moment("at_moment", moment_of(at)) if at else None
    return None


def step_of(words: Words, data: dict[str, Any]) -> Both:
    """What happened on the way to a settlement: whose words, or a session."""
    kind, side = data["kind"], data["side"]
    return words.detail("said", side) if kind == "position" else words.detail("step", kind)


def next_session(timeline: Timeline, now: datetime) -> datetime | None:
    """The one that is planned, not cancelled, and still to come."""
    ahead = list[datetime]()
    steps = [one["data"] for one in timeline.history() if one["type"] == "pujk_gateway.facilitation-step.v1"]
    for data in (one for one in steps if one["round"] == timeline.stands().gateway.get("round")):
        at = moment_of(data["held_at"]) if data.get("held_at") else None
        if data["kind"] == "session-planned" and at and at not in ahead:
            ahead.append(at)
        elif data["kind"] == "session-cancelled" and at in ahead:
            ahead.remove(at)
    return min((at for at in ahead if at > now), default=None)


def since_silent(words: Words, timeline: Timeline, code: str, said: dict[str, Both]) -> dict[str, Both]:
    """What is owed after a silence says so first: nobody is to think that they agreed themselves."""
    lapsed, gateway = timeline.latest("pujk_gateway.consumer-time-lapsed.v1"), timeline.stands().gateway
    which = (gateway.get("round"), gateway.get("proposal"))
    if code not in ("owed", "paid") or lapsed is None or which != (lapsed["data"]["round"], lapsed["data"]["proposal"]):
        return said
    taken = words["taken_to_agree"]
    return said | {"now": Both(*(f"{taken[one]} {said['now'][one]}" for one in LANGUAGES))}


def until_of(words: Words, timeline: Timeline, code: str) -> tuple[datetime | None, Both | None]:
    """By when the consumer, LAPS SJK, or OJK a question, answers, and why then."""
    gateway = timeline.stands().gateway
    if code in ("accepted", "paid"):
        until = gateway.get("consumer_until")
        accepted = timeline.latest("pujk_gateway.resolution-accepted.v1") if code == "accepted" else None
        # Not where they have longer, because the firm broke what it promised and kept it late.
        counted = accepted and until and moment_of(accepted["data"]["consumer_until"]) == moment_of(until)
        days = accepted["data"].get("consumer_days") if accepted and counted else None
        return moment_of(until) if until else None, words.say("why_until", n=days) if days else None
    if code == "at_laps" and gateway.get("laps_until"):
        return moment_of(gateway["laps_until"]), None
    said = timeline.latest(ANSWERED_BY[code]) if code in ANSWERED_BY else None
    if said and "answer_by" in said["data"]:
        return moment_of(said["data"]["answer_by"]), words[f"why_{code}"]
    return None, None
