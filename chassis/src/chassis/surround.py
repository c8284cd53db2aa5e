"""What happens around a handler? Decode, trace, wait out, retry, dead-letter with a reason, answer; then ack."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import orjson
from contracts.base import MAX_FACT_BYTES, Event
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError

from chassis import metrics
from chassis.audit import Audit
from chassis.audited import Audited
from chassis.crash import crash_on
from chassis.delivered import Delivered
from chassis.few import Few
from chassis.inbox import Heard, Inbox, Sender
from chassis.letters import Letters
from chassis.outside import Outside
from chassis.patience import NotNow, Patience
from chassis.problems import problems_of
from chassis.refusals import COMMON, Forbidden, Invalid, NotYetKnown, Refusals, Rule, TooLarge
from chassis.telemetry import span
from chassis.trials import DEATHS_MOST, Trials

log = logging.getLogger(__name__)

T = TypeVar("T")

#: The broker buries what was given back 20 times, for whatever reason: before, it is sent anew and counted from 0.
RENEW_FROM = 10
#: Of what others slip into an outsider's queue so much is put aside within a minute; the rest is dropped.
SLIPPED_MOST, SLIPPED_SECONDS = 100, 60.0


_NO_TYPE = {"field": "type", "came": "nothing that can be read", "expected": "a CloudEvent in JSON with its type"}


class Poison(Exception):
    """The message can never be handled; ``reason`` is a code. With ``problems`` its sender is told."""

    def __init__(self, reason: str, problems: list[dict[str, str]] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.problems = problems or []


class SlippedIn(Poison):
    """Sent with a key of another queue, and with this one's only as a second one (CC, BCC), whose right brokers before
    RabbitMQ 4 do not check. Whose queue it is has nothing to do with it."""


class Surround:
    """Carries one message of one inbox to its handler and says what became of it: ok, retry, refused, dead, or slipped
    in."""

    def __init__(
        self,
        inbox: Inbox,
        letters: Letters,
        refusals: Refusals,
        trials: Trials,
        outside: Outside | None = None,
        audit: Audit | None = None,
    ) -> None:
        self.inbox = inbox
        self._audited = Audited(inbox.acts_of, audit, refusals) if inbox.acts_of and audit else None
        self._letters = letters
        self._trials = trials
        self._refusals = refusals
        self._outside = outside
        self._patience = Patience(inbox.queue.name)
        self._slipped = Few(SLIPPED_MOST, SLIPPED_SECONDS)

    def stop(self) -> None:
        """Handlers that wait something out give up; those at work finish."""
        self._patience.stop()

    async def handle(self, delivered: Delivered, *, careful: bool) -> str:
        """``careful``: it may have killed its readers, and is the only one in hand. Errors: NotNow where the message
        must stay unacknowledged."""
        if not careful:
            return await self._handle(delivered)
        if delivered.earlier >= RENEW_FROM:
            return await self._renew(delivered)
        readable = self._letters.readable(delivered)
        suspect = self._trials.of(self.inbox.queue.name, readable)
        if await self._persist(lambda: self._trials.begin(suspect)) < DEATHS_MOST:
            outcome = await self._handle(delivered)
        else:
            outcome = await self._poisoned(readable, None, Poison("kills-its-reader"))
        await self._persist(lambda: self._trials.over(suspect))
        return outcome

    async def _handle(self, delivered: Delivered) -> str:
        sender: Sender | None = None
        message: Any = None
        try:
            crash_on(delivered.message_id)
            delivered = self._letters.opened(delivered)
            sender = self._sender(delivered)
            heard, message = self._decode(delivered)
            with span(heard.name, getattr(message, "traceparent", None), SpanKind.CONSUMER):
                reply = await self._run(heard, message, sender)
        except NotNow:
            raise
        except NotYetKnown as error:
            return await self._again(delivered, sender, message, error)
        except SlippedIn as error:
            return await self._slipped_in(delivered, error)
        except Poison as error:
            return await self._poisoned(delivered, sender, error)
        except Exception as error:
            return await self._refused(delivered, sender, message, error)
        if reply is not None and sender is not None and self._outside is not None:
            await self._outside.reply(sender, delivered, message, reply)
        return "ok"

    async def _renew(self, delivered: Delivered) -> str:
        """Needs no database: it is what stays away while messages are given back again and again."""
        queue, secret = self.inbox.queue.name, self.inbox.sender_of is not None
        log.warning("given back too often: sent anew", extra={"queue": queue, "deliveries": delivered.earlier})
        await self._persist(lambda: self._letters.renew(queue, delivered, secret=secret))
        return "renewed"

    def _sender(self, delivered: Delivered) -> Sender | None:
        if self.inbox.sender_of is None:
            return None
        if not self._letters.ours(delivered) and not self.inbox.takes(delivered.key):
            raise SlippedIn("sender-forged")
        sender = self._letters.sender(delivered)
        if sender is None:
            raise Poison("sender-unknown")
        try:
            self.inbox.sender_of(sender)
        except Forbidden as error:
            raise Poison("sender-forged") from error
        return sender

    def _decode(self, delivered: Delivered) -> tuple[Heard, Any]:
        """Errors: Poison for what is no message at all; Invalid, TooLarge for what its sender can be told about."""
        if len(delivered.body) > MAX_FACT_BYTES:
            raise TooLarge(f"the message has {len(delivered.body)} bytes; a door takes {MAX_FACT_BYTES}")
        type_ = delivered.type or self._type_inside(delivered.body)
        heard = self.inbox.heard.get(type_)
        if heard is None:
            known = ", ".join(sorted(self.inbox.heard))
            if self._outside is None:
                raise Poison("unknown-type")
            raise Invalid(problems=[{"field": "type", "came": type_[:80] or "nothing", "expected": f"one of {known}"}])
        try:
            message = heard.decode.validate_json(delivered.body)
        except ValidationError as error:
            if any(e["type"] == "json_invalid" for e in error.errors(include_input=False, include_url=False)):
                raise Poison("bad-json", problems_of(error)) from error
            if self._outside is None:
                raise Poison("wrong-schema") from error
            raise Invalid(problems=problems_of(error)) from error
        if isinstance(message, Event) and message.owner != message.type.split(".")[1]:
            # A fact is said by its owner alone; ``heard`` counts by owner.
            raise Poison("not-its-owner")
        if message.type != type_:
            raise Invalid(problems=[{"field": "type", "came": message.type[:80], "expected": f"{type_}, as in AMQP"}])
        return heard, message

    @staticmethod
    def _type_inside(body: bytes) -> str:
        try:
            return str(orjson.loads(body)["type"])
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise Poison("bad-json", [_NO_TYPE]) from error

    async def _run(self, heard: Heard, message: Any, sender: Sender | None) -> BaseModel | None:
        """Runs the handler; passing trouble of database or broker is waited out with backoff."""
        if self.inbox.sender_of is None:
            return await self._patience.until_done(lambda: heard.handler(message))
        assert sender is not None
        who = self.inbox.sender_of(sender)
        if self._audited is None:
            return await self._patience.until_done(lambda: heard.handler(message, who))
        async with self._audited.act(sender, message) as asked:

            async def act() -> BaseModel | None:
                await asked()
                return await heard.handler(message, who)

            return await self._patience.until_done(act)

    async def _again(self, delivered: Delivered, sender: Sender | None, message: Any, error: NotYetKnown) -> str:
        queue, waits, secret = self.inbox.queue.name, error.waits, self.inbox.sender_of is not None
        if await self._persist(lambda: self._letters.retry(queue, delivered, sender, waits=waits, secret=secret)):
            return "retry"
        return await self._refused(delivered, sender, message, error)

    async def _refused(self, delivered: Delivered, sender: Sender | None, message: Any, error: Exception) -> str:
        rule = self._refusals.rule(error)
        if rule is None:
            extra = {"queue": self.inbox.queue.name, "attempt": delivered.attempt}
            log.error("handler failed", exc_info=error, extra=extra)
            return await self._dead(delivered, sender, f"defect:{type(error).__name__}")
        if self._outside is None or sender is None:
            return await self._dead(delivered, sender, rule.code)
        too_large = isinstance(error, TooLarge)
        try:
            await self._tell(delivered, sender, message, error, rule, keep=not too_large)
        except NotNow:
            raise
        except Exception as defect:
            log.error("refusal not kept", exc_info=defect, extra={"queue": self.inbox.queue.name})
            return await self._dead(delivered, sender, f"defect:{type(defect).__name__}")
        return await self._dead(delivered, sender, rule.code) if too_large else "refused"

    async def _poisoned(self, delivered: Delivered, sender: Sender | None, error: Poison) -> str:
        if self.inbox.sender_of is not None and sender is None:
            sender = self._letters.sender(delivered)
        if self._outside is not None and sender is not None and error.problems:
            invalid = Invalid("this cannot be read", problems=error.problems)
            await self._tell(delivered, sender, None, invalid, COMMON[Invalid], keep=False)
        return await self._dead(delivered, sender, error.reason)

    async def _slipped_in(self, delivered: Delivered, error: Poison) -> str:
        """It neither stops this queue nor fills its dead letters: that is what it was sent for."""
        if self._slipped.one_more():
            await self._dead(delivered, self._letters.sender(delivered), error.reason)
        return "slipped-in"

    async def _tell(
        self, delivered: Delivered, sender: Sender, message: Any, error: Exception, rule: Rule, *, keep: bool
    ) -> None:
        outside = self._outside
        assert outside is not None

        async def refuse() -> bool:
            await outside.refuse(sender, delivered, message, error, rule, keep=keep)
            return True

        await self._persist(refuse)

    async def _dead(self, delivered: Delivered, sender: Sender | None, reason: str) -> str:
        queue = self.inbox.queue.name
        log.error("dead letter", extra={"queue": queue, "reason": reason, "attempt": delivered.attempt})
        secret = self.inbox.sender_of is not None
        await self._persist(lambda: self._letters.bury(queue, delivered, sender, reason, secret=secret))
        metrics.DEAD.labels(queue, reason.split(":")[0]).inc()
        return "dead"

    async def _persist(self, act: Callable[[], Awaitable[T]]) -> T:
        """What must be kept before the message may be acknowledged is tried until it is, or given back."""
        return await self._patience.until_done(act, telling="not put aside yet")
