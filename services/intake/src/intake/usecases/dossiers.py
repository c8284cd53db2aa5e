"""Another service shows a matter to a person: the story, the files, and of the consumer what the role may see. Whoever
opens what is masked says why, and the matter keeps it."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from chassis.ids import new_id
from chassis.messages import Act
from chassis.refusals import NotFound
from contracts.dossier import BroughtToPujkShown, Dossier, DossierAsked, DossierAttachment, DossierDemand, DossierField

from intake.attachments import Attachment, AttachmentClosed, Link
from intake.domain import Service
from intake.ports import Contents, Days, KeyReads, Links, Seals, Services
from intake.seeing import Sight, masked, sight_of, values
from intake.usecases.services import known

_CLOSED = {
    "waiting": "nobody has looked for viruses in this file yet; try again in a few minutes",
    "infected": "a virus was found in this file; it is not opened",
}


class Looks(Protocol):
    async def take(self, key: str) -> None:
        """One more look by one person at one matter. Errors: TooMany, Unavailable."""
        ...


@dataclass(frozen=True)
class ShowDossier:
    """Recorded before anything is read; what is opened is a fact before it is shown."""

    services: Services
    seals: Seals
    reads: KeyReads
    links: Links
    clock: Days
    link_life: timedelta
    looks: Looks

    async def __call__(self, number: str, asked: DossierAsked, service: str, purpose: str) -> Dossier:
        """Errors: NotForThisRole, NotFound, Erased, TooMany, MatterFull, Unavailable."""
        sight, opened = sight_of(asked.role, asked.pujk), asked.open.fields if asked.open else ()
        sight.may_open(opened)
        about = {"by": asked.by, "role": asked.role, "pujk": asked.pujk, "opened": list(opened)}
        await self.reads.record(service, purpose, [number], about)
        matter = await known(self.services, number)
        if asked.open:
            # Each is a fact of the matter for ever: nobody fills it by looking again and again.
            await self.looks.take(f"{asked.by} {number}")
            matter = await self._opened(matter, asked, asked.open.reason)
        return self._shown(matter, sight, frozenset(opened), asked)

    async def _opened(self, matter: Service, asked: DossierAsked, reason: str) -> Service:
        assert asked.open is not None
        sealed = self.seals.seal(json.dumps({"text": reason}, ensure_ascii=False), matter.seal_key, matter.number)
        fields = tuple(dict.fromkeys(asked.open.fields))
        changed = await self.services.change(
            Act(new_id(), matter.number), lambda m: m.view(asked.by, asked.role, asked.pujk, fields, sealed)
        )
        return changed.aggregate

    def _shown(self, matter: Service, sight: Sight, opened: frozenset[str], asked: DossierAsked) -> Dossier:
        private = json.loads(self.seals.unseal(matter.sealed, matter.key, matter.number))
        ends_at, clear = self.clock.now() + self.link_life, sight.clear | opened
        return Dossier(
            number=matter.number,
            kind=matter.kind,
            registered_at=matter.registered_at,
            language="en" if matter.language == "en" else "id",
            pujk_named=matter.pujk_named,
            product=matter.product,
            issue=matter.issue,
            region=matter.region,
            loss=matter.loss,
            transaction_date=matter.transaction_date,
            in_court=matter.in_court,
            story=private["story"] if sight.story else None,
            demands=_demands(matter, private) if sight.story else (),
            brought_to_pujk=_brought(private) if sight.story else None,
            fields=tuple(_field(name, value, sight, clear) for name, value in values(private)),
            attachments=tuple(
                self._file(matter, one, sight, asked, ends_at)
                for one in matter.attachments
                if asked.pujk is None or one.seen_by_firm(asked.pujk)
            ),
            links_end_at=ends_at,
        )

    def _file(
        self, matter: Service, one: Attachment, sight: Sight, asked: DossierAsked, ends_at: datetime
    ) -> DossierAttachment:
        link = Link(matter.number, one.id, asked.by, asked.role, asked.pujk, ends_at)
        return shown_file(matter, one, self.seals, self.links.address(link) if sight.files and one.opens else None)


def shown_file(matter: Service, one: Attachment, seals: Seals, link: str | None = None) -> DossierAttachment:
    return DossierAttachment(
        id=one.id,
        name=seals.unseal(one.name, matter.key, matter.number),
        media_type=one.media_type,
        size=one.size,
        scan=one.scan,
        by=one.by,
        pujk=one.pujk,
        at=one.at,
        sha256=one.sha256,
        link=link,
    )


def _field(name: str, value: str, sight: Sight, clear: frozenset[str]) -> DossierField:
    hidden = name not in clear
    return DossierField(
        name=name, shown=masked(name, value) if hidden else value, masked=hidden, opens=hidden and name in sight.opens
    )


def _demands(matter: Service, private: Mapping[str, Any]) -> tuple[DossierDemand, ...]:
    amounts = matter.amounts or [None] * len(private["demands"])
    texts = zip(amounts, private["demands"], strict=True)
    return tuple(DossierDemand(id=place, amount=amount, text=text) for place, (amount, text) in enumerate(texts, 1))


def _brought(private: Mapping[str, Any]) -> BroughtToPujkShown | None:
    return BroughtToPujkShown.model_validate(private["brought_to_pujk"]) if private.get("brought_to_pujk") else None


@dataclass(frozen=True)
class Opened:
    """A file on its way to whoever opens it."""

    name: str
    media_type: str
    size: int
    content: AsyncIterator[bytes]


@dataclass(frozen=True)
class OpenAttachment:
    """One file, by an address that intake gave to one person for some minutes. Recorded before anything is read."""

    services: Services
    seals: Seals
    contents: Contents
    reads: KeyReads
    links: Links
    clock: Days

    async def __call__(self, token: str) -> Opened:
        """Errors: LinkWrong, LinkEnded, AttachmentClosed, NotFound, Unavailable."""
        link = self.links.read(token, self.clock.now())
        matter = await known(self.services, link.number)
        one = next((one for one in matter.attachments if one.id == link.file), None)
        if one is None or (link.pujk and not one.seen_by_firm(link.pujk)):
            raise NotFound("no such file in this matter")
        if not one.opens:
            raise AttachmentClosed(_CLOSED[one.scan])
        about = {"by": link.by, "role": link.role, "pujk": link.pujk, "file": one.id}
        await self.reads.record("intake", "open an attachment", [link.number], about)
        secret = self.seals.unwrap(matter.key, matter.number)
        content = await self.contents.read(one.id, matter.number, secret)
        return Opened(self.seals.unseal(one.name, matter.key, matter.number), one.media_type, one.size, content)
