"""A file comes to a matter: looked at while it passes, its content stored first, the matter's word of it second. What
was stored and is in no matter is swept."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from chassis.ids import drawn_id
from chassis.messages import Act, act_id
from chassis.refusals import Refusal, Unavailable
from chassis.sealed_files import Fingerprint

from intake.attachments import Attachment, AttachmentEmpty, AttachmentRefused, By, Limits, shown_name
from intake.domain import Service, ServiceEnded
from intake.ports import Attempts, Contents, Days, Look, Numbers, Scanner, Seals, Services
from intake.usecases.services import known, proved

#: An upload takes ten minutes at most; whatever its matter does not hold after this never will be held.
ORPHAN_AFTER = timedelta(hours=1)
SWEPT_AT_ONCE = 200


@dataclass(frozen=True)
class Brought:
    """Who brings a file: a side, whose account or channel it is, and what they call it."""

    by: By
    who: str
    name: str
    pujk: str | None = None


class Looked:
    """A content that is measured and looked at while it passes. Refuses AttachmentTooLarge, AttachmentKind."""

    def __init__(self, content: AsyncIterable[bytes], look: Look, fingerprint: Fingerprint, limits: Limits) -> None:
        self._content, self._look, self._fingerprint, self._limits = content, look, fingerprint, limits
        self.size = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._content:
            self.size += len(piece)
            self._limits.one(self.size)
            self._fingerprint.update(piece)
            self._look.feed(piece)
            yield piece
        if not self.size:
            raise AttachmentEmpty("the file is empty; choose another one")


@dataclass(frozen=True)
class AddAttachment:
    """One file is added; the same content of the same side is told as known, and nothing is added."""

    services: Services
    seals: Seals
    contents: Contents
    look: Callable[[], Look]
    limits: Limits
    clock: Days
    scan: Literal["waiting", "not-scanned"]

    async def __call__(
        self, number: str, brought: Brought, content: AsyncIterable[bytes]
    ) -> tuple[Service, Attachment, bool]:
        """The matter, the file, and whether it was known.

        Errors: AttachmentRefused of each kind, ServiceEnded, NotFound, Erased, Unavailable.
        """
        self.services.check_open()
        service = await known(self.services, number)
        service.may_attach(self.limits, (brought.by, brought.pujk))
        secret, id_ = self.seals.unwrap(service.key, number), drawn_id()
        look, fingerprint = self.look(), Fingerprint(secret)
        looked = Looked(content, look, fingerprint, self.limits)
        try:
            await self.contents.keep(id_, number, secret, looked)
            kind = look.found()
        except Exception:
            await self._drop(id_)
            raise
        name = self.seals.seal(shown_name(brought.name, kind), service.seal_key, number)
        new = Attachment(
            id_, name, kind, looked.size, fingerprint.hex(), brought.by, brought.who, self.clock.now(), brought.pujk,
            self.scan,
        )  # fmt: skip
        return await self._add(service, new)

    async def _add(self, service: Service, new: Attachment) -> tuple[Service, Attachment, bool]:
        side = f"attach {new.by} {new.pujk}"
        try:
            act = Act(act_id(side, new.sha256), service.number, new.sha256)
            changed = await self.services.attach(act, lambda matter: matter.attach(new, self.limits))
        except (Refusal, AttachmentRefused, ServiceEnded):
            # Where nobody can say what became of the write, the content stays until it is swept.
            await self._drop(new.id)
            raise
        held = changed.aggregate.same_as(new) or new
        if held.id == new.id:
            await self.contents.held(new.id)
        else:
            await self._drop(new.id)
        return changed.aggregate, held, held.id != new.id

    async def _drop(self, id_: str) -> None:
        with suppress(Unavailable):
            await self.contents.drop(id_)


@dataclass(frozen=True)
class BringAttachment:
    """A channel brings a file of its consumer, who proves with the PIN whose matter it is."""

    services: Services
    numbers: Numbers
    attempts: Attempts
    add: AddAttachment

    async def __call__(
        self, number: str, pin: str, brought: Brought, content: AsyncIterable[bytes]
    ) -> tuple[Service, Attachment, bool]:
        """Errors: those of AddAttachment; NotFound for a wrong PIN, TooMany."""
        await proved(self, number, pin)
        return await self.add(number, brought, content)


@dataclass(frozen=True)
class ScanAttachment:
    """A file is read by a scanner; what it found stands in the matter."""

    seals: Seals
    contents: Contents
    scanner: Scanner

    async def __call__(self, service: Service, file: str) -> None:
        """Errors: those of the scanner and of the store."""
        secret = self.seals.unwrap(service.key, service.number)
        await self.scanner.scan(await self.contents.read(file, service.number, secret))


@dataclass(frozen=True)
class SweepOrphans:
    """What was stored and never came into a matter goes. Any number of replicas may do so at once."""

    services: Services
    contents: Contents
    clock: Days

    async def __call__(self) -> int:
        """How many went. Errors: Unavailable."""
        gone = 0
        for begun in await self.contents.begun_before(self.clock.now() - ORPHAN_AFTER, SWEPT_AT_ONCE):
            service = await self.services.get(begun.number)
            if service and any(one.id == begun.id for one in service.attachments):
                await self.contents.held(begun.id)
            else:
                await self.contents.drop(begun.id)
                gone += 1
        return gone
