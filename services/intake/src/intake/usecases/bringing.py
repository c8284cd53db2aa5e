"""A consumer fills in a draft at ``/lapor``, step by step, and sends it, by the same registration as every channel."""

from collections.abc import AsyncIterable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chassis.ids import drawn_id
from chassis.refusals import Invalid, NotFound
from chassis.sealed_files import Fingerprint
from contracts.channel import Receipt

from intake.attachments import AttachmentRefused, Limits, shown_name
from intake.bringing.draft import Draft, DraftFile, Meant, Sent, begun
from intake.bringing.ports import Directory, Drafts
from intake.bringing.right_door import Advice, Guidance, advice
from intake.completeness import Taxonomy
from intake.domain import ServiceEnded
from intake.ports import Contents, Days, Look, Today
from intake.usecases.attaching import ORPHAN_AFTER, SWEPT_AT_ONCE, AddAttachment, Brought, Looked
from intake.usecases.services import RegisterService
from intake.usecases.submitting import Checked, Incomplete, checked

CHANNEL = "web"


@dataclass(frozen=True)
class KeepDraft:
    """A draft is begun, read, filled in and forgotten. Errors of all: DraftEnded, DraftSent, Unavailable."""

    drafts: Drafts
    contents: Contents
    directory: Directory
    clock: Days

    async def begin(self, token: str, kind: str) -> Draft:
        draft = begun(self.drafts.id_of(token), kind, self.clock.now())
        await self.drafts.begin(token, draft)
        return draft

    async def read(self, token: str) -> tuple[Draft, datetime]:
        return await self.drafts.get(token)

    async def fill(self, token: str, step: str, fields: Mapping[str, str]) -> Draft:
        """What was written at a step; who is meant is asked anew with each name."""
        draft, _ = await self.drafts.get(token)
        filled = draft.filled(step, fields)
        meant = filled.meant
        if step == "masalah":
            typed, chosen = filled.fields.get("pujk", ""), filled.fields.get("pujk_code", "")
            meant = await self.directory(typed, chosen) if typed else Meant()
        return await self.drafts.change(token, lambda now: replace(now.filled(step, fields), meant=meant))

    async def ask_again(self, token: str) -> Draft:
        """Who is meant, where nobody could be asked when the name was written."""
        draft, _ = await self.drafts.get(token)
        if draft.sent or draft.sending or not draft.unasked:
            return draft
        typed, chosen = draft.fields["pujk"], draft.fields.get("pujk_code", "")
        meant = await self.directory(typed, chosen)
        if meant.away:
            return draft
        # Whoever wrote another name meanwhile was asked about that one.
        return await self.drafts.change(
            token, lambda now: replace(now, meant=meant) if now.fields.get("pujk") == typed and now.unasked else now
        )

    async def passed(self, token: str, step: str) -> Draft:
        return await self.drafts.change(token, lambda draft: draft.passed(step))

    async def turn(self, token: str, kind: str) -> Draft:
        """It is another kind of matter after all."""
        return await self.drafts.change(token, lambda draft: draft.of_kind(kind))

    async def forget(self, token: str) -> None:
        draft, _ = await self.drafts.get(token)
        await self.drafts.drop(token)
        for file in draft.files:
            await self.contents.drop(file.id)


