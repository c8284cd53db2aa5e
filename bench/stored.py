"""Does it stay as fast with many matters stored? Documents are copied in bulk from real ones, in the shapes the code
writes, into databases of their own beside the empty ones, so that both can be measured in turn."""

import re
from collections.abc import Iterator
from typing import Any

from chassis.ids import new_id
from contracts.intake import ServiceRegistered
from pymongo.write_concern import WriteConcern
from slkt_local.services import Service

from bench.ground import OWNERS, Ground

SUFFIX = "_full"
TEMPLATES = 200
BATCH = 1_000
#: Odd and no multiple of five: a permutation of the thirteen-digit numbers, scattered as drawn ones are.
STEP, START = 7_654_321_098_767, 1_234_567_891_234


def number_of(n: int) -> str:
    return str((START + n * STEP) % 10**13).zfill(13)


class Full:
    """The services on the databases with many matters; each has its rights there too."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        operator = ground.database("admin")
        for name in OWNERS:
            operator.command("grantRolesToUser", name, roles=[{"role": "readWrite", "db": name + SUFFIX}])

    def start(self) -> list[Service]:
        """Stops the others: one set of five runs at a time."""
        self._ground.only()
        return self._launch(SUFFIX)

    def back(self) -> None:
        self._ground.only()
        self._launch("")

    def _launch(self, suffix: str) -> list[Service]:
        services = [self._ground.stack.services[name] for name in OWNERS]
        for service in services:
            service.told["MONGO_DATABASE"] = service.name + suffix
            service.launch()
        for service in services:
            service.wait_ready(300)
        return services

    def fill(self, matters: int) -> int:
        """From what stands in the empty ones, once their services ran here and made the indexes; documents written."""
        written = 0
        for name in OWNERS:
            source = self._ground.database(name)
            facts = self._ground.database("intake")["facts"].find({"type": ServiceRegistered.type()}).limit(TEMPLATES)
            numbers = [one["subject"] for one in facts]
            for collection in source.list_collection_names():
                documents = _templates(source[collection], numbers)
                if not documents:
                    continue
                target = self._ground.database(name + SUFFIX)[collection].with_options(write_concern=WriteConcern(w=1))
                for batch in _batches(documents, matters):
                    target.insert_many(batch, ordered=False)
                    written += len(batch)
        return written


def _templates(collection: Any, numbers: list[str]) -> list[list[dict[str, Any]]]:
    """What is stored about each of these matters here: its document, or its facts."""
    by_number: dict[str, list[dict[str, Any]]] = {}
    for one in collection.find({"$or": [{"_id": {"$in": numbers}}, {"subject": {"$in": numbers}}]}):
        by_number.setdefault(one.get("subject", one["_id"]), []).append(one)
    return list(by_number.values())


def _batches(templates: list[list[dict[str, Any]]], matters: int) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for n in range(matters):
        number = number_of(n)
        batch += [_copy(one, number) for one in templates[n % len(templates)]]
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _copy(document: dict[str, Any], number: str) -> dict[str, Any]:
    if "subject" not in document:
        return {**document, "_id": number}
    told = {**document, "_id": new_id(), "subject": number}
    if "body" in told:
        told["body"] = re.sub(rf'"{document["subject"]}"', f'"{number}"', told["body"])
    return told
