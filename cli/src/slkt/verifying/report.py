"""What did verify find? Counted by kind; the first thousand one by one; one verdict with one exit code."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

DETAILS_MOST = 1_000

Verdict = Literal["clean", "lost-or-doubled", "could-not-judge"]
EXIT_CODES: dict[Verdict, int] = {"clean": 0, "lost-or-doubled": 1, "could-not-judge": 2}

#: Every kind of finding, in words.
KINDS = {
    "not-heard": "a fact was said that its hearer never applied",
    "no-document": "a fact was said, and its hearer has no document of the matter",
    "fact-missing": "an owner's seq has a gap: a fact was given a number and is kept nowhere",
    "owner-lost": "facts of an owner are kept, and it has no document of the matter",
    "behind": "a document is older than facts its owner has said",
    "heard-unknown": "a fact was applied that its owner keeps nowhere",
    "not-registered": "a matter is known that intake never said to be registered",
    "doubled-seq": "two facts of one owner and matter have the same seq",
    "doubled-fact": "one message made its owner say the same thing twice",
    "doubled-effect": "an effect stands twice in a document",
    "timeline": "a timeline is not what its owners' facts fold to",
    "figures": "figures are not what the timelines' rows come to",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should not be. `service` is where it is seen; `owner`, `seq`, `fact` name the fact it is about."""

    kind: str
    service: str
    number: str
    owner: str = ""
    seq: int = 0
    fact: str = ""
    type: str = ""
    what: str = ""
    why: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same finding at a second look."""
        return (self.kind, self.service, self.number, self.owner, self.seq, self.fact, self.what)

    @property
    def gap(self) -> bool:
        """Whether a dead letter, a waiting room or a queue could explain it."""
        return self.kind in ("not-heard", "no-document")


@dataclass
class Report:
    """All that was judged and found. `explained` are gaps that are not lost: it says how they can still be closed."""

    cut: datetime | None = None
    seconds: float = 0.0
    matters: int = 0
    judged: int = 0
    in_flight: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    details: list[Finding] = field(default_factory=list)
    explanations: list[Finding] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.found[finding.kind] += 1
        if len(self.details) < DETAILS_MOST:
            self.details.append(finding)

    def explain(self, finding: Finding) -> None:
        """A gap with its reason in `why`: stuck, unsent, dead, retry."""
        self.explained[finding.why] += 1
        if len(self.explanations) < DETAILS_MOST:
            self.explanations.append(finding)

    @property
    def verdict(self) -> Verdict:
        """What is certainly wrong weighs more than what could not be judged."""
        if self.found:
            return "lost-or-doubled"
        return "could-not-judge" if self.troubles else "clean"

    @property
    def clean(self) -> bool:
        return self.verdict == "clean"

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "cut": self.cut.isoformat() if self.cut else None,
            "seconds": round(self.seconds, 1),
            "matters": self.matters,
            "facts_judged": self.judged,
            "facts_in_flight": self.in_flight,
            "facts": dict(self.facts),
            "found": dict(self.found),
            "explained": dict(self.explained),
            "details": [asdict(one) for one in self.details],
            "explanations": [asdict(one) for one in self.explanations],
            "troubles": self.troubles,
            "notes": self.notes,
        }
