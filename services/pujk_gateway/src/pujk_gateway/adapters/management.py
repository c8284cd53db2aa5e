"""How does a firm's user stand at the broker? RabbitMQ's management API is told what is wanted, as often as one likes.

An administrator's login is needed to make users. Whatever is asked here is about ``pujk-<code>`` and its queues alone.
"""

import base64
import hashlib
import os
import secrets
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
        self._name, self._vhost = vhost, quote(vhost, safe="")
        self.close = self._http.aclose

    async def make(self, code: str, secret: str, *, anew: bool) -> None:
        await self._ask("POST", "/api/definitions", json=self._definitions(code, secret))
        stands = {one["name"]: one["arguments"] for one in await self._queues(code)}
        for queue in firm(code).queues:
            wanted = arguments_of(queue, DEAD)
            found = {name: stands.get(queue.name, {}).get(name) for name in wanted}
            if found != wanted:
                raise NotAsWanted(f"{queue.name} is missing, or stands with other arguments; see the runbook")
        if anew:
            await self._close_connections(code)

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
        """Those of the firm that stand."""
        found = []
        for queue in firm(code).queues:
            answer = await self._ask("GET", f"/api/queues/{self._vhost}/{quote(queue.name, safe='')}")
            if answer.status_code != httpx.codes.NOT_FOUND:
                found.append(answer.json())
        return found

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

    def _definitions(self, code: str, secret: str) -> dict[str, Any]:
        user, vhost, has = pujk_user(code), self._name, of_firm(code)
        queues = firm(code).queues
        return {
            "users": [{"name": user, "password_hash": secret, "hashing_algorithm": HASHING, "tags": ""}],
            "permissions": [
                {"user": user, "vhost": vhost, "configure": has.configure, "write": has.write, "read": has.read}
            ],
            "topic_permissions": [
                {"user": user, "vhost": vhost, "exchange": exchange, "write": key, "read": NOTHING}
                for exchange, key in has.keys.items()
            ],
            "queues": [
                {
                    "name": queue.name,
                    "vhost": vhost,
                    "durable": True,
                    "auto_delete": False,
                    "arguments": arguments_of(queue, DEAD),
                }
                for queue in queues
            ],
            "bindings": [
                {
                    "source": binding.exchange,
                    "vhost": vhost,
                    "destination": queue.name,
                    "destination_type": "queue",
                    "routing_key": binding.key,
                    "arguments": {},
                }
                for queue in queues
                for binding in queue.bindings
            ],
        }
