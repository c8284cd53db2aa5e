"""How does the demo bring its submissions in? Through the real doors, many at once, each with its receipt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from slkt.demo.plan import Sent
from slkt.sending import ChannelSender, DoorKey

HTTP_AT_ONCE = 16
AMQP_AT_ONCE = 100


class Refused(RuntimeError):
    """A door refused what the sample sent; the text says which and why."""


async def send_all(stack: Mapping[str, Any], sent: list[Sent], progress: Callable[[Sent], None]) -> None:
    """Sends everything and fills in numbers and PINs. Errors: Refused; those of the connections."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        door = DoorKey((await http.get(f"{stack['services']['intake']}/door-key")).raise_for_status().json())
        channels = stack["credentials"]["channels"]
        async with (
            ChannelSender(channels["web"]["amqp"], "web", door) as web,
            ChannelSender(channels["phone"]["amqp"], "phone", door) as phone,
        ):
            doors: dict[str, Callable[[Sent], Awaitable[dict[str, Any]]]] = {
                "web/http": lambda one: _http(http, stack, one),
                "web/amqp": lambda one: web.submit(one.key, one.data),
                "phone/amqp": lambda one: phone.submit(one.key, one.data),
            }
            gates = {name: asyncio.Semaphore(HTTP_AT_ONCE if "http" in name else AMQP_AT_ONCE) for name in doors}

            async def bring(one: Sent) -> None:
                async with gates[one.door]:
                    receipt = await doors[one.door](one)
                if receipt.get("status") != "accepted":
                    raise Refused(f"{one.door} refused {one.story or one.key}: {receipt}")
                one.number, one.pin = receipt["number"], receipt["pin"]
                progress(one)

            async with asyncio.TaskGroup() as group:
                for one in sent:
                    group.create_task(bring(one))


async def _http(http: httpx.AsyncClient, stack: Mapping[str, Any], one: Sent) -> dict[str, Any]:
    response = await http.post(
        f"{stack['services']['intake']}/submissions",
        json=one.data,
        headers={"X-API-Key": stack["credentials"]["channels"]["web"]["api_key"], "Idempotency-Key": one.key},
    )
    answer: dict[str, Any] = response.json()
    return answer
