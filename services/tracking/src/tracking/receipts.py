"""What receipts are put together from: the doors where they are given out and checked, and the job of their roots."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chassis.clocks import Lease
from chassis.pages.frame import Pages
from chassis.service import Base
from fastapi import APIRouter

from tracking.adapters.roots import MongoRoots
from tracking.jobs import ReceiptRoots
from tracking.pages.receipts import receipt_router
from tracking.ports import Timelines
from tracking.settings import Settings
from tracking.usecases.answering import PermitAnswers
from tracking.usecases.looking import Prove
from tracking.usecases.receipts import CheckReceipt, MakeReceipt
from tracking.words import Words


@dataclass(frozen=True)
class Receipts:
    router: APIRouter
    job: ReceiptRoots
    prepare: Sequence[Callable[[], Awaitable[None]]]


def receipts(
    base: Base, settings: Settings, timelines: Timelines, prove: Prove, permit: PermitAnswers, pages: Pages
) -> Receipts:
    key, clock = base.audit_key, base.clock
    roots, lease = MongoRoots(base, key), Lease(base, "receipt-roots")
    file = settings.audit_roots / "tracking.receipts" if settings.audit_roots else None
    every = timedelta(seconds=settings.receipt_roots_seconds)
    router = receipt_router(
        prove=prove,
        permit=permit,
        make=MakeReceipt(timelines, roots, key, clock),
        check=CheckReceipt(timelines, key),
        roots=roots,
        public_key=key.public_pem,
        words=Words(),
        pages=pages,
    )
    job = ReceiptRoots(timelines, roots, lease, clock, every, file)
    return Receipts(router, job, [roots.prepare, lease.prepare])
