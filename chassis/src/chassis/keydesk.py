"""How does a worker or page read what is sealed? It asks intake's key desk for matters' keys, in batches, and keeps
them in memory for five minutes at most."""

import asyncio
from time import monotonic

import httpx

from chassis.auth import ServiceTokens
from chassis.refusals import Unavailable
from chassis.sealing import SECRET_BYTES, unb64, unseal
from chassis.trust import trust

KEPT_SECONDS = 300
#: As many as are needed again soon: of a matter's mails the second follows the first within seconds.
KEPT_MOST = 5_000
AT_ONCE = 200
GATHER_SECONDS = 0.005
#: Between the beginnings of two requests: whoever asks for many keys one by one is answered in batches.
PACE_SECONDS = 0.1


class KeyDestroyed(Exception):
    """The matter was forgotten: nothing of it can be read any more."""


class KeyDesk:
    """Keys by number. Those asked for at the same time go in one request."""

    def __init__(self, base_url: str, tokens: ServiceTokens, purpose: str) -> None:
        # No proxy from the environment: keys go to intake and nowhere else.
        self._http = httpx.AsyncClient(base_url=base_url, timeout=10, trust_env=False, verify=trust(base_url))
        self._tokens = tokens
        self._purpose = purpose
        #: The first is the oldest.
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._forgetting: asyncio.TimerHandle | None = None
        self._wanted: dict[str, asyncio.Future[bytes]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._asked_at = 0.0

    async def unsealed(self, sealed: str, number: str) -> str:
        """Errors: KeyDestroyed, Unavailable, SealBroken."""
        return unseal(sealed, await self.key(number), number)

    async def key(self, number: str) -> bytes:
        """Errors: KeyDestroyed, Unavailable."""
        kept = self._kept.get(number)
        if kept and kept[0] > monotonic():
            return kept[1]
        wanted = self._wanted.get(number)
        if wanted is None:
            wanted = self._wanted[number] = asyncio.get_running_loop().create_future()
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(wanted)

    async def _ask(self) -> None:
        while self._wanted:
            if len(self._wanted) < AT_ONCE:
                await asyncio.sleep(max(GATHER_SECONDS, self._asked_at + PACE_SECONDS - monotonic()))
            self._asked_at = monotonic()
            numbers = list(self._wanted)[:AT_ONCE]
            asked = {number: self._wanted.pop(number) for number in numbers}
            try:
                keys = await self._request(numbers)
            except Exception as error:
                for future in asked.values():
                    _fail(future, Unavailable(type(error).__name__))
                continue
            for number, future in asked.items():
                self._answer(number, future, keys.get(number))

    async def _request(self, numbers: list[str]) -> dict[str, bytes]:
        response = await self._http.post(
            "/keys",
            json={"numbers": numbers},
            headers={"Authorization": f"Bearer {self._tokens.token('intake', self._purpose)}"},
        )
        response.raise_for_status()
        answer: dict[str, dict[str, str]] = response.json()
        keys = {number: unb64(key) for number, key in answer["keys"].items()}
        if any(len(key) != SECRET_BYTES for key in keys.values()):
            raise ValueError(f"a matter's key has {SECRET_BYTES} bytes")
        return keys

    def _answer(self, number: str, future: asyncio.Future[bytes], key: bytes | None) -> None:
        if key is None:
            _fail(future, KeyDestroyed(number))
            return
        while len(self._kept) >= KEPT_MOST:
            del self._kept[next(iter(self._kept))]
        self._kept.pop(number, None)
        self._kept[number] = (monotonic() + KEPT_SECONDS, key)
        if self._forgetting is None:
            self._forget()
        future.set_result(key)

    def _forget(self) -> None:
        """Not only unused but gone: a destroyed key must not stay in memory until somebody asks for it."""
        while self._kept:
            number, (until, _) = next(iter(self._kept.items()))
            if (left := until - monotonic()) > 0:
                self._forgetting = asyncio.get_running_loop().call_later(left, self._forget)
                return
            del self._kept[number]
        self._forgetting = None

    async def close(self) -> None:
        if self._forgetting is not None:
            self._forgetting.cancel()
        if self._asking is not None:
            await self._asking
        await self._http.aclose()


def _fail(future: asyncio.Future[bytes], error: Exception) -> None:
    future.set_exception(error)
    # Marked as seen: whoever asked may have gone.
    future.exception()
