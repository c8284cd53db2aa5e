"""Is this process fit to work? Ready: connected, every queue of its own read, database answering, nothing unsaid for
long. Live: the event loop turns, whatever broker and database do."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.consuming import Consumer
from chassis.messaging import Link
from chassis.metrics import TASKS
from chassis.relay import Relay

ANSWER_SECONDS = 2.0


@dataclass
class Health:
    """What readiness looks at. ``stopping`` is said at once, so that no new work is sent here. The last of ``links`` is
    the one that consumers use."""

    database: Any
    links: Sequence[Link]
    relays: Sequence[Relay]
    unsent_alarm_seconds: float
    consumers: list[Consumer] = field(default_factory=list)
    #: Jobs that ended with an error within the last minute.
    failing: set[str] = field(default_factory=set)
    stopping: bool = False

    async def troubles(self) -> list[str]:
        """Everything that stands against being ready; empty when ready."""
        found = ["stopping"] if self.stopping else []
        found += [f"queue {c.queue} is not read" for c in self.consumers if not c.live]
        found += [f"{job} failed" for job in sorted(self.failing)]
        found += ["broker not connected" for link in self.links if not link.alive][:1]
        found += await self._silent_broker()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.database.command("ping")
                for relay in self.relays:
                    age = await relay.oldest_unsent_seconds()
                    if age > self.unsent_alarm_seconds:
                        found.append(f"the oldest unsaid fact is {age:.0f} s old")
        except Exception as error:
            found.append(f"database does not answer: {type(error).__name__}")
        return found

    async def _silent_broker(self) -> list[str]:
        """Asked where it is listened to; where it is spoken to, an alarm may rightly keep it silent."""
        if not self.consumers:
            return []
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answers = await self.links[-1].answers()
        except TimeoutError:
            answers = False
        return [] if answers else ["broker does not answer"]


def ops_app(health: Health, describe: Callable[[], dict[str, Any]]) -> FastAPI:
    """Health, metrics and what the doors are, on a port of their own that the outside never reaches."""
    app = FastAPI(openapi_url=None)

    @app.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/ready")
    async def ready() -> JSONResponse:
        troubles = await health.troubles()
        return JSONResponse({"ready": not troubles, "troubles": troubles}, status_code=503 if troubles else 200)

    @app.get("/metrics")
    async def metrics() -> Response:
        TASKS.set(len(asyncio.all_tasks()))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/openapi.json")
    async def openapi() -> JSONResponse:
        return JSONResponse(describe())

    return app
