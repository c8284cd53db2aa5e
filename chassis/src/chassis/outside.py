"""How is an outsider answered? On its own reply queue, after the write; what was refused is kept with its reasons."""

import logging
from typing import Any

from contracts.base import Problem, Refused
from pydantic import BaseModel

from chassis.clock import Clock
from chassis.confirms import PublishFailed
from chassis.database import Database
from chassis.delivered import Delivered
from chassis.ids import new_id
from chassis.inbox import Sender
from chassis.messaging import Publisher
from chassis.refusals import Refusal, Rule
from chassis.sealing import Vault
from chassis.tasks import Tasks

log = logging.getLogger(__name__)


class Outside:
    """Replies and the record of refusals. Replies are best effort: who missed one sends the same id again."""

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        clock: Clock,
        vault: Vault,
        exchange: str,
        ttl: int,
    ) -> None:
        self._refused = database["refused"]
        self._publisher = publisher
        self._clock = clock
        self._vault = vault
        self._exchange = exchange
        self._ttl_ms = ttl
        self._tasks = Tasks()

    async def reply(self, sender: Sender, delivered: Delivered, message: Any, reply: BaseModel) -> None:
        """Sends the answer without holding up the acknowledgement; ``reply_to`` is never an address."""
        correlation = delivered.correlation or getattr(message, "id", None) or delivered.message_id or None
        if correlation and len(correlation.encode(errors="replace")) > 255:
            # No AMQP property holds it. The reply itself names the matter.
            correlation = None
        self._tasks.start(self._send(sender.user, reply, correlation))

    async def _send(self, user: str, reply: BaseModel, correlation: str | None) -> None:
        try:
            await self._publisher.publish(
                self._exchange,
                user,
                reply.model_dump_json(exclude_none=True).encode(),
                message_id=new_id(),
                type=f"slkt.{getattr(type(reply), 'key', 'reply')}",
                content_type="application/json",
                correlation_id=correlation,
                expiration_ms=self._ttl_ms,
                mandatory=False,
            )
        except PublishFailed as error:
            log.warning("reply not sent", extra={"reason": str(error)})

    async def refuse(
        self, sender: Sender, delivered: Delivered, message: Any, error: Exception, rule: Rule, *, keep: bool
    ) -> None:
        """Keeps the refused body (sealed) with every reason, then answers. Errors: those of the driver."""
        problems = getattr(error, "problems", None) or []
        if keep:
            digest = self._vault.digest(delivered.body)
            await self._refused.update_one(
                {"_id": f"{sender.user}:{digest}"},
                {
                    "$set": {
                        "at": self._clock.now(),
                        "code": rule.code,
                        "problems": problems,
                        "body": self._vault.seal(delivered.body),
                    },
                    "$inc": {"times": 1},
                },
                upsert=True,
            )
        detail = error.detail if isinstance(error, Refusal) else str(error)
        extra = getattr(error, "extra", None) or {}
        await self.reply(sender, delivered, message, _refused(rule.code, detail or rule.title, problems, extra))

    async def close(self) -> None:
        await self._tasks.finish()


def _refused(code: str, detail: str, problems: list[dict[str, str]], extra: dict[str, Any]) -> Refused:
    return Refused(code=code, detail=detail, problems=tuple(Problem(**one) for one in problems), extra=extra)
