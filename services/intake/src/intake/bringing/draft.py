"""What has been filled in so far: kept for some days, by nobody's name, until it is sent or forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

Step = Literal["masalah", "cerita", "diri", "lampiran", "periksa"]
STEPS: tuple[Step, ...] = ("masalah", "cerita", "diri", "lampiran", "periksa")
KINDS = ("complaint", "indication", "question", "information")
DEMANDS = 5
#: Beside ``pujk_code`` in its form: the name for which that firm was chosen.
CHOSEN_FOR = "pujk_for"

_DEMANDS = tuple(name for n in range(1, DEMANDS + 1) for name in (f"demand_{n}", f"amount_{n}"))
_REPRESENTED = ("represented", "rep_name", "rep_email", "rep_phone", "power")
_TOLD = ("email", "phone", "tell_by", "language")
#: What each kind is asked for, step by step, and nothing else: DOMAIN, "Data of a complaint".
ASKED: Mapping[str, Mapping[Step, tuple[str, ...]]] = {
    "complaint": {
        "masalah": ("pujk", "pujk_code", "product", "issue", "moved"),
        "cerita": ("story", "transaction_date", "account_number", "loss", *_DEMANDS, "tried", "brought_on",
                   "brought_how", "pujk_reference", "brought_outcome", "in_court"),
        "diri": ("name", "nik", "passport", "region", "address", *_TOLD, *_REPRESENTED),
        "periksa": ("consent",),
    },
    "indication": {
        "masalah": ("pujk", "pujk_code", "product", "issue", "moved"),
        "cerita": ("story", "transaction_date", "account_number", "loss", "in_court"),
        "diri": ("name", "region", *_TOLD),
        "periksa": ("consent",),
    },
    "question": {
        "masalah": ("pujk", "pujk_code", "product"),
        "cerita": ("story",),
        "diri": ("name", "region", *_TOLD),
    },
    "information": {
        "masalah": ("pujk", "pujk_code", "product", "moved"),
        "cerita": ("story", "transaction_date", "loss"),
        "diri": ("name", "region", "email", "phone", "language"),
    },
}  # fmt: skip


class DraftEnded(Exception):
    """No draft of this browser is here, or its time is over."""

    page = (404, "refused.draft_ended")


class DraftSent(Exception):
    """It was sent, or is being sent: nothing of it changes any more."""

    page = (422, "refused.draft_sent")


@dataclass(frozen=True)
class DraftFile:
    id: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Meant:
    """What the directory says of the firm as it was typed: ``away`` where nobody could be asked."""

    typed: str = ""
    code: str = ""
    name: str = ""
    sector: str = ""
    away: bool = False
    #: Who else may be meant: (code, name). Empty where one is sure or was chosen.
    others: tuple[tuple[str, str], ...] = ()
    #: Entries of the list of illegal entities that are called so.
    illegal: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """What became of it."""

    number: str
    kind: str
    received_at: str
    counted_from: str | None
    #: Files that the matter did not take.
    left: tuple[str, ...] = ()
    #: It is about somebody who need not answer: see ``Draft.listed``.
    listed: bool = False


@dataclass(frozen=True)
class Draft:
    """``id`` tells nothing about its browser; ``at``: when it was begun."""

    id: str
    kind: str
    at: str
    fields: Mapping[str, str] = field(default_factory=dict)
    files: tuple[DraftFile, ...] = ()
    meant: Meant = Meant()
    done: tuple[str, ...] = ()
    sending: bool = False
    sent: Sent | None = None

    @property
    def unasked(self) -> bool:
        """A firm is named, and the directory was not there to say which one it is."""
        typed = self.fields.get("pujk", "")
        return bool(typed) and (self.meant.away or self.meant.typed != typed)

    @property
    def listed(self) -> bool:
        """Whoever is named is no licensed firm and stands in the list of illegal entities: OJK cannot make them
        answer."""
        return bool(self.fields.get("pujk") and self.meant.illegal) and not (self.unasked or self.meant.code)

    def asked(self, step: str) -> tuple[str, ...]:
        return ASKED[self.kind].get(step, ())  # type: ignore[call-overload, no-any-return]

    def all_asked(self) -> tuple[str, ...]:
        return tuple(name for step in STEPS for name in self.asked(step))

    def step_of(self, name: str) -> str:
        """Where a field is filled in; what nobody asked for is looked at with all the rest."""
        return next((step for step in STEPS if name in self.asked(step)), "periksa")

    def filled(self, step: str, fields: Mapping[str, str]) -> "Draft":
        """Refuses DraftSent."""
        self._open()
        mine = {name: text for name in self.asked(step) if (text := fields.get(name, "").strip())}
        if fields.get(CHOSEN_FOR, "").strip() != mine.get("pujk"):
            # A firm was chosen for one name, never for another.
            mine.pop("pujk_code", None)
        kept = {name: text for name, text in self.fields.items() if name not in self.asked(step)}
        return replace(self, fields=kept | mine)

    def of_kind(self, kind: str) -> "Draft":
        """What was filled in stays; what the other kind is not asked for is only left out. Refuses DraftSent."""
        self._open()
        return replace(self, kind=kind)

    def passed(self, step: str) -> "Draft":
        return replace(self, done=tuple(dict.fromkeys((*self.done, step))))

    def with_file(self, file: DraftFile) -> "Draft":
        """Refuses DraftSent."""
        self._open()
        return replace(self, files=(*self.files, file))

    def without_file(self, id_: str) -> "Draft":
        """Refuses DraftSent."""
        self._open()
        return replace(self, files=tuple(one for one in self.files if one.id != id_))

    def became(self, sent: Sent) -> "Draft":
        """Of what was sent nothing stays but where it went."""
        return replace(self, fields={}, files=(), meant=Meant(), sending=False, sent=sent)

    def of_now(self) -> dict[str, str]:
        """What its kind is asked for."""
        asked = set(self.all_asked())
        return {name: text for name, text in self.fields.items() if name in asked}

    def _open(self) -> None:
        if self.sending or self.sent:
            raise DraftSent("what was sent is changed by nobody")


def begun(id_: str, kind: str, now: datetime) -> Draft:
    return Draft(id_, kind, now.isoformat())


def to_keep(draft: Draft) -> dict[str, Any]:
    return asdict(draft)


def kept(said: Mapping[str, Any]) -> Draft:
    return Draft(
        id=said["id"],
        kind=said["kind"],
        at=said["at"],
        fields=said["fields"],
        files=tuple(DraftFile(**one) for one in said["files"]),
        meant=Meant(
            **said["meant"] | {"others": _pairs(said["meant"]["others"]), "illegal": tuple(said["meant"]["illegal"])}
        ),
        done=tuple(said["done"]),
        sending=said["sending"],
        sent=Sent(**said["sent"] | {"left": tuple(said["sent"]["left"])}) if said["sent"] else None,
    )


def _pairs(said: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((code, name) for code, name in said)
