"""What arrived? One message as the broker brought it, without a library's wrapping."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sender:
    """Who sent it, as the broker validated, and the key it was sent with."""

    user: str
    key: str


@dataclass(slots=True)
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
