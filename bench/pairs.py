"""Is what came twice found? Made pairs and what only looks like them come in by the real door, on four channels;
what intake's worker suggests is held against what is known of them."""

import asyncio
import time
from typing import Any
from uuid import uuid4

import httpx

from bench.ground import Ground
from bench.retold import Brought, made

PAIRS, SEED, AT_ONCE = 2_000, 7, 24
PATIENCE_SECONDS = 900
DUE = {"state.compared.due": {"$type": "date"}}


def pairs(ground: Ground) -> dict[str, Any]:
    """Recall of pairs, the share of suggestions that are none, and of the look-alikes how many were suggested."""
    brought = made(PAIRS, SEED, ground.today)
    services = ground.database("intake")["services"]
    began = time.monotonic()
    truth = asyncio.run(_bring(ground, brought))
    entered = time.monotonic()
    while services.count_documents(DUE):
        if time.monotonic() - entered > PATIENCE_SECONDS:
            raise RuntimeError("the worker does not come to an end")
        time.sleep(1.0)
    compared = time.monotonic()
    found, wrong, alike = set[int](), 0, set[int]()
    for one in services.find({"_id": {"$in": list(truth)}}, {"state.compared.suggested": 1}):
        for other in one["state"]["compared"]["suggested"]:
            ours, theirs = truth[one["_id"]], truth.get(other["other"])
            if ours == theirs:
                found.add(ours)
            else:
                wrong += 1
                alike |= {number for number in (ours, theirs) if number is not None and number >= PAIRS}
    return {
        "matters": len(truth),
        "recall": len(found) / PAIRS,
        "wrong": wrong / max(1, wrong + len(found)),
        "look_alikes": len(alike) / PAIRS,
        "enter_per_second": len(truth) / (entered - began),
        "compare_seconds_after": compared - entered,
    }


async def _bring(ground: Ground, brought: list[Brought]) -> dict[str, int]:
    """The truth by number."""
    told = ground.stack.description()
    url, channels = told["services"]["intake"], told["credentials"]["channels"]
    truth: dict[str, int] = {}
    waiting = iter(brought)

    async def bring(http: httpx.AsyncClient) -> None:
        for one in waiting:
            headers = {"X-API-Key": channels[one.channel]["api_key"], "Idempotency-Key": uuid4().hex}
            while True:
                answer = await http.post(f"{url}/submissions", json=one.body, headers=headers)
                if answer.status_code not in (429, 503):
                    break
                await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
            if answer.status_code != 201:
                raise RuntimeError(f"{answer.status_code}: {answer.text[:300]}")
            truth[answer.json()["number"]] = one.truth

    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        await asyncio.gather(*(bring(http) for _ in range(AT_ONCE)))
    return truth
