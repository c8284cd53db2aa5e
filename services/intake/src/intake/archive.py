"""How are files and dossiers put together? For the composition root: their door, their workers, their store."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chassis.pages.frame import Pages
from chassis.parts import Base, Job
from chassis.throttle import Throttle
from fastapi import APIRouter

from intake.adapters.clamd import Clamd
from intake.adapters.contents import GridContents
from intake.adapters.kinds import Look
from intake.adapters.links import SealedLinks
from intake.adapters.mongo import MongoKeyReads, MongoServices
from intake.attachments import Limits
from intake.files import files_router
from intake.jobs import Scans, Sweeper
from intake.ports import Attempts, Numbers, Seals
from intake.settings import Settings
from intake.usecases.attaching import AddAttachment, BringAttachment, ScanAttachment, SweepOrphans
from intake.usecases.dossiers import OpenAttachment, ShowDossier

#: Whoever opens one matter's data so often within an hour looks for something else.
LOOKS = 20


@dataclass(frozen=True)
class Archive:
    router: APIRouter
    add: AddAttachment
    jobs: Sequence[Job]
    prepare: Sequence[Callable[[], Awaitable[None]]]


def archive(
    base: Base, settings: Settings, services: MongoServices, seals: Seals, numbers: Numbers, pins: Attempts
) -> Archive:
    contents, links, clock = GridContents(base), SealedLinks(settings.number_key.get_secret_value()), base.clock
    reads, limits = MongoKeyReads(base), _limits(settings)
    looks = Throttle(base.database, clock, "look", most=LOOKS, window=timedelta(hours=1))
    jobs: list[Job] = [Sweeper(SweepOrphans(services, contents, clock))]
    prepare = [contents.prepare, looks.prepare]
    if settings.clamd:
        worker = services.scanned_by(Scans(ScanAttachment(seals, contents, Clamd(settings.clamd))))
        jobs.append(worker)
        prepare.append(worker.ensure_indexes)
    add = AddAttachment(services, seals, contents, Look, limits, clock, "waiting" if settings.clamd else "not-scanned")
    router = files_router(
        seals=seals,
        pages=Pages(
            "intake", service="intake", base="/", example_data=settings.example_data, secure=settings.behind_tls
        ),
        add_attachment=add,
        bring_attachment=BringAttachment(services, numbers, pins, add),
        show_dossier=ShowDossier(services, seals, reads, links, clock, timedelta(seconds=settings.link_seconds), looks),
        open_attachment=OpenAttachment(services, seals, contents, reads, links, clock),
    )
    return Archive(router, add, jobs, prepare)


def _limits(settings: Settings) -> Limits:
    return Limits(settings.attachment_bytes, settings.attachments_most, settings.attachments_bytes)
