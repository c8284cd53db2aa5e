"""How does a message reach the broker? One connection that comes back, and one way to publish: persistent, mandatory,
confirmed, in time, on a channel of its own."""

import asyncio
import logging
import struct
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import AMQPChannelError, AMQPError, ChannelNotFoundEntity, DeliveryError, PublishError
from pamqp.commands import Basic

from chassis.hostile import tolerate
from chassis.tasks import unasked

log = logging.getLogger(__name__)

PUBLISH_SECONDS = 10
CONNECT_SECONDS = 10
HEARTBEAT_SECONDS = 10
RECONNECT_SECONDS = 1.0
CUT_OFF = "cut-off"


class PublishFailed(Exception):
    """No confirm: the message may or may not be in the broker, and must be sent again with the same id."""

    def __init__(self, reason: str, *, alone: bool, perhaps: bool = False) -> None:
        super().__init__(reason)
        #: True where the broker refused this very message; False where the connection is to blame.
        self.alone = alone
        #: The broker closed the channel over this message or over one that was under way beside it.
        self.perhaps = perhaps


class Link:
    """A connection that is made anew when it is gone. Channels come from a live connection or not at all."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._connection: AbstractConnection | None = None
        self._lock = asyncio.Lock()
        self._probe: Any = None

    @property
    def alive(self) -> bool:
        # ``is_closed`` of the connection tells only whether we closed it; ``connected`` whether it stands.
        return self._connection is not None and self._connection.connected.is_set()

    async def connection(self) -> AbstractConnection:
        """The live connection, made if need be. Errors: OSError, AMQPError, TimeoutError."""
        async with self._lock:
            tolerate()
            if self._connection is None or not self.alive:
                try:
                    async with asyncio.timeout(CONNECT_SECONDS):
                        self._connection = await aio_pika.connect(
                            f"{self._url}{'&' if '?' in self._url else '?'}heartbeat={HEARTBEAT_SECONDS}",
                            client_properties={"connection_name": self._name},
                        )
                except asyncio.CancelledError as error:
                    unasked(error)
                    raise ConnectionError(CUT_OFF) from error
            return self._connection

    async def keep(self) -> None:
        """For ever: a connection that is gone is made again, also where nobody has anything to say."""
        while True:
            try:
                await self.connection()
            except Exception as error:
                log.warning("broker not connected", extra={"error": type_name(error)})
            await asyncio.sleep(RECONNECT_SECONDS)

    async def channel(self, *, confirms: bool) -> AbstractChannel:
        connection = await self.connection()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await connection.channel(publisher_confirms=confirms, on_return_raises=confirms)
        except asyncio.CancelledError as error:
            unasked(error)
            raise ConnectionError(CUT_OFF) from error

    async def answers(self) -> bool:
        """Whether the broker answers on this connection now: a frozen one looks alive for half a minute."""
        if not self.alive:
            return False
        try:
            if self._probe is None or self._probe.is_closed:
                self._probe = await (await self.channel(confirms=False)).get_underlay_channel()
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
        self._channel: Any = None
        self._lock = asyncio.Lock()

    def beside(self) -> "Publisher":
        """Another publisher on the same connection, whose channel no message of this one can close."""
        return Publisher(self._link, app_id=self._app_id, user_id=self._user_id)

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
        except (ValueError, TypeError, struct.error) as error:
            # It cannot be put into a frame at all: a key of 300 bytes, a header of no AMQP type.
            raise PublishFailed(type_name(error), alone=True) from error
        except ChannelNotFoundEntity as error:
            # The exchange is missing: an operator's matter, and no message's fault.
            raise PublishFailed(type_name(error), alone=False) from error
        except AMQPChannelError as error:
            raise PublishFailed(type_name(error), alone=False, perhaps=True) from error
        except asyncio.CancelledError as error:
            unasked(error)
            raise PublishFailed(CUT_OFF, alone=False) from error
        except Exception as error:
            # aiormq raises a bare Exception for what was under way when its connection ended.
            raise PublishFailed(type_name(error), alone=False) from error


def type_name(error: BaseException) -> str:
    return type(error).__name__
