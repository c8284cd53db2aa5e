"""The door where an auditor reads who did what in a service. Reading is an act like any other, and leaves its trace."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.access import Access, anybody, staff, staff_page
from chassis.audit_desk.pages import DESK, FIRST
from chassis.audit_desk.search import Wanted, acts_of
from chassis.audit_desk.standing import genuine
from chassis.chain import AuditKey
from chassis.database import Database, unavailable
from chassis.traced import WORD, about

PLACE = "/audit"
MOST = 200
Word = Annotated[str | None, Query(pattern=f"^{WORD}$")]
Moment = Annotated[
    AwareDatetime | None, Query(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))
]


class ActOut(BaseModel):
    """One act. ``actor`` null: nobody whom we know; ``outcome`` is an HTTP status, null where it was never told.
    ``genuine`` false: one of its entries is not what the service wrote, and what it says is not to be relied on; ``at``
    is null where that can no longer be told."""

    model_config = ConfigDict(from_attributes=True)

    entry: Annotated[int, Field(validation_alias="number")]
    at: datetime | None
    actor: dict[str, Any] | None
    behalf: str | None
    act: str
    object: dict[str, Any]
    client: str
    outcome: int | None
    genuine: bool


class AuditOut(BaseModel):
    """The latest first; ``next`` is the ``before`` of the page that follows."""

    service: str
    acts: list[ActOut]
    next: int | None


class Looked(BaseModel):
    """What is looked for; all that is said must fit. Times: ``since`` is included, ``until`` is not."""

    number: Annotated[str | None, Query(pattern=r"^[0-9]{13}$")] = None
    actor: Word = None
    account: Word = None
    firm: Word = None
    key: Word = None
    since: Moment = None
    until: Moment = None
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None


def audit_access(service: str) -> Access:
    begins: Access = {f"GET {DESK}": anybody} if service == FIRST else {}
    return {f"GET {PLACE}/{service}": staff("auditor"), f"GET {DESK}/{service}": staff_page("auditor"), **begins}


def audit_router(service: str, database: Database, key: AuditKey) -> APIRouter:
    router, entries = APIRouter(), database["audit"]

    @router.get(f"{PLACE}/{service}")
    async def read(
        request: Request,
        looked: Annotated[Looked, Depends()],
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    ) -> AuditOut:
        said: Any = {name: value for name, value in looked.model_dump().items() if value is not None}
        await about(request, **said)
        with unavailable():
            acts = await acts_of(entries, Wanted(**said), limit, genuine=partial(genuine, key))
        told = [ActOut.model_validate(one) for one in acts]
        return AuditOut(service=service, acts=told, next=acts[-1].number if len(acts) == limit else None)

    return router
