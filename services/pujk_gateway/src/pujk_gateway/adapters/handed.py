"""Tickets that were taken over from somebody who has not read it yet, found by an index that holds only such."""

from collections.abc import Sequence

from chassis.database import Collection, unavailable

from pujk_gateway.usecases.handing import HandedOver

_SHOWN = {"state.kind": 1, "state.handed": 1}


class MongoHanded:
    def __init__(self, cases: Collection) -> None:
        self._cases = cases

    async def prepare(self) -> None:
        wanted = {"state.handed.officer": {"$exists": True}}
        await self._cases.create_index(
            [("state.handed.officer", 1), ("state.pujk", 1)], name="handed", partialFilterExpression=wanted
        )

    async def handed(self, officer: str, firm: str, most: int) -> Sequence[HandedOver]:
        wanted = {"state.handed.officer": officer, "state.pujk": firm}
        with unavailable():
            found = await self._cases.find(wanted, _SHOWN).limit(10 * most).to_list(None)
        told = [
            HandedOver(one["_id"], one["state"]["kind"], entry["by"], entry["at"])
            for one in found
            for entry in one["state"]["handed"]
            if entry["officer"] == officer
        ]
        return sorted(told, key=lambda one: one.at, reverse=True)[:most]
