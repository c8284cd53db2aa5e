"""Which of what was published has the broker confirmed? Many at once are one write and one wait."""

import asyncio
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from chassis import frames
from chassis.frames import Outgoing
from chassis.tap import Port, Tap

#: Reasons by the broker's code for closing a channel, named as the AMQP library names them.
_CLOSED = {403: "ChannelAccessRefused", 404: "ChannelNotFoundEntity", 406: "ChannelPreconditionFailed"}
CUT_OFF = "cut-off"
RETURNED, REFUSED = "PublishError", "DeliveryError"


class PublishFailed(Exception):
    """No confirm: the message may or may not be in the broker, and must be sent again with the same id."""

    def __init__(self, reason: str, *, alone: bool, perhaps: bool = False) -> None:
        super().__init__(reason)
        #: True where the broker refused this very message; False where the connection is to blame.
        self.alone = alone
        #: The broker closed the channel over this message or over one that was under way beside it.
        self.perhaps = perhaps


class Batch:
    """Messages that were written together; ``answers`` in their order, None for a confirm."""

    def __init__(self, messages: Sequence[Outgoing]) -> None:
        self.messages = messages
        self.answers: list[PublishFailed | None] = [None] * len(messages)
        self.open: set[int] = set(range(len(messages)))
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(self, at: int, failed: PublishFailed | None = None) -> None:
        if at in self.open:
            self.open.discard(at)
            self.answers[at] = self.answers[at] or failed
        if not self.open and not self.done.done():
            self.done.set_result(None)

    def fail(self, failed: PublishFailed) -> None:
        """What has no answer yet gets this one."""
        for at in list(self.open):
            self.settle(at, failed)


class Confirms(Port):
    """A channel that publishes, and nothing else."""

    def __init__(self, tap: Tap, channel: Any) -> None:
        super().__init__(tap, channel)
        self._sent = 0
        self._waiting: dict[int, tuple[Batch, int]] = {}

    def send(self, batch: Batch) -> None:
        """Writes all of them; what fits into no frame is answered at once."""
        if self.closed:
            batch.fail(PublishFailed(CUT_OFF, alone=False))
            return
        data = []
        for at, message in enumerate(batch.messages):
            try:
                data.append(frames.published(message, self._number, self._most))
            except Exception as error:
                # Whatever it is: what was counted and not written would give each later message another's confirm.
                batch.settle(at, PublishFailed(type(error).__name__, alone=True))
                continue
            self._sent += 1
            self._waiting[self._sent] = (batch, at)
        self.write(b"".join(data))

    def take_method(self, name: bytes, payload: bytes) -> bool:
        if name in (frames.ACK, frames.NACK):
            self._confirmed(*frames.confirmed(payload), good=name == frames.ACK)
            return True
        return super().take_method(name, payload)

    def _confirmed(self, tag: int, multiple: bool, *, good: bool) -> None:
        failed = None if good else PublishFailed(REFUSED, alone=True)
        tags = list(takewhile(lambda one: one <= tag, self._waiting)) if multiple else [tag]
        for one in tags:
            batch, at = self._waiting.pop(one, (None, 0))
            if batch is not None:
                batch.settle(at, failed)

    def content(self, method: bytes, header: bytes, body: bytes) -> None:
        """A mandatory message that no queue took comes back; its confirm follows."""
        returned = frames.properties(header).get("message_id", "")
        for batch, at in self._waiting.values():
            if batch.messages[at].message_id == returned:
                batch.answers[at] = PublishFailed(RETURNED, alone=True)

    def end(self, code: int) -> None:
        super().end(code)
        waiting, self._waiting = self._waiting, {}
        for batch, at in waiting.values():
            # A missing exchange is an operator's matter, and no message's fault.
            reason = _CLOSED.get(code, "ChannelClosed") if code else CUT_OFF
            batch.settle(at, PublishFailed(reason, alone=False, perhaps=code not in (0, 404)))
