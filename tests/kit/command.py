"""How does a test run `slkt`? As a process of its own, as people do, and looks at its exit code and words."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kit.running import Suite, eventually
from slkt.settings import Addresses
from slkt.verifying import Finding, Report, verify_here

SECONDS = 240
SENT = "notifier.notification-sent"


@dataclass(frozen=True)
class Ended:
    """What a command said, on both ways at once, without line breaks, and how it ended."""

    code: int
    said: str
    out: str


def slkt(*arguments: str, stack: Suite | None = None) -> Ended:
    where = ["--stack", str(stack.stack.root / "stack.json")] if stack else []
    env = {**os.environ, "COLUMNS": "250", "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "slkt.main", *arguments, *where],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=env,
        check=False,
    )
    return Ended(done.returncode, re.sub(r"\s+", " ", f"{done.stdout} {done.stderr}"), done.stdout)


async def verified(suite: Suite, *, cut_seconds: float = 0) -> Report:
    """Everything as it is now. As it asks for itself: once more where what lies before a hearer may close a gap."""

    async def judge() -> Report | None:
        report = await verify_here(Addresses.of_stack(suite.known), cut_seconds=cut_seconds)
        return None if report.troubles else report

    report: Report = await eventually(judge, "every hearer has read what lay before it")
    return report


async def judged(suite: Suite, number: str, *, cut_seconds: float = 0) -> tuple[Report, list[Finding]]:
    """The same, and what of it is about one matter: other tests may have left something behind."""
    report = await verified(suite, cut_seconds=cut_seconds)
    return report, [one for one in report.details if one.number == number]


async def mailed(suite: Suite, number: str, mails: int = 2) -> None:
    """Until the consumer was mailed so often (of registration and routing), and every service has heard it."""
    await eventually(lambda: suite.facts(number).count(SENT) >= mails, f"{mails} mails about {number}")
    await suite.quiet()


@contextmanager
def damaged(suite: Suite, service: str, collection: str, wanted: dict[str, Any]) -> Iterator[Any]:
    """The collection, to do harm to; at the end the documents that `wanted` found stand as they stood."""
    there = suite.mongo[service][collection]
    before = list(there.find(wanted))
    try:
        yield there
    finally:
        there.delete_many(wanted)
        if before:
            there.insert_many(before)
