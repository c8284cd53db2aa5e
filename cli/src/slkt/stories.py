"""What does the demo send? Stories written for it, told by made-up people, never the same twice.

A story stands in `sample/stories.json` with placeholders: {loss}, {d1}, {d2} (amounts of the demands), {tx} and {br}
(dates of the transaction and of bringing it to the firm), {pujk}, {acc}, {ref}. Every story of a kind is told once
before any is told again, each time by somebody else, with another amount, day and, where it names several, firm.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from slkt.people import People

MONTHS = {
    "id": "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
TELLS = {"indication": "complaint"}  # an indication is a complaint that is not brought as one yet


@dataclass(frozen=True)
class Sample:
    """One submission: `key` is its idempotency key, `data` what the channel sends, `story` the id of the story."""

    key: str
    data: dict[str, Any]
    story: str


def load(kind: str) -> list[dict[str, Any]]:
    """The stories of a kind as they stand in the sample."""
    document = json.loads(files("slkt").joinpath("sample/stories.json").read_text(encoding="utf-8"))
    return [story for story in document["stories"] if story["kind"] == TELLS.get(kind, kind)]


def submissions(count_by_kind: Mapping[str, int], seed: int, today: date) -> Iterator[Sample]:
    """So many submissions of each kind, mixed; the same seed and day give the same ones, keys included.

    ValueError for a kind the sample has no story of.
    """
    rng = random.Random(f"{seed}/{today}")
    people = People.load()
    order = [kind for kind, count in sorted(count_by_kind.items()) for _ in range(count)]
    rng.shuffle(order)
    tellers = {kind: _tell_all(kind, rng) for kind in sorted(count_by_kind)}
    for number, kind in enumerate(order, 1):
        story = next(tellers[kind])
        key = str(uuid5(NAMESPACE_URL, f"slkt-sample/{seed}/{today}/{number}"))
        yield Sample(key, _Telling(story, kind, f"{number:04d}", rng, today, people).data(), story["id"])


def _tell_all(kind: str, rng: random.Random) -> Iterator[dict[str, Any]]:
    stories = load(kind)
    if not stories:
        raise ValueError(
            f"the sample has no story of kind {kind!r}; it has complaint, indication, question, information"
        )
    while True:
        rng.shuffle(stories)
        yield from stories


class _Telling:
    """One story told once: who, how much, when, about whom."""

    def __init__(
        self, story: dict[str, Any], kind: str, tag: str, rng: random.Random, today: date, people: People
    ) -> None:
        self.story, self.kind, self.tag, self.rng, self.people = story, kind, tag, rng, people
        self.language = story.get("language", "id")
        later = timedelta(days=rng.randint(0, 4))
        self.pujk = rng.choice(story["pujk"]) if story.get("pujk") else None
        self.loss = _vary(story["loss"], rng) if story.get("loss") else None
        self.tx = today - timedelta(days=story["days_before"]) - later if "days_before" in story else None
        brought = story.get("brought")
        self.brought_on = today - timedelta(days=brought["days_before"]) - later if brought else None
        self.account = _fill_pattern(story.get("account"), rng)
        self.reference = _fill_pattern(story.get("reference"), rng)
        self.amounts = [self._amount(demand) for demand in story.get("demands", ())]

    def data(self) -> dict[str, Any]:
        """The submission as a channel sends it; absent values are null."""
        brought = self.story.get("brought")
        return {
            "kind": self.kind,
            "pujk": dict(self.pujk) if self.pujk else None,
            "product": self.story["product"],
            "issue": self.story["issue"],
            "region": self.story["region"],
            "loss": self.loss,
            "transaction_date": self.tx.isoformat() if self.tx else None,
            "demands": [{"amount": amount} for amount in self.amounts],
            "brought_to_pujk": {
                "on": self.brought_on.isoformat(),
                "how": brought["how"],
                "outcome": brought["outcome"],
            }
            if brought and self.brought_on
            else None,
            "in_court": self.story.get("in_court", False),
            "consent": self.kind in ("complaint", "indication"),
            "language": self.language,
            "tell_by": self.story.get("tell_by", "email"),
            "private": self._private(),
        }

    def _private(self) -> dict[str, Any]:
        by_mail = self.story.get("tell_by", "email") == "email"
        said: dict[str, Any] = {
            "consumer": self.people.consumer(
                self.rng,
                self.tag,
                self.story["region"],
                sex=self.story.get("sex"),
                born=self.story.get("born", (1962, 2003)),
                passport=self.story.get("passport", False),
                email=by_mail,
            ),
            "story": self._words(self.story["story"]),
            "demands": [self._words(demand["text"]) for demand in self.story.get("demands", ())],
        }
        if self.story.get("represented"):
            said["representative"] = self.people.representative(self.rng, self.tag, self.story["region"])
        if self.account:
            said["account_number"] = self.account
        if self.reference:
            said["pujk_reference"] = self.reference
        return said

    def _amount(self, demand: dict[str, Any]) -> int | None:
        if "amount" in demand:
            return int(demand["amount"])
        if "share" in demand and self.loss:
            return self.loss if demand["share"] == 1 else _round(self.loss * demand["share"])
        return None

    def _words(self, text: str) -> str:
        said = {
            "loss": self._rupiah(self.loss),
            **{f"d{n}": self._rupiah(amount) for n, amount in enumerate(self.amounts, 1)},
            "tx": self._day(self.tx),
            "br": self._day(self.brought_on),
            "pujk": self.pujk["name"] if self.pujk else "",
            "acc": self.account or "",
            "ref": self.reference or "",
        }
        return re.sub(r"\{(\w+)\}", lambda found: said[found[1]], text)

    def _rupiah(self, amount: int | None) -> str:
        shown = f"{amount or 0:,}"
        return "Rp" + (shown if self.language == "en" else shown.replace(",", "."))

    def _day(self, day: date | None) -> str:
        return f"{day.day} {MONTHS[self.language].split('|')[day.month - 1]} {day.year}" if day else ""


def _vary(amount: int, rng: random.Random) -> int:
    return _round(amount * rng.uniform(0.86, 1.18))


def _round(amount: float) -> int:
    step = 5_000 if amount < 10**6 else 50_000 if amount < 10**7 else 250_000
    return max(step, round(amount / step) * step)


def _fill_pattern(pattern: str | None, rng: random.Random) -> str | None:
    if not pattern:
        return None
    digits = re.sub("#", lambda _: str(rng.randrange(10)), pattern)
    return re.sub(r"\?", lambda _: rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ"), digits)
