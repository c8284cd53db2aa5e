"""How does a firm's user stand at the broker? RabbitMQ's management API is told what is wanted, as often as one likes.

An administrator's login is needed to make users. Whatever is asked here is about ``pujk-<code>`` and its queues alone.
"""

import asyncio
import base64
import hashlib
import os
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx
from chassis.refusals import Unavailable
from chassis.topology import arguments_of
from contracts.rights import NOTHING, of_firm
from contracts.topology import DEAD, firm, pujk_user

from pujk_gateway.usecases.minding import NotAsWanted

ASK_SECONDS = 10
HASHING = "rabbit_password_hashing_sha256"
#: A firm's system needs a few; one that opens without end takes nothing from the others.
LIMITS = {"max-connections": 50, "max-channels": 500}


def new_password() -> tuple[str, str]:
    """A password of 192 bits, and what the broker keeps of it: a salt of four bytes before SHA-256 of both."""
    password, salt = secrets.token_urlsafe(24), os.urandom(4)
    return password, base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


class Management:
    """``url`` carries an administrator's name and password; ``vhost`` is where firms work.

    Errors of all: Unavailable where the broker does not answer, NotAsWanted where it refuses.
    """

    def __init__(self, url: str, vhost: str) -> None:
        at = urlsplit(url)
        login = (unquote(at.username or ""), unquote(at.password or ""))
        host = at._replace(netloc=at.netloc.rpartition("@")[2]).geturl()
        self._http = httpx.AsyncClient(base_url=host.rstrip("/"), auth=login, timeout=ASK_SECONDS, trust_env=False)
        self._vhost = quote(vhost, safe="")
        self.close = self._http.aclose

    async def prepare(self, codes: Sequence[str]) -> None:
        """Queues of many firms in one import: each import costs the broker 50 ms, however little is in it."""
        await self._ask("POST", f"/api/definitions/{self._vhost}", json=_queues_of(codes))

    async def make(self, code: str, secret: str, *, anew: bool) -> None:
        has, user = of_firm(code), pujk_user(code)
        await self._ask(
            "PUT", f"/api/users/{user}", json={"password_hash": secret, "hashing_algorithm": HASHING, "tags": ""}
        )
        for limit, most in LIMITS.items():
            await self._ask("PUT", f"/api/user-limits/{user}/{limit}", json={"value": most})
        # Keys before rights: a user who may write where no key was told may write every key.
        for exchange, key in has.keys.items():
            keys = {"exchange": exchange, "write": key, "read": NOTHING}
            await self._ask("PUT", f"/api/topic-permissions/{self._vhost}/{user}", json=keys)
        rights = {"configure": has.configure, "write": has.write, "read": has.read}
        await self._ask("PUT", f"/api/permissions/{self._vhost}/{user}", json=rights)
        if anew:
            # Whatever is amiss with queues below: what the old password opened is closed.
            await self._close_connections(code)
        found = await self._queues(code)
        # Whoever looks again mends bindings, too.
        if not anew or len(found) < len(firm(code).queues):
            await self.prepare([code])
            found = await self._queues(code)
        stands = {one["name"]: one["arguments"] for one in found}
        for queue in firm(code).queues:
            wanted = arguments_of(queue, DEAD)
            if {name: stands.get(queue.name, {}).get(name) for name in wanted} != wanted:
                raise NotAsWanted(f"{queue.name} is missing, or stands with other arguments; see the runbook")

    async def remove(self, code: str) -> None:
        await self._ask("DELETE", f"/api/users/{pujk_user(code)}")
        await self._close_connections(code)
        for queue in firm(code).queues:
            await self._ask("DELETE", f"/api/queues/{self._vhost}/{quote(queue.name, safe='')}")
        if left := await self._queues(code):
            raise NotAsWanted(f"{len(left)} queues still stand")

    async def _close_connections(self, code: str) -> None:
        await self._ask("DELETE", f"/api/connections/username/{pujk_user(code)}")

    async def _queues(self, code: str) -> list[dict[str, Any]]:
        """Those of the firm that stand, without figures, which cost the broker most."""
        names = (quote(queue.name, safe="") for queue in firm(code).queues)
        asked = (self._ask("GET", f"/api/queues/{self._vhost}/{name}?disable_stats=true") for name in names)
        return [one.json() for one in await asyncio.gather(*asked) if one.status_code != httpx.codes.NOT_FOUND]

    async def _ask(self, method: str, path: str, **but: Any) -> httpx.Response:
        """Not found is an answer."""
        try:
            answer = await self._http.request(method, path, **but)
        except httpx.HTTPError as error:
            raise Unavailable(f"the broker's management does not answer: {type(error).__name__}") from error
        if answer.is_success or answer.status_code == httpx.codes.NOT_FOUND:
            return answer
        if answer.is_server_error:
            raise Unavailable(f"the broker's management answered {answer.status_code}")
        raise NotAsWanted(f"the broker answered {answer.status_code} to {method}")


def _queues_of(codes: Sequence[str]) -> dict[str, Any]:
    queues = [queue for code in codes for queue in firm(code).queues]
    return {
        "queues": [
            {"name": one.name, "durable": True, "auto_delete": False, "arguments": arguments_of(one, DEAD)}
            for one in queues
        ],
        "bindings": [
            {
                "source": binding.exchange,
                "destination": queue.name,
                "destination_type": "queue",
                "routing_key": binding.key,
                "arguments": {},
            }
            for queue in queues
            for binding in queue.bindings
        ],
    }
