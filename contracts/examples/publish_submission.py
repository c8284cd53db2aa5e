"""How does a channel submit a complaint over AMQP and get its receipt? Runs alone: aio-pika and joserfc are enough.

    python publish_submission.py --amqp amqp://channel-web:PASSWORD@localhost:5672/slkt \\
        --door-key http://localhost:8001/door-key --channel web

Prints number and PIN as JSON on the last line. Exit: 0 accepted, 1 refused, 2 wrong arguments, 3 unroutable or not
confirmed, 4 no answer in time, 5 no connection or no right.
"""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, DeliveryError
from joserfc import jwe
from joserfc.jwk import OKPKey

EXCHANGE = "slkt.submissions"
TYPE = "slkt.channel.submission.v1"
COMPLAINT = Path(__file__).with_name("complaint.json")


class NotAccepted(Exception):
    """The complaint was not accepted; `code` is the exit code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def door_key(place: str) -> dict[str, Any]:
    """Intake's public key, from its HTTP door (GET /door-key) or a file."""
    try:
        if place.startswith(("http://", "https://")):
            with urlopen(place, timeout=10) as answer:
                key: dict[str, Any] = json.load(answer)
        else:
            key = json.loads(Path(place).read_text())
    except (OSError, ValueError) as error:
        raise NotAccepted(5, f"no door key at {place}: {error}") from error
    return key


def sealed(private: dict[str, Any], key: dict[str, Any]) -> str:
    """What is personal, readable for intake alone: a JWE in compact form."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.get("kid", "")}
    return jwe.encrypt_compact(header, json.dumps(private).encode(), OKPKey.import_key(key))


def envelope(channel: str, idempotency_key: str, key: dict[str, Any]) -> bytes:
    """A CloudEvent in structured JSON. Its id is the idempotency key: the same id gets the same receipt."""
    complaint = json.loads(COMPLAINT.read_text())
    event = {
        "specversion": "1.0",
        "id": idempotency_key,
        "type": TYPE,
        "source": f"/channel/{channel}",
        "datacontenttype": "application/json",
        "data": {**complaint["open"], "sealed": sealed(complaint["private"], key)},
    }
    return json.dumps(event).encode()


async def submit(amqp: str, channel_name: str, idempotency_key: str, body: bytes, seconds: float) -> dict[str, Any]:
    """Publishes and waits for the reply. Errors: NotAccepted."""
    user = unquote(urlsplit(amqp).username or "")
    try:
        connection = await aio_pika.connect(amqp, timeout=10)
    except (AMQPError, OSError, TimeoutError) as error:
        raise NotAccepted(5, f"no connection to the broker: {error}") from error
    answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def on_reply(message: AbstractIncomingMessage) -> None:
        # Others' replies stay unacknowledged and go back when the connection closes. A channel in earnest has one
        # reader, which keeps every reply under its correlation id and acknowledges it.
        if message.correlation_id == idempotency_key and not answered.done():
            await message.ack()
            answered.set_result(json.loads(message.body))

    async with connection:
        # Everything stands before anybody connects, and a channel has no right to declare: hence no `ensure`.
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        message = aio_pika.Message(
            body,
            message_id=idempotency_key,
            correlation_id=idempotency_key,
            type=TYPE,
            content_type="application/cloudevents+json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            user_id=user,
        )
        try:
            replies = await channel.get_queue(f"reply.{user}", ensure=False)
            await replies.consume(on_reply)
            await exchange.publish(message, f"submission.{channel_name}", mandatory=True, timeout=10)
        except DeliveryError as error:
            raise NotAccepted(3, f"the broker did not take the message (unroutable or refused): {error}") from error
        except AMQPError as error:
            raise NotAccepted(5, f"the broker closed the channel: {error}") from error
        except TimeoutError as error:
            raise NotAccepted(3, f"no confirm in time; send again with --key {idempotency_key}") from error
        print(f"sent {idempotency_key}, waiting for the receipt", file=sys.stderr)
        try:
            async with asyncio.timeout(seconds):
                reply = await answered
        except TimeoutError as error:
            text = f"no reply within {seconds:g} s; send again with --key {idempotency_key}: it is registered once"
            raise NotAccepted(4, text) from error
    if reply.get("status") != "accepted":
        problems = reply.get("problems", [])
        reasons = [f"  {one['field']}: came {one['came']}, expected {one['expected']}" for one in problems]
        raise NotAccepted(1, "\n".join([f"refused ({reply['code']}): {reply['detail']}", *reasons]))
    return reply


def arguments() -> argparse.Namespace:
    env = os.environ
    parser = argparse.ArgumentParser(description="Submit one complaint over AMQP and wait for its receipt.")
    parser.add_argument("--amqp", default=env.get("SLKT_AMQP"), help="URL of the channel's broker user [SLKT_AMQP]")
    parser.add_argument("--door-key", default=env.get("SLKT_DOOR_KEY"), help="JWK: file or URL [SLKT_DOOR_KEY]")
    parser.add_argument("--channel", default=env.get("SLKT_CHANNEL", "web"), help="name of the channel [SLKT_CHANNEL]")
    parser.add_argument("--key", default=env.get("SLKT_KEY"), help="idempotency key, made if not given [SLKT_KEY]")
    parser.add_argument("--timeout", type=float, default=30, help="seconds to wait for the reply")
    chosen = parser.parse_args()
    if not chosen.amqp or not chosen.door_key:
        parser.error("--amqp and --door-key are needed")
    return chosen


def main() -> int:
    chosen = arguments()
    idempotency_key = chosen.key or str(uuid4())
    try:
        body = envelope(chosen.channel, idempotency_key, door_key(chosen.door_key))
        receipt = asyncio.run(submit(chosen.amqp, chosen.channel, idempotency_key, body, chosen.timeout))
    except NotAccepted as error:
        print(error, file=sys.stderr)
        return error.code
    print(json.dumps({"number": receipt["number"], "pin": receipt["pin"]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
