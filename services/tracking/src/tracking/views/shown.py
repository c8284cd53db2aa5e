"""What is told of a matter? The shapes of page and JSON: words in both languages, nothing sealed, no officer's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracking.words import Both


@dataclass(frozen=True)
class StageShown:
    code: str
    title: Both
    now: Both
    whose_turn: Both
    you_can: Both
    due: datetime | None
    stands_still: Both | None = None
    #: By when the consumer, LAPS SJK, or OJK a question, is to answer, and why then.
    until: datetime | None = None
    why_until: Both | None = None
    #: When OJK, the firm and the consumer meet next.
    session: datetime | None = None
    #: ``now`` and ``you_can`` for the ear.
    spoken: Mapping[str, Both] = field(default_factory=dict)


@dataclass(frozen=True)
class EntryShown:
    """One line of the history. ``told``: when the consumer was told of it, and ``by`` what; ``of``: the entry a message
    was about; ``text``: what was said on the way to a settlement."""

    id: str
    type: str
    time: datetime
    label: Both
    detail: Both | None = None
    of: str | None = None
    told: datetime | None = None
    not_told: bool = False
    #: None where there is no address and no number on any way.
    by: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class AwaitedShown:
    """An answer that the consumer may give now. ``what``: proposal (agrees or objects), relief (there; missing, too,
    where ``may_deny``) or position. ``round`` with ``proposal`` or ``demand`` name what it is about."""

    what: str
    round: int
    title: Both
    proposal: int | None = None
    demand: int | None = None
    until: datetime | None = None
    may_deny: bool = False


@dataclass(frozen=True)
class PromiseShown:
    """``state``: promised, paid (so the firm says), fulfilled or overdue."""

    demand: int
    title: Both
    state: str
    state_word: Both
    promised_by: date
    amount: int | None = None


@dataclass(frozen=True)
class StepShown:
    title: Both
    state: str


@dataclass(frozen=True)
class DemandShown:
    """What one demand gets. ``asked``: the consumer's own words; ``text``: on what the firm's answer rests."""

    demand: int
    title: Both
    answer: Both
    amount: int | None
    promised: Both | None
    text: str | None = None
    asked: str | None = None


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
class LookShown:
    """Somebody opened data of the consumer. ``who``: a role of OJK or a firm; ``why``: in their words."""

    at: datetime
    who: Both
    fields: Sequence[Both]
    why: str | None = None


@dataclass(frozen=True)
class PreferencesShown:
    """How the consumer is told. Quiet hours are of the clock of ``quiet_zone``; none: at any hour where
    ``quiet_said``, else nobody is rung at by night, by the notifier's rule."""

    language: str
    tell_by: str
    quiet_begin: str | None
    quiet_end: str | None
    quiet_zone: str
    quiet_said: bool


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
    #: What the firm's time is made of, and each of its days.
    why_due: Both | None
    due_days: Sequence[DayShown]
    timeline: Sequence[EntryShown]
    resolution: ResolutionShown | None = None
    answer: str | None = None
    documents: str | None = None
    withheld: bool = False
    #: What was answered first, where a second answer followed.
    answer_before: str | None = None
    awaited: Sequence[AwaitedShown] = ()
    #: What the consumer said here and OJK's system has not taken yet.
    on_the_way: Sequence[Both] = ()
    promises: Sequence[PromiseShown] = ()
    #: How far OJK facilitates, where it may be asked to.
    facilitation_limits: Both | None = None
    #: Who looked at the consumer's data, newest first.
    looks: Sequence[LookShown] = ()
    preferences: PreferencesShown | None = None
    #: What may be said now: that the answer left something open; how the service was; that it be withdrawn or added to.
    may_reopen: bool = False
    may_rate: bool = False
    may_withdraw: bool = False
    may_attach: bool = False
    rated: int | None = None
