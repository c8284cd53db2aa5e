"""How does a message reach the broker? One connection that comes back, and one way to publish: persistent, mandatory,
confirmed, in time, on a channel of its own."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import aiormq
from aiormq.exceptions import AMQPChannelError, AMQPError, ChannelNotFoundEntity

from chassis.confirms import CUT_OFF, Batch, Confirms, PublishFailed
from chassis.frames import Outgoing
from chassis.tap import Ear, Tapped
from chassis.tasks import unasked

log = logging.getLogger(__name__)

PUBLISH_SECONDS = 10
CONNECT_SECONDS = 10
HEARTBEAT_SECONDS = 10
RECONNECT_SECONDS = 1.0


class Link:
    """A connection that is made anew when it is gone. Channels come from a live connection or not at all."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._connection: aiormq.Connection | None = None
        self._tapped = Tapped()
        self._lock = asyncio.Lock()
        self._probe: Any = None

    @property
    def alive(self) -> bool:
        return self._connection is not None and self._connection.is_opened

    async def connection(self) -> aiormq.Connection:
        """The live connection, made if need be. Errors: OSError, AMQPError, TimeoutError."""
        async with self._lock:
            if self._connection is None or not self.alive:
                tapped = Tapped()
                made = aiormq.Connection(
                    f"{self._url}{'&' if '?' in self._url else '?'}heartbeat={HEARTBEAT_SECONDS}",
                    transport_factory=tapped,
                    client_properties={"connection_name": self._name},
                )
                try:
                    async with asyncio.timeout(CONNECT_SECONDS):
                        await made.connect()
                except asyncio.CancelledError as error:
                    unasked(error)
                    raise ConnectionError(CUT_OFF) from error
                self._connection, self._tapped = made, tapped
            return self._connection

    async def keep(self) -> None:
        """For ever: a connection that is gone is made again, also where nobody has anything to say."""
        while True:
            try:
                await self.connection()
            except Exception as error:
                log.warning("broker not connected", extra={"error": type(error).__name__})
            await asyncio.sleep(RECONNECT_SECONDS)

    async def channel(self, *, confirms: bool) -> Any:
        """A channel of the library. Errors: OSError, AMQPError, TimeoutError."""
        connection = await self.connection()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await connection.channel(publisher_confirms=confirms)
        except asyncio.CancelledError as error:
            unasked(error)
            raise ConnectionError(CUT_OFF) from error

    async def ear(self) -> tuple[Any, Ear]:
        """A channel to read on, and what comes on it past the library."""
        channel = await self.channel(confirms=False)
        return channel, Ear(self._tapped.tap, channel)

    async def confirms(self) -> Confirms:
        """A channel to publish on."""
        channel = await self.channel(confirms=True)
        return Confirms(self._tapped.tap, channel)

    async def answers(self) -> bool:
        """Whether the broker answers on this connection now: a frozen one looks alive for half a minute."""
        if not self.alive:
            return False
        try:
            if self._probe is None or self._probe.is_closed:
                self._probe = await self.channel(confirms=False)
            await self._probe.basic_qos(prefetch_count=1)
        except asyncio.CancelledError as error:
            unasked(error)
            return False
        except Exception:
            return False
        return True

    async def close(self) -> None:
        if self._connection is not None:
            try:
                async with asyncio.timeout(5):
                    await self._connection.close()
            except (TimeoutError, AMQPError, OSError):
                log.warning("connection did not close in time")


class Publisher:
    """The one way to publish. Its channel carries nothing else: a refused publish closes it and harms no consumer."""

    def __init__(self, link: Link, *, app_id: str, user_id: str | None = None) -> None:
        self._link = link
        self._app_id = app_id
        self._user_id = user_id
        self._port: Confirms | None = None
        self._lock = asyncio.Lock()

    def beside(self) -> "Publisher":
        """Another publisher on the same connection, whose channel no message of this one can close."""
        return Publisher(self._link, app_id=self._app_id, user_id=self._user_id)

    async def _open(self) -> Confirms:
        if self._port is not None and not self._port.closed:
            return self._port
        async with self._lock:
            if self._port is None or self._port.closed:
                self._port = await self._link.confirms()
            return self._port

    async def publish(
        self,
        exchange: str,
        key: str,
        body: bytes,
        *,
        message_id: str,
        type: str,  # noqa: A002 - the name of the AMQP property
        content_type: str,
        headers: dict[str, Any] | None = None,
        correlation_id: str | None = None,
        expiration_ms: int | None = None,
        mandatory: bool = True,
        with_user: bool = False,
    ) -> None:
        """Returns when the broker has confirmed. Errors: PublishFailed (returned, refused, timed out, cut off)."""
        message = Outgoing(
            exchange,
            key,
            body,
            message_id,
            type,
            content_type,
            headers,
            correlation_id,
            expiration_ms,
            mandatory,
            user_id=self._user_id if with_user else None,
        )
        if failed := (await self.publish_all([message]))[0]:
            raise failed

    async def publish_all(self, messages: Sequence[Outgoing]) -> list[PublishFailed | None]:
        """Written at once, confirmed together; for each its failure, or None for a confirm."""
        if not messages:
            # Nobody would ever confirm it.
            return []
        for message in messages:
            message.app_id = self._app_id
        batch = Batch(messages)
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                port = await self._open()
                await port.drain()
                port.send(batch)
                await batch.done
        except ChannelNotFoundEntity as error:
            batch.fail(PublishFailed(type_name(error), alone=False))
        except AMQPChannelError as error:
            batch.fail(PublishFailed(type_name(error), alone=False, perhaps=True))
        except asyncio.CancelledError as error:
            unasked(error)
            batch.fail(PublishFailed(CUT_OFF, alone=False))
        except Exception as error:
            batch.fail(PublishFailed(type_name(error), alone=False))
        return batch.answers


def type_name(error: BaseException) -> str:
    return type(error).__name__
