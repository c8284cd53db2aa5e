"""Where does a message go that cannot be handled now, or ever? To a waiting room, or to the dead-letter queue with its
reason. An outsider's body is sealed first: it may hold anything."""

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any

from chassis.delivered import Delivered, Sender
from chassis.ids import new_id
from chassis.messaging import Publisher
from chassis.sealing import Vault

KEPT_TYPE = "application/vnd.slkt.kept"
ROOMS = ("5s", "1m", "10m")
#: Sealing makes a body a third longer; the broker takes 8 MiB. Of a longer one the head is kept: it was refused for its
#: size and can never be replayed.
KEPT_BYTES, KEPT_HEAD_BYTES = 5 * 2**20, 256 * 2**10
_OURS = ("x-slkt-sender", "x-slkt-key")


class Letters:
    """Publishes to ``retry`` and ``dead``; reads back what was kept."""

    def __init__(
        self, publisher: Publisher, *, dead: str, retry: str, service: str, vault: Vault | None, trusted: frozenset[str]
    ) -> None:
        self._publisher = publisher
        self._dead_exchange = dead
        self._retry_exchange = retry
        self._service = service
        self._vault = vault
        #: Broker users whose word about the true sender is believed: this service and the operator.
        self._trusted = trusted

    def ours(self, delivered: Delivered) -> bool:
        """Sent by this service or the operator: back from a waiting room, or once more."""
        return delivered.user in self._trusted

    def sender(self, delivered: Delivered) -> Sender | None:
        """Who sent it first; None where the broker did not validate a user."""
        if self.ours(delivered):
            user, key = (delivered.headers.get(name) for name in _OURS)
            return Sender(str(user), str(key)) if user and key else None
        return Sender(delivered.user, delivered.key) if delivered.user else None

    def opened(self, delivered: Delivered) -> Delivered:
        """A kept body as it was; anything else as it is."""
        if delivered.content_type != KEPT_TYPE or delivered.user not in self._trusted or self._vault is None:
            return delivered
        body = self._vault.open(b64decode(delivered.body))
        return replace(delivered, body=body, content_type=str(delivered.headers.get("x-slkt-content-type", "")))

    def readable(self, delivered: Delivered) -> Delivered:
        """As ``opened``, and as it is where it does not open: so that nothing kept is sealed twice."""
        try:
            return self.opened(delivered)
        except Exception:
            return delivered

    async def retry(self, queue: str, delivered: Delivered, sender: Sender | None, *, waits: int, secret: bool) -> bool:
        """Into the next of the first ``waits`` waiting rooms; False where all were tried. Errors: PublishFailed."""
        if delivered.attempt >= min(waits, len(ROOMS)):
            return False
        headers = self._headers(delivered, sender) | {"x-slkt-attempt": delivered.attempt + 1}
        await self._send(self._retry_exchange, f"{queue}.{ROOMS[delivered.attempt]}", delivered, headers, secret=secret)
        return True

    async def renew(self, queue: str, delivered: Delivered, *, secret: bool) -> None:
        """Through the first waiting room, as if it were sent now: no attempt is counted. Errors: PublishFailed."""
        sender = self.sender(delivered) if secret else None
        headers = self._headers(delivered, sender) | {"x-slkt-attempt": delivered.attempt}
        await self._send(self._retry_exchange, f"{queue}.{ROOMS[0]}", self.readable(delivered), headers, secret=secret)

    async def bury(self, queue: str, delivered: Delivered, sender: Sender | None, reason: str, *, secret: bool) -> bool:
        """Into the dead-letter queue with everything needed to judge and replay it. Errors: PublishFailed."""
        headers = self._headers(delivered, sender) | {
            "x-slkt-reason": reason,
            "x-slkt-queue": queue,
            "x-slkt-service": self._service,
            "x-slkt-attempt": delivered.attempt,
            "x-slkt-bytes": len(delivered.body),
        }
        await self._send(self._dead_exchange, queue, delivered, headers, secret=secret)
        return True

    def _headers(self, delivered: Delivered, sender: Sender | None) -> dict[str, Any]:
        if sender is None:
            return {}
        return {"x-slkt-sender": sender.user, "x-slkt-key": sender.key}

    async def _send(
        self, exchange: str, key: str, delivered: Delivered, headers: dict[str, Any], *, secret: bool
    ) -> None:
        body, content_type = delivered.body, delivered.content_type
        if secret and self._vault is not None:
            headers = headers | {"x-slkt-content-type": content_type}
            body = body if len(body) <= KEPT_BYTES else body[:KEPT_HEAD_BYTES]
            body, content_type = b64encode(self._vault.seal(body)), KEPT_TYPE
        await self._publisher.publish(
            exchange,
            key,
            body,
            message_id=delivered.message_id or new_id(),
            type=delivered.type or "unknown",
            content_type=content_type or "application/octet-stream",
            headers=headers,
            correlation_id=delivered.correlation,
            with_user=True,
        )
