"""How is ``/lapor`` put together? Adapters → use cases → pages, a part of intake's contents."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chassis.calendar import load_calendar
from chassis.pages.frame import Pages
from chassis.parts import Base, Job
from chassis.sealing import Vault
from chassis.throttle import Throttle
from fastapi import APIRouter

from intake.acting import acting
from intake.adapters.contents import GridContents
from intake.adapters.days import JakartaDays
from intake.adapters.directory import RoutingDirectory
from intake.adapters.drafts import MongoDrafts
from intake.adapters.guidance import load_guidance
from intake.adapters.kinds import Look
from intake.adapters.taxonomy import load_taxonomy
from intake.jobs import Sweeper
from intake.pages.bringing.browser import Browsers
from intake.pages.bringing.filling import filling_router
from intake.pages.bringing.receipts import Receipts
from intake.pages.bringing.sending import sending_router
from intake.ports import Numbers, Services
from intake.settings import Settings
from intake.usecases.attaching import AddAttachment
from intake.usecases.bringing import CheckDraft, DraftFiles, KeepDraft, SendDraft, SweepDrafts
from intake.usecases.services import RegisterService

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Web:
    routers: Sequence[APIRouter]
    jobs: Sequence[Job]
    prepare: Sequence[Callable[[], Awaitable[None]]]
    close: Sequence[Callable[[], Awaitable[None]]]


def web(
    base: Base, settings: Settings, services: Services, numbers: Numbers, register: RegisterService, add: AddAttachment
) -> Web:
    key, clock, life = settings.keep_key.get_secret_value(), base.clock, timedelta(days=settings.draft_days)
    drafts = MongoDrafts(base.database, key, clock, life)
    contents = GridContents(base, "draft_files", "draft_uploads")
    tries = Throttle(base.database, clock, "lapor", most=settings.forms_per_client, window=WINDOW)
    directory, guidance = RoutingDirectory(settings.directory_url), load_guidance()
    check = CheckDraft(load_taxonomy(), JakartaDays(clock), guidance)
    keep = KeepDraft(drafts, contents, directory, clock)
    files = DraftFiles(drafts, contents, Look, add.limits)
    send = SendDraft(drafts, contents, register, add, check)
    receipts = Receipts(services, numbers, guidance, load_calendar(), clock, settings.public_url.rstrip("/"))
    browsers = Browsers(Vault(key).digest, tries, life, settings.behind_tls)
    pages = Pages(
        "intake", "intake.pages.bringing", service="intake", base="/", example_data=settings.example_data,
        secure=settings.behind_tls,
    )  # fmt: skip
    routers = [
        filling_router(pages, browsers, keep, check, settings.senders),
        sending_router(pages, browsers, keep, files, check, send, receipts, timedelta(seconds=settings.person_seconds)),
        acting(base, settings, services, numbers, add),
    ]
    sweeper = Sweeper(SweepDrafts(contents, clock, life))
    return Web(routers, [sweeper], [drafts.prepare, contents.prepare, tries.prepare], [directory.close])
