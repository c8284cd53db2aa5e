"""What arrived? One message as the broker brought it, without a library's wrapping."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Delivered:
    """A message as it came. ``user`` is who the broker says published it; headers are whatever that one wrote."""

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
        return self._count("x-delivery-count") if self.redelivered else 0

    @property
    def attempt(self) -> int:
        """How often the chassis itself sent it to a waiting room."""
        return self._count("x-slkt-attempt")

    def _count(self, header: str) -> int:
        """An outsider may write anything into a header."""
        value = self.headers.get(header)
        return value if isinstance(value, int) and value > 0 else 0
