"""What does a supervisor see at a glance? How many questions wait, how late, what came out of hours, who answered."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chassis.pages.frame import Pages
from fastapi import APIRouter, Request, Response

from intake.pages.cso.frame import PLACE, Here, beside

WORK = f"{PLACE}/work"
#: Each count, and where the list of just these is.
COUNTS = (
    ("open", ""),
    ("over", "level=over"),
    ("near", "level=near"),
    ("within", "level=within"),
    ("reopened", "which=reopened"),
    ("out_of_hours", "which=out_of_hours"),
)


class Counting(Protocol):
    async def counts(self, now: datetime, soon: datetime) -> Mapping[str, int]: ...

    async def answered(self, since: datetime) -> Sequence[tuple[str, int]]: ...


def work_pages(
    pages: Pages, counting: Counting, times: Callable[[], tuple[datetime, datetime]], midnight: Callable[[], datetime]
) -> APIRouter:
    router = pages.router(WORK)

    @router.get("")
    async def glance(request: Request, here: Here) -> Response:
        counts, answered = await counting.counts(*times()), await counting.answered(midnight())
        ways = [(name, counts[name], f"{PLACE}/questions?{query}") for name, query in COUNTS]
        return pages.show(request, "cso/work.html", **beside(here, ways=ways, answered=answered))

    return router
