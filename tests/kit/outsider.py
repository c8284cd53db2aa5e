"""What may an outsider's broken system send? Any body, with any properties, as its own broker user."""

from typing import Any

import aio_pika
from contracts.base import CONTENT_TYPE


async def send_raw(amqp: str, exchange: str, key: str, bodies: dict[str, bytes], type_: str, **properties: Any) -> None:
    """Bodies by message id, each confirmed; the user is the one of the URL."""
    async with await aio_pika.connect(amqp) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        to = await channel.get_exchange(exchange, ensure=False)
        for id_, body in bodies.items():
            known: dict[str, Any] = {
                "content_type": CONTENT_TYPE,
                "delivery_mode": aio_pika.DeliveryMode.PERSISTENT,
                "message_id": id_,
                "correlation_id": id_,
                "type": type_,
                "user_id": connection.url.user,
            }
            await to.publish(aio_pika.Message(body, **(known | properties)), key, mandatory=True)
