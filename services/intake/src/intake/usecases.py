"""The stories of intake, one class each: fields are what it needs, ``__call__`` is what happens."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.credentials.credential import Credential, Issued
from chassis.messages import Act, AnyEvent, act_id
from chassis.refusals import Invalid, NotFound, NumberTaken
from chassis.sealing import b64
from contracts.channel import Private, Receipt, Submission
from contracts.intake import ServiceRegistered
from contracts.numbers import shown
from pydantic import ValidationError

from intake.completeness import Taxonomy, problems
from intake.domain import Service
from intake.ports import Attempts, Days, KeyReads, Keys, KnownChannel, Numbers, Seals, Services, Today

PRIVATE = {"private", "sealed"}
#: What a channel's key may be good for.
SCOPES = ("submit", "withdraw")


@dataclass(frozen=True)
class RegisterService:
    """A channel brings a matter: complete, it is registered under a number; the same key gets the same receipt."""

    services: Services
    numbers: Numbers
    seals: Seals
    taxonomy: Taxonomy
    today: Today
    clock: Days

    async def __call__(self, submission: Submission, channel: str, key: str) -> Receipt:
        """Errors: Invalid with every problem, KeyReused, Unavailable."""
        self.services.check_open()
        private = self._private(submission)
        clear = submission.model_dump(exclude=PRIVATE)
        text = private.model_dump_json(exclude_none=True)
        if found := problems(clear, private.model_dump(), len(text.encode()), self.taxonomy, self.today()):
            raise Invalid("the submission is not complete; see problems", problems=found)
        digest = self.numbers.digest(f"{submission.model_dump_json(exclude=PRIVATE)}{text}")
        for attempt in range(100):
            number = self.numbers.draw(channel, key, attempt)
            try:
                return await self._register(Act(act_id(channel, key), number, digest), clear, text, channel)
            except NumberTaken:
                continue
        raise RuntimeError("no free number in a hundred draws")

    async def _register(self, act: Act, clear: dict[str, Any], text: str, channel: str) -> Receipt:
        sealed, seal_key, wrapped = self.seals.seal_new(text, act.subject)
        brought = clear["brought_to_pujk"]
        facts = {name: clear[name] for name in ServiceRegistered.model_fields if name in clear} | {
            "channel": channel,
            "demands": [{"id": i, "amount": d["amount"]} for i, d in enumerate(clear["demands"], 1)],
            "sealed": sealed,
            "seal_key": seal_key,
        }
        eligible = clear["kind"] != "complaint" or (brought is not None and not clear["in_court"])
        now = self.clock.now()
        changed = await self.services.change(
            act, lambda service: service.register(facts, key=wrapped, eligible=eligible, now=now), fresh=True
        )
        return self._receipt(changed.aggregate)

    def _receipt(self, service: Service) -> Receipt:
        assert service.registered_at is not None
        return Receipt(
            number=service.number,
            shown=shown(service.number, service.kind),
            pin=self.numbers.pin(service.number, 1),
            kind=service.kind,
            received_at=service.registered_at,
        )

    def _private(self, submission: Submission) -> Private:
        if submission.private is not None:
            return submission.private
        assert submission.sealed is not None
        try:
            return Private.model_validate(self.seals.open_door(submission.sealed))
        except ValidationError as error:
            found = [
                {"field": ".".join(["sealed", *map(str, e["loc"])]), "came": "a sealed value", "expected": e["msg"]}
                for e in error.errors(include_input=False, include_url=False)
            ]
            raise Invalid("what was sealed is not complete; see problems", problems=found) from error


@dataclass(frozen=True)
class AnswerQuestion:
    """A CSO answers a question."""

    services: Services
    seals: Seals

    async def __call__(self, act: Act, text: str, by: str) -> Service:
        service = await _known(self.services, act.subject)
        sealed = self.seals.seal(json.dumps({"text": text}, ensure_ascii=False), service.seal_key, service.number)
        return (await self.services.change(act, lambda s: s.answer(by, sealed))).aggregate


@dataclass(frozen=True)
class AskWithdrawal:
    """The consumer wishes to withdraw. A wrong PIN and an unknown number are the same to the asker."""

    services: Services
    numbers: Numbers
    attempts: Attempts

    async def __call__(self, act: Act, pin: str) -> Service:
        await self.attempts.take(act.subject)
        service = await self.services.get(act.subject)
        right = self.numbers.pin(act.subject, service.pin_round if service else 1)
        if service is None or not hmac.compare_digest(right, pin):
            raise NotFound("no matter with this number and PIN")
        await self.attempts.give_back(act.subject)
        return (await self.services.change(act, Service.ask_withdrawal)).aggregate


@dataclass(frozen=True)
class HearOthers:
    """Routing's or the gateway's standing moved: intake knows whether the matter has ended, and its clock goes on."""

    services: Services

    async def __call__(self, event: AnyEvent) -> None:
        standing = event.data.standing
        await self.services.change(
            event, lambda service: service.others_stand(event.owner, event.seq, standing.state, standing.reason)
        )


@dataclass(frozen=True)
class HandOutKeys:
    """Workers and pages of other services get the keys they need; who asked for what, and why, is recorded first."""

    services: Services
    seals: Seals
    reads: KeyReads

    async def __call__(self, service: str, purpose: str, numbers: Sequence[str]) -> dict[str, str]:
        await self.reads.record(service, purpose, numbers)
        wrapped = await self.services.keys(numbers)
        return {number: b64(self.seals.unwrap(key, number)) for number, key in wrapped.items()}


@dataclass(frozen=True)
class ListQuestions:
    """Which questions wait for an answer?"""

    services: Services

    async def __call__(self, after: str | None, limit: int) -> Sequence[Service]:
        return await self.services.open_questions(after, limit)


@dataclass(frozen=True)
class ShowService:
    """One service as a CSO needs it: the story readable, the identity masked."""

    services: Services
    seals: Seals

    async def __call__(self, number: str) -> tuple[Service, dict[str, Any]]:
        service = await _known(self.services, number)
        private = json.loads(self.seals.unseal(service.sealed, service.key, number))
        return service, {"story": private["story"], "consumer": _masked(private["consumer"])}


async def _known(services: Services, number: str) -> Service:
    service = await services.get(number)
    if service is None or not service.seal_key:
        raise NotFound(f"no service {number} here")
    return service


def _masked(consumer: dict[str, Any]) -> dict[str, str]:
    """Enough to recognise, too little to use: first letters of the name, last digits of the rest."""
    name = " ".join(f"{word[:1]}***" for word in str(consumer["name"]).split())
    last = {k: f"***{str(consumer[k])[-4:]}" for k in ("nik", "passport", "phone") if consumer.get(k)}
    mail = {"email": f"***@{consumer['email'].split('@')[-1]}"} if consumer.get("email") else {}
    return {"name": name} | last | mail


@dataclass(frozen=True)
class ChannelKeys:
    """What channels prove themselves with. Which channels there are is a setting: each has its queue from the start."""

    channels: Sequence[KnownChannel]
    keys: Keys
    clock: Days

    async def of(self, channel: str) -> Sequence[Credential]:
        """Errors: NotFound, Unavailable."""
        return await self.keys.of(self._named(channel))

    async def live(self, channel: str) -> int:
        return sum(one.live(self.clock.now()) for one in await self.of(channel))

    async def make(
        self, channel: str, scopes: Sequence[str], expires: datetime | None, per_minute: int, by: str
    ) -> Issued:
        """One more, beside those that are good already. Errors: NotFound, Invalid, EnoughSecrets, Unavailable."""
        return await self.keys.issue(self._named(channel), scopes, by, expires=expires, per_minute=per_minute)

    async def revoke(self, channel: str, prefix: str) -> None:
        """Errors: NotFound, Unavailable."""
        await self.keys.revoke(self._named(channel), prefix)

    def _named(self, channel: str) -> str:
        if channel not in {one.name for one in self.channels}:
            raise NotFound(f"no channel {channel}")
        return channel