@dataclass(frozen=True)
class DraftFiles:
    """Files of a draft: looked at as those of a matter, kept sealed until it is sent."""

    drafts: Drafts
    contents: Contents
    look: Callable[[], Look]
    limits: Limits

    async def add(self, token: str, name: str, content: AsyncIterable[bytes]) -> Draft:
        """Errors: AttachmentRefused of each kind, DraftEnded, DraftSent, Unavailable."""
        draft, _ = await self.drafts.get(token)
        self.limits.all(draft.files, 0)
        secret, id_ = self.drafts.file_secret(token), drawn_id()
        look, fingerprint = self.look(), Fingerprint(secret)
        looked = Looked(content, look, fingerprint, self.limits)
        try:
            await self.contents.keep(id_, draft.id, secret, looked)
            kind = look.found()
            file = DraftFile(id_, shown_name(name, kind), kind, looked.size, fingerprint.hex())
            changed = await self.drafts.change(token, lambda now: self._with(now, file))
        except Exception:
            await self.contents.drop(id_)
            raise
        if all(one.id != id_ for one in changed.files):
            await self.contents.drop(id_)
        return changed

    async def remove(self, token: str, id_: str) -> Draft:
        before, _ = await self.drafts.get(token)
        changed = await self.drafts.change(token, lambda draft: draft.without_file(id_))
        if any(one.id == id_ for one in before.files):
            await self.contents.drop(id_)
        return changed

    def _with(self, draft: Draft, file: DraftFile) -> Draft:
        if any(one.sha256 == file.sha256 for one in draft.files):
            return draft
        self.limits.all(draft.files, file.size)
        return draft.with_file(file)


@dataclass(frozen=True)
class CheckDraft:
    """What is wrong with it, and what there is to know before it is sent."""

    taxonomy: Taxonomy
    today: Today
    guidance: Guidance

    def __call__(self, draft: Draft) -> Checked:
        return checked(draft, self.taxonomy, self.today())

    def advice(self, draft: Draft) -> list[Advice]:
        return advice(draft, self.guidance, self.today())


@dataclass(frozen=True)
class SendDraft:
    """The draft becomes a matter. Twice sent, or sent again after a crash in between, it is the same matter with the
    same files: the draft's id is the key of both."""

    drafts: Drafts
    contents: Contents
    register: RegisterService
    add: AddAttachment
    check: CheckDraft

    async def __call__(self, token: str) -> Draft:
        """Errors: Incomplete, DraftEnded, Unavailable."""
        draft, _ = await self.drafts.get(token)
        if draft.sent:
            return draft
        found = self.check(draft)
        if found.submission is None:
            raise Incomplete(found.wrong)
        draft = await self.drafts.change(token, lambda now: now if now.sent else replace(now, sending=True))
        if draft.sent:
            return draft
        try:
            receipt = await self.register(found.submission, CHANNEL, draft.id)
        except Invalid:
            await self.drafts.change(token, lambda now: replace(now, sending=False))
            raise
        return await self._finished(token, draft, receipt)

    async def _finished(self, token: str, draft: Draft, receipt: Receipt) -> Draft:
        left = [file.name for file in draft.files if not await self._moved(token, draft, file, receipt.number)]
        counted = receipt.counted_from.isoformat() if receipt.counted_from else None
        sent = Sent(receipt.number, receipt.kind, receipt.received_at.isoformat(), counted, tuple(left), draft.listed)
        done = await self.drafts.change(token, lambda now: now if now.sent else now.became(sent))
        for file in draft.files:
            await self.contents.drop(file.id)
        return done

    async def _moved(self, token: str, draft: Draft, file: DraftFile, number: str) -> bool:
        """A content that is not there any more another sending moved: its word of it stands."""
        try:
            content = await self.contents.read(file.id, draft.id, self.drafts.file_secret(token))
            await self.add(number, Brought("consumer", CHANNEL, file.name), content)
        except (AttachmentRefused, ServiceEnded, NotFound):
            return False
        return True


@dataclass(frozen=True)
class SweepDrafts:
    """Files of drafts whose time is over. Any number of replicas may do so at once."""

    contents: Contents
    clock: Days
    life: timedelta

    async def __call__(self) -> int:
        """How many went. Errors: Unavailable."""
        gone = await self.contents.begun_before(self.clock.now() - self.life - ORPHAN_AFTER, SWEPT_AT_ONCE)
        for begun_ in gone:
            await self.contents.drop(begun_.id)
        return len(gone)


def new_token() -> str:
    """256 random bits."""
    return drawn_id() + drawn_id()
