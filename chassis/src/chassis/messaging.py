"""How does a message reach the broker? One connection that comes back, and one way to publish: persistent, mandatory,
confirmed, in time, on a channel of its own."""

import asyncio
import logging
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import AMQPError, ChannelInvalidStateError, DeliveryError, PublishError
from pamqp.commands import Basic

log = logging.getLogger(__name__)

PUBLISH_SECONDS = 10
CONNECT_SECONDS = 10
HEARTBEAT_SECONDS = 10
RECONNECT_SECONDS = 1.0


class PublishFailed(Exception):
    """No confirm: the message may or may not be in the broker, and must be sent again with the same id."""

    def __init__(self, reason: str, *, alone: bool) -> None:
        super().__init__(reason)
        #: True where the broker refused this very message; False where the connection is to blame.
        self.alone = alone


class Link:
    """A connection that is made anew when it is gone. Channels come from a live connection or not at all."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._connection: AbstractConnection | None = None
        self._lock = asyncio.Lock()

    @property
    def alive(self) -> bool:
        # ``is_closed`` of the connection tells only whether we closed it; ``connected`` whether it stands.
        return self._connection is not None and self._connection.connected.is_set()

    async def connection(self) -> AbstractConnection:
        """The live connection, made if need be. Errors: OSError, AMQPError, TimeoutError."""
        async with self._lock:
            if self._connection is None or not self.alive:
                async with asyncio.timeout(CONNECT_SECONDS):
                    self._connection = await aio_pika.connect(
                        f"{self._url}?heartbeat={HEARTBEAT_SECONDS}&name={self._name}",
                        client_properties={"connection_name": self._name},
                    )
            return self._connection

    async def channel(self, *, confirms: bool) -> AbstractChannel:
        connection = await self.connection()
        async with asyncio.timeout(CONNECT_SECONDS):
            return await connection.channel(publisher_confirms=confirms, on_return_raises=confirms)

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
        self._channel: Any = None
        self._lock = asyncio.Lock()

    async def _open(self) -> Any:
        if self._channel is not None and not self._channel.is_closed:
            return self._channel
        async with self._lock:
            if self._channel is None or self._channel.is_closed:
                channel = await self._link.channel(confirms=True)
                self._channel = await channel.get_underlay_channel()
            return self._channel

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
        properties = Basic.Properties(
            content_type=content_type,
            delivery_mode=2,
            message_id=message_id,
            message_type=type,
            app_id=self._app_id,
            headers=headers or None,
            correlation_id=correlation_id,
            expiration=None if expiration_ms is None else str(expiration_ms),
            user_id=self._user_id if with_user else None,
        )
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                channel = await self._open()
                await channel.basic_publish(
                    body, exchange=exchange, routing_key=key, properties=properties, mandatory=mandatory, wait=False
                )
        except (DeliveryError, PublishError) as error:
            raise PublishFailed(type_name(error), alone=True) from error
        except (TimeoutError, AMQPError, ChannelInvalidStateError, OSError, RuntimeError) as error:
            raise PublishFailed(type_name(error), alone=False) from error
        except asyncio.CancelledError as error:
            # A frozen connection raises a cancellation that nobody asked for.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise PublishFailed("cut-off", alone=False) from error


def type_name(error: BaseException) -> str:
    return type(error).__name__
