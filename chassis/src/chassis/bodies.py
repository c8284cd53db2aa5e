"""How is a request's body taken? Whole, within a limit and a time, before anything reads it."""

import asyncio

from starlette.types import Message, Receive

from chassis.limits import BODY_SECONDS, MAX_BODY_BYTES
from chassis.refusals import TooLarge, TooSlow


async def whole_body(receive: Receive) -> Message:
    """The request's body as one message. Errors: TooLarge, TooSlow.

    Of a body over the limit nothing is kept, and the rest is taken in before it is refused, as far as the connection
    goes on with it: whoever is answered while sending may never see the answer, or take the next one for it.
    """
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return message
                part = message.get("body", b"")
                size += len(part)
                if size > MAX_BODY_BYTES:
                    body.clear()
                else:
                    body += part
                if not message.get("more_body"):
                    break
    except TimeoutError as error:
        raise TooSlow(f"the body did not arrive within {BODY_SECONDS:g} seconds") from error
    if size > MAX_BODY_BYTES:
        raise TooLarge(f"this door takes {MAX_BODY_BYTES} bytes, and {size} came")
    return {"type": "http.request", "body": bytes(body), "more_body": False}


def replay(first: Message, receive: Receive) -> Receive:
    """Gives back what was taken, then what comes after it."""
    waiting = [first]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
