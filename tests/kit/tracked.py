"""Tracking alone, for tests: the service as a process beside a stand-in for intake's key desk."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit.facts import AMatter
from kit.keydesk import StandInKeyDesk
from kit.servers import Suite
from slkt_local.secrets import Secrets
from slkt_local.services import Service, doors_of_all, settings_of
from slkt_local.waiting import wait_until
from tracking.pins import pin_of


@contextmanager
def tracking_alone(suite: Suite, secrets: Secrets, desk: StandInKeyDesk, folder: Path) -> Iterator[Service]:
    doors = doors_of_all()
    told = settings_of(
        "tracking",
        accounts=suite.accounts,
        secrets=secrets,
        doors=doors,
        smtp_url="",
        entry_url="https://layanan.example",
        example_data=True,
        log_level="INFO",
    )
    told |= {"KEY_DESK_URL": desk.url, "TRIES_PER_CLIENT": "100000", "SENDERS": '["sms", "whatsapp"]'}
    service = Service("tracking", doors["tracking"], told, folder / "tracking.log")
    service.start()
    yield service
    service.stop()


def pin_for(secrets: Secrets, number: str) -> str:
    return pin_of(base64.b64decode(secrets.pin_key), number, 1)


def timeline_of(suite: Suite, number: str) -> dict[str, Any]:
    with suite.database.client() as client:
        return client["tracking"]["timelines"].find_one({"_id": number}) or {}


def wait_entries(suite: Suite, story: AMatter, count: int) -> None:
    """Until the timeline holds so many."""

    def complete() -> bool:
        return len(timeline_of(suite, story.number).get("state", {}).get("entries", [])) == count

    wait_until(complete, what=f"{count} entries of {story.number}", timeout_seconds=20)
