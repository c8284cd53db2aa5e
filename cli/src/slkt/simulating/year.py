"""What comes in during a year? So many of each kind, by channel, hour, firm, issue and region, as `sample/year.json`
says; the same seed, first day and number give the same services, keys included."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from slkt.directory import firms
from slkt.people import People

DAYS = 365
#: Jakarta's clock, in which people live by hours and weekdays.
AHEAD = timedelta(hours=7)
NEEDS_FIRM = ("complaint", "indication")


@dataclass(frozen=True)
class Simulated:
    """One service: ``at`` is when it comes in, UTC; ``data`` is what its channel submits under ``key``."""

    at: datetime
    channel: str
    key: str
    data: dict[str, Any]
    firm: str | None = None
    sector: str | None = None


class Year:
    """``only``: complaints and indications name these firms alone, where their sector has any."""

    def __init__(self, seed: int, first: date, services: int, only: Sequence[str] = ()) -> None:
        self._said: dict[str, Any] = json.loads(files("slkt").joinpath("sample/year.json").read_text(encoding="utf-8"))
        self._seed, self._first, self._services = seed, first, services
        self._people = People.load()
        self._words = _words()
        self._firms = _by_sector(only)
        self._known: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[Simulated]:
        """In the order of time."""
        rng = random.Random(f"{self._seed}/{self._first}/{self._services}")
        self._known = []
        for n, at in enumerate(sorted(self._moment(rng) for _ in range(self._services)), 1):
            yield self._one(n, at, rng)

    def _moment(self, rng: random.Random) -> datetime:
        while True:
            day = self._first + timedelta(days=rng.randrange(DAYS))
            heavy = self._said["weekdays"][day.weekday()] * self._said["months"][day.month - 1]
            most = max(self._said["weekdays"]) * max(self._said["months"])
            if rng.random() * most < heavy:
                break
        (hour,) = rng.choices(range(24), self._said["hours"])
        there = datetime(day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=UTC)
        return there - AHEAD

    def _one(self, n: int, at: datetime, rng: random.Random) -> Simulated:
        kind = _drawn(rng, self._said["kinds"])
        channel = _drawn(rng, self._said["channels"][kind])
        sector = _drawn(rng, {name: share for name, share in self._said["sectors"].items() if name in self._firms})
        firm = rng.choice(self._firms[sector])
        issue = rng.choice(own) if (own := self._said["issues_of"].get(sector)) else _drawn(rng, self._said["issues"])
        product = rng.choice(self._words.products[sector])
        region = _drawn(rng, {one: n for one, n in self._said["regions"].items() if one in self._people.areas})
        private = self._private(f"s{n}", region, rng)
        data: dict[str, Any] = {
            "kind": kind,
            "form": "oral" if channel == "phone" else "written",
            "pujk": {"name": firm["name"]} if kind in NEEDS_FIRM else None,
            "product": product,
            "issue": issue,
            "region": region,
            "consent": kind in NEEDS_FIRM,
            "private": private,
        }
        named = {"issue": self._words.of[issue].lower(), "product": self._words.of[product].lower()}
        private["story"] = rng.choice(self._said["stories"][kind]).format(pujk=firm["name"], **named)
        if kind in NEEDS_FIRM:
            data |= self._dispute(data, at, rng)
        key = str(uuid5(NAMESPACE_URL, f"slkt-year/{self._seed}/{self._first}/{self._services}/{n}"))
        named_firm = (firm["code"], sector) if kind in NEEDS_FIRM else (None, None)
        return Simulated(at, channel, key, data, *named_firm)

    def _private(self, tag: str, region: str, rng: random.Random) -> dict[str, Any]:
        """Somebody new, or one of those who came before."""
        if self._known and rng.random() < self._said["returning"]:
            return {"consumer": dict(rng.choice(self._known))}
        consumer = self._people.consumer(rng, tag, region)
        if len(self._known) < 10_000:
            self._known.append(consumer)
        return {"consumer": dict(consumer)}

    def _dispute(self, data: dict[str, Any], at: datetime, rng: random.Random) -> dict[str, Any]:
        low, high = self._said["loss_rupiah"]
        loss = round(low * (high / low) ** rng.random(), -4)
        demands = rng.sample(self._said["demands"], rng.choices((1, 2), (7, 3))[0])
        data["private"]["demands"] = demands
        day = (at + AHEAD).date() - timedelta(days=rng.randint(10, 60))
        tried = rng.random() < self._said["tried_first"]
        brought = {
            "on": (day + timedelta(days=5)).isoformat(),
            "how": "telepon",
            "outcome": rng.choice(self._said["outcomes"]),
        }
        return {
            "loss": int(loss),
            "transaction_date": day.isoformat(),
            "demands": [{"amount": int(loss) if place == 0 else None} for place, _ in enumerate(demands)],
            "brought_to_pujk": brought if tried else None,
        }


@dataclass(frozen=True)
class _Words:
    of: Mapping[str, str]
    products: Mapping[str, list[str]]


def _words() -> _Words:
    taxonomy = json.loads(files("contracts").joinpath("data/taxonomy.json").read_text(encoding="utf-8"))
    products: dict[str, list[str]] = {}
    for one in taxonomy:
        if one["kind"] == "product" and one.get("sector"):
            products.setdefault(one["sector"], []).append(one["code"])
    return _Words({one["code"]: one["id"] for one in taxonomy}, products)


def _by_sector(only: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for firm in firms():
        if not only or firm["code"] in only:
            found.setdefault(firm["sector"], []).append(firm)
    return found


def _drawn(rng: random.Random, shares: Mapping[str, float]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]
