"""The stories of intake, one class each: fields are what it needs, ``__call__`` is what happens."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from chassis.messages import Act, AnyEvent, act_id
from chassis.refusals import Invalid, NotFound, NumberTaken
from chassis.sealing import b64
from contracts.channel import Private, Receipt, Submission
from contracts.intake import ServiceRegistered
from contracts.numbers import shown
from pydantic import ValidationError

from intake.completeness import Taxonomy, problems
from intake.domain import PinReplaced, Service
from intake.hours import OpeningHours
from intake.ports import Attempts, Days, KeyReads, Marking, Numbers, Seals, Services, Today
from intake.seeing import masked, unnamed

PRIVATE = {"private", "sealed"}
#: By then all that came before it is written, and it is compared with.
SETTLES = timedelta(seconds=5)


@dataclass(frozen=True)
class RegisterService:
    """A channel brings a matter: complete, it is registered under a number; the same key gets the same receipt."""

    services: Services
    numbers: Numbers
    seals: Seals
    taxonomy: Taxonomy
    today: Today
    clock: Days
    hours: OpeningHours
    marking: Marking

    async def __call__(self, submission: Submission, channel: str, key: str, by: str | None = None) -> Receipt:
        """``by``: who of OJK wrote it down. Errors: Invalid with every problem, KeyReused, Unavailable."""
        self.services.check_open()
        private = self._private(submission)
        clear = clear_of(submission)
        text = private.model_dump_json(exclude_none=True)
        if found := problems(clear, private.model_dump(), len(text.encode()), self.taxonomy, self.today()):
            raise Invalid("the submission is not complete; see problems", problems=found)
        digest = self.numbers.digest(f"{submission.model_dump_json(exclude=PRIVATE)}{text}")
        for attempt in range(100):
            number = self.numbers.draw(channel, key, attempt)
            try:
                return await self._register(Act(act_id(channel, key), number, digest), clear, text, channel, by)
            except NumberTaken:
                continue
        raise RuntimeError("no free number in a hundred draws")

    async def _register(self, act: Act, clear: dict[str, Any], text: str, channel: str, by: str | None) -> Receipt:
        brought = clear["brought_to_pujk"]
        sealed, seal_key, wrapped = self.seals.seal_new(_with(text, brought), act.subject)
        facts = {name: clear[name] for name in ServiceRegistered.model_fields if name in clear} | {
            "channel": channel,
            "demands": [{"id": i, "amount": d["amount"]} for i, d in enumerate(clear["demands"], 1)],
            "sealed": sealed,
            "seal_key": seal_key,
        }
        eligible = clear["kind"] != "complaint" or (brought is not None and not clear["in_court"])
        now = self.clock.now()
        facts["counted_from"] = self.hours.counted_from(channel, now)
        if clear["kind"] == "question":
            facts["answer_by"] = self.hours.answer_by(now, facts["counted_from"])
        day, amounts = clear["transaction_date"], [clear["loss"], *(one["amount"] for one in clear["demands"])]
        marks = self.marking.of(json.loads(text), amounts, day and day.isoformat())

        def register(service: Service) -> None:
            service.register(facts, key=wrapped, eligible=eligible, now=now, by=by)
            service.mark(marks, now + SETTLES)

        changed = await self.services.change(act, register, fresh=True)
        return self._receipt(changed.aggregate)

    def _receipt(self, service: Service) -> Receipt:
        assert service.registered_at is not None
        if service.pin_round > 1:
            # Whoever holds the channel's key does not get the PIN that its consumer made since.
            raise PinReplaced(f"it stands under {service.number}; its consumer has replaced the PIN since")
        return Receipt(
            number=service.number,
            shown=shown(service.number, service.kind),
            pin=self.numbers.pin(service.number, 1),
            kind=service.kind,
            received_at=service.registered_at,
            counted_from=service.counted_from,
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
    clock: Days

    async def __call__(self, act: Act, text: str, by: str, seen: bool | None = None) -> Service:
        """``seen``: whether they saw what the first answer left open. Errors: those of ``Service.answer``, NotFound,
        Erased, KeyReused, Unavailable."""
        service, now = await known(self.services, act.subject), self.clock.now()
        sealed = self.seals.seal(json.dumps({"text": text}, ensure_ascii=False), service.seal_key, service.number)
        return (await self.services.change(act, lambda s: s.answer(by, sealed, now, seen))).aggregate


class Proves(Protocol):
    """A story that begins with a number and its PIN."""

    @property
    def services(self) -> Services: ...
    @property
    def numbers(self) -> Numbers: ...
    @property
    def attempts(self) -> Attempts: ...


async def proved(story: Proves, number: str, pin: str) -> Service:
    """The matter of this number and PIN. Errors: NotFound, whichever is wrong; TooMany, Unavailable."""
    await story.attempts.take(number)
    service = await story.services.get(number)
    right = story.numbers.pin(number, service.pin_round if service else 1)
    if service is None or not hmac.compare_digest(right, pin):
        raise NotFound("no matter with this number and PIN")
    await story.attempts.give_back(number)
    return service


@dataclass(frozen=True)
class AskWithdrawal:
    """The consumer wishes to withdraw. A wrong PIN and an unknown number are the same to the asker."""

    services: Services
    numbers: Numbers
    attempts: Attempts

    async def __call__(self, act: Act, pin: str) -> Service:
        await proved(self, act.subject, pin)
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
class ReopenQuestion:
    """The answer did not answer, says the consumer: the question waits for one more, once."""

    services: Services
    hours: OpeningHours

    async def __call__(self, event: AnyEvent) -> None:
        at, answer_by = event.time, self.hours.answer_by(event.time, None)
        await self.services.change(event, lambda service: service.reopen(event.data.sealed, at, answer_by))


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
        service = await known(self.services, number)
        private = json.loads(self.seals.unseal(service.sealed, service.key, number))
        story, consumer = private["story"], private["consumer"]
        return service, {"story": story, "unnamed": unnamed(story, consumer), "consumer": _masked(consumer)}


async def known(services: Services, number: str) -> Service:
    service = await services.get(number)
    if service is None or not service.seal_key:
        raise NotFound(f"no service {number} here")
    return service


def _masked(consumer: dict[str, Any]) -> dict[str, str]:
    shown = ("name", "nik", "passport", "phone", "email")
    return {name: masked(name, str(consumer[name])) for name in shown if consumer.get(name)}


def _with(private: str, brought: Mapping[str, Any] | None) -> str:
    """What is sealed: with how the firm was tried first, in the consumer's words."""
    if brought is None:
        return private
    told = {"on": brought["on"].isoformat(), "how": brought["how"], "outcome": brought["outcome"]}
    return json.dumps({**json.loads(private), "brought_to_pujk": told}, ensure_ascii=False)


def clear_of(submission: Submission) -> dict[str, Any]:
    """What is not sealed of it; and whether it says anything of a court."""
    return submission.model_dump(exclude=PRIVATE) | {"in_court_stated": "in_court" in submission.model_fields_set}
