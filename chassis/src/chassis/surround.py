"""What happens around a handler? Decode, trace, wait out, retry, dead-letter with a reason, answer; then ack."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import orjson
from contracts.base import MAX_FACT_BYTES
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError

from chassis import metrics
from chassis.database import transient
from chassis.inbox import Heard, Inbox, Sender
from chassis.letters import Letters
from chassis.messaging import PublishFailed
from chassis.outside import Outside
from chassis.problems import problems_of
from chassis.refusals import Forbidden, Invalid, NotYetKnown, Refusals, TooLarge
from chassis.telemetry import span

log = logging.getLogger(__name__)

#: How long passing trouble is waited out in place; the broker closes a channel that holds a message for 30 minutes.
WAIT_OUT_SECONDS = 600.0
#: In careful mode a message that came this often killed its reader each time.
KILLS_READER_FROM = 10


class NotNow(Exception):
    """The message stays unacknowledged: stopping, or the trouble lasted too long."""


class Poison(Exception):
    """The message can never be handled; ``reason`` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Delivered:
    """A message as it came, without the library's wrapping."""

    tag: int
    body: bytes
    key: str
    type: str
    message_id: str
    content_type: str
    user: str | None
    correlation: str | None
    headers: dict[str, Any]
    redelivered: bool

    @classmethod
    def of(cls, message: Any) -> "Delivered":
        properties, delivery = message.header.properties, message.delivery
        return cls(
            tag=delivery.delivery_tag,
            body=message.body,
            key=delivery.routing_key or "",
            type=properties.message_type or "",
            message_id=properties.message_id or "",
            content_type=properties.content_type or "",
            user=properties.user_id,
            correlation=properties.correlation_id,
            headers=properties.headers or {},
            redelivered=bool(delivery.redelivered),
        )

    @property
    def earlier(self) -> int:
        """How often it was delivered before and not acknowledged."""
        return int(self.headers.get("x-delivery-count", 0) or 0)

    @property
    def attempt(self) -> int:
        """How often the chassis itself sent it to a waiting room."""
        return int(self.headers.get("x-slkt-attempt", 0) or 0)


class Surround:
    """Carries one message of one inbox to its handler and says what became of it: ok, retry, refused or dead."""

    def __init__(self, inbox: Inbox, letters: Letters, refusals: Refusals, outside: Outside | None = None) -> None:
        self.inbox = inbox
        self._letters = letters
        self._refusals = refusals
        self._outside = outside
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Handlers that wait something out give up; those at work finish."""
        self._stopping.set()

    async def handle(self, delivered: Delivered, *, careful: bool) -> str:
        """Errors: NotNow where the message must stay unacknowledged."""
        sender: Sender | None = None
        message: Any = None
        try:
            if careful and delivered.earlier >= KILLS_READER_FROM:
                raise Poison("kills-its-reader")
            delivered = self._letters.opened(delivered)
            sender = self._sender(delivered)
            heard, message = self._decode(delivered)
            with span(heard.name, getattr(message, "traceparent", None), SpanKind.CONSUMER):
                reply = await self._run(heard, message, sender)
        except NotNow:
            raise
        except NotYetKnown as error:
            return await self._again(delivered, sender, message, error)
        except Poison as error:
            return await self._dead(delivered, sender, error.reason)
        except Exception as error:
            return await self._refused(delivered, sender, message, error)
        if reply is not None and sender is not None and self._outside is not None:
            await self._outside.reply(sender, delivered, message, reply)
        return "ok"

    def _sender(self, delivered: Delivered) -> Sender | None:
        if self.inbox.sender_of is None:
            return None
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
                raise Poison("bad-json") from error
            if self._outside is None:
                raise Poison("wrong-schema") from error
            raise Invalid(problems=problems_of(error)) from error
        if message.type != type_:
            raise Invalid(problems=[{"field": "type", "came": message.type[:80], "expected": f"{type_}, as in AMQP"}])
        return heard, message

    @staticmethod
    def _type_inside(body: bytes) -> str:
        try:
            return str(orjson.loads(body)["type"])
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise Poison("bad-json") from error

    async def _run(self, heard: Heard, message: Any, sender: Sender | None) -> BaseModel | None:
        """Runs the handler; passing trouble of database or broker is waited out with backoff."""
        started, pause = monotonic(), 0.1
        while True:
            try:
                if self.inbox.sender_of is None:
                    return await heard.handler(message)
                assert sender is not None
                return await heard.handler(message, self.inbox.sender_of(sender))
            except Exception as error:
                if not (transient(error) or isinstance(error, PublishFailed)):
                    raise
                if self._stopping.is_set() or monotonic() - started > WAIT_OUT_SECONDS:
                    raise NotNow from error
            await self._pause(pause)
            pause = min(pause * 2, 5.0)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _again(self, delivered: Delivered, sender: Sender | None, message: Any, error: NotYetKnown) -> str:
        queue, waits, secret = self.inbox.queue.name, error.waits, self.inbox.sender_of is not None
        if await self._persist(lambda: self._letters.retry(queue, delivered, sender, waits=waits, secret=secret)):
            return "retry"
        return await self._refused(delivered, sender, message, error)

    async def _refused(self, delivered: Delivered, sender: Sender | None, message: Any, error: Exception) -> str:
        rule = self._refusals.rule(error)
        name = self.inbox.queue.name
        if rule is None:
            log.error("handler failed", exc_info=error, extra={"queue": name, "attempt": delivered.attempt})
            return await self._dead(delivered, sender, f"defect:{type(error).__name__}")
        if self._outside is None or sender is None:
            return await self._dead(delivered, sender, rule.code)
        await self._persist(lambda: self._refuse_outside(delivered, sender, message, error))
        if isinstance(error, TooLarge):
            return await self._dead(delivered, sender, rule.code)
        return "refused"

    async def _refuse_outside(self, delivered: Delivered, sender: Sender, message: Any, error: Exception) -> bool:
        assert self._outside is not None
        rule = self._refusals.rule(error)
        assert rule is not None
        await self._outside.refuse(sender, delivered, message, error, rule, keep=not isinstance(error, TooLarge))
        return True

    async def _dead(self, delivered: Delivered, sender: Sender | None, reason: str) -> str:
        queue = self.inbox.queue.name
        log.error("dead letter", extra={"queue": queue, "reason": reason, "attempt": delivered.attempt})
        secret = self.inbox.sender_of is not None
        await self._persist(lambda: self._letters.bury(queue, delivered, sender, reason, secret=secret))
        metrics.DEAD.labels(queue, reason.split(":")[0]).inc()
        return "dead"

    async def _persist(self, act: Callable[[], Awaitable[bool]]) -> bool:
        """What must be kept before the message may be acknowledged is tried until it is."""
        pause = 0.1
        while True:
            try:
                return await act()
            except Exception as error:
                if not (transient(error) or isinstance(error, PublishFailed)):
                    raise
                if self._stopping.is_set():
                    raise NotNow from error
            await self._pause(pause)
            pause = min(pause * 2, 5.0)
