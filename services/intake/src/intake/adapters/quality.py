"""Samples that were drawn and what was scored, in intake's own database. A matter has one score at most."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from chassis.database import unavailable
from chassis.service import Base

from intake.quality import Sample, Score, Wanted
from intake.usecases.quality import AlreadyScored


class MongoQuality:
    """``samples`` and ``scores``. Errors of all: Unavailable."""

    def __init__(self, base: Base) -> None:
        self._samples, self._scores = base.database["samples"], base.database["scores"]

    async def prepare(self) -> None:
        await self._samples.create_index([("at", -1)], name="at")
        await self._scores.create_index([("cso", 1), ("at", -1)], name="cso")
        await self._scores.create_index([("at", -1)], name="at")
        await self._scores.create_index([("sample", 1)], name="sample")

    async def put(self, sample: Sample) -> None:
        made = asdict(sample)
        wanted = made["wanted"]
        wanted |= {"since": wanted["since"].isoformat(), "until": wanted["until"].isoformat()}
        with unavailable():
            await self._samples.insert_one({"_id": made.pop("id"), **made, "numbers": list(sample.numbers)})

    async def sample(self, id_: str) -> Sample | None:
        with unavailable():
            found = await self._samples.find_one({"_id": id_})
        return await self._with_count(found) if found else None

    async def samples(self, most: int) -> Sequence[Sample]:
        with unavailable():
            found = await self._samples.find().sort("at", -1).limit(most).to_list(most)
        return [await self._with_count(one) for one in found]

    async def scored(self, numbers: Sequence[str]) -> frozenset[str]:
        with unavailable():
            found = self._scores.find({"_id": {"$in": list(numbers)}}, {"_id": 1})
            return frozenset([one["_id"] async for one in found])

    async def score(self, score: Score) -> None:
        """Refuses AlreadyScored."""
        made = asdict(score)
        with unavailable():
            done = await self._scores.update_one({"_id": made.pop("number")}, {"$setOnInsert": made}, upsert=True)
        if done.upserted_id is None:
            raise AlreadyScored(f"{score.number} was scored before")

    async def scores(self, since: datetime, until: datetime, cso: str | None = None) -> Sequence[Score]:
        wanted: dict[str, Any] = {"at": {"$gte": since, "$lt": until}} | ({"cso": cso} if cso else {})
        with unavailable():
            return [_score(one) async for one in self._scores.find(wanted).sort("at", -1)]

    async def _with_count(self, found: dict[str, Any]) -> Sample:
        with unavailable():
            scored = await self._scores.count_documents({"sample": found["_id"]})
        wanted = dict(found["wanted"])
        since, until = (date.fromisoformat(wanted.pop(name)) for name in ("since", "until"))
        kept = {name: found[name] for name in ("at", "by", "seed", "of")}
        return Sample(
            found["_id"], wanted=Wanted(since, until, **wanted), numbers=tuple(found["numbers"]), scored=scored, **kept
        )


def _score(found: dict[str, Any]) -> Score:
    return Score(found.pop("_id"), **found)
