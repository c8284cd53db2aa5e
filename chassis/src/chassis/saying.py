"""How does a fact leave? Built with the write, published with a confirm, then moved from ``unsent`` to ``facts``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.base import CONTENT_TYPE, MAX_FACT_BYTES, AccountEvent, AccountFact, Event, Fact

from chassis import metrics
from chassis.confirms import PublishFailed
from chassis.crash import crash_point
from chassis.documents import Entry, Said
from chassis.frames import Outgoing
from chassis.ids import new_id
from chassis.messages import Message
from chassis.messaging import Publisher
from chassis.moving import Mover
from chassis.refusals import MatterFull

#: So many facts that are refused alone, one after another, are not to blame.
REFUSED_MOST = 3


@dataclass(frozen=True)
class Voice:
    """Who speaks, and what may be said: the owner and its facts by name."""

    owner: str
    exchange: str
    facts: Mapping[str, type[Fact]]

    def entry(
        self,
        said: Said,
        *,
        message: Message,
        number: str,
        seq: int,
        clock: int,
        now: datetime,
        standing: dict[str, Any],
        trace: str | None = None,
    ) -> Entry:
        """The complete envelope of one fact, ready to be stored and sent.

        Errors: KeyError for a fact that this owner does not say, pydantic's ValidationError for data that does not
        fit its contract (both are defects of the domain), MatterFull for more than 256 KiB.
        """
        name, data = said
        kind = self.facts[name]
        if "standing" in kind.model_fields:
            data = {**data, "standing": standing}
        envelope = AccountEvent[Any] if issubclass(kind, AccountFact) else Event[Any]
        event = envelope(
            id=new_id(),
            type=kind.type(),
            source=f"/slkt/{self.owner}",
            subject=number,
            time=now,
            seq=seq,
            clock=clock,
            cause=message.id,
            correlation=message.correlation,
            traceparent=trace,
            data=kind.model_validate(data),
        )
        body = event.model_dump_json(exclude_none=True)
        if len(body.encode()) > MAX_FACT_BYTES:
            raise MatterFull(f"the fact {name} is larger than {MAX_FACT_BYTES} bytes")
        return {
            "_id": event.id,
            "at": now,
            "subject": number,
            "seq": seq,
            "type": event.type,
            "cause": message.id,
            "body": body,
        }


class Sayer:
    """Publishes entries and moves what was confirmed."""

    def __init__(self, mover: Mover, voice: Voice, publisher: Publisher) -> None:
        self._mover = mover
        self._voice = voice
        self._publisher = publisher
        self._apart = publisher.beside()

    def beside(self) -> "Sayer":
        """Another one, whose channel no message of this one can close."""
        return Sayer(self._mover, self._voice, self._publisher.beside())

    async def publish(self, entries: Sequence[Entry]) -> list[tuple[Entry, PublishFailed]]:
        """Sends all at once and awaits the confirms together; what was not confirmed comes back with its error."""
        answers = await self._publisher.publish_all([self._outgoing(entry) for entry in entries])
        failed = [(entry, answer) for entry, answer in zip(entries, answers, strict=True) if answer is not None]
        metrics.FACTS_SAID.inc(len(entries) - len(failed))
        return failed

    async def _alone(self, failed: list[tuple[Entry, PublishFailed]]) -> list[tuple[Entry, PublishFailed]]:
        """The broker closed the channel over one of these, or over one that was under way beside them. Each goes once
        more and alone, so that only the culprit waits for the relay; where several are refused, rights are wrong and no
        single fact is, and the rest waits too."""
        left, refused = [], 0
        for entry, error in failed:
            again: PublishFailed | None = error
            if error.perhaps and refused < REFUSED_MOST:
                again = (await self._apart.publish_all([self._outgoing(entry)]))[0]
                refused += again is not None
            if again is not None:
                left.append((entry, again))
        metrics.FACTS_SAID.inc(len(failed) - len(left))
        return left

    def _outgoing(self, entry: Entry) -> Outgoing:
        return Outgoing(
            self._voice.exchange,
            entry["type"].removeprefix("slkt."),
            entry["body"].encode(),
            message_id=entry["_id"],
            type=entry["type"],
            content_type=CONTENT_TYPE,
        )

    async def move(self, entries: Sequence[Entry]) -> None:
        """Keeps the said facts for ever and takes them out of their matters."""
        await self._mover.move(entries)

    async def say(self, entries: Sequence[Entry]) -> list[Entry]:
        """Publishes and moves; what fails stays in ``unsent``, and is returned."""
        crash_point("after-write-before-publish")
        failed = await self._alone(await self.publish(entries))
        if failed:
            metrics.PUBLISH_FAILED.inc(len(failed))
        lost = {entry["_id"] for entry, _ in failed}
        crash_point("after-publish-before-move")
        await self.move([entry for entry in entries if entry["_id"] not in lost])
        crash_point("after-move-before-ack")
        return [entry for entry, _ in failed]
