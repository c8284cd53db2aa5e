"""How is something small asked for from another house? In bounded time and size, from this address and no other."""

import asyncio
from typing import Any

import httpx

from chassis.trust import trust

SIZE_MOST = 256 * 1024
#: From the first word to the last of the answer.
FETCH_SECONDS = 3.0


class NotFetched(Exception):
    """No answer, one that is too large, or none that can be used; the text names no address."""


def client(url: str = "https:") -> httpx.AsyncClient:
    """For addresses like ``url``. No proxy from the environment, no redirect: what was set is what is asked."""
    return httpx.AsyncClient(timeout=FETCH_SECONDS, trust_env=False, follow_redirects=False, verify=trust(url))


async def fetched(http: httpx.AsyncClient, method: str, url: str, **request: Any) -> tuple[int, bytes]:
    """Status and body. Errors: NotFetched."""
    body = bytearray()
    # Nothing packed: a few bytes could unpack to many.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", **request.pop("headers", {})}
    try:
        async with asyncio.timeout(FETCH_SECONDS), http.stream(method, url, headers=headers, **request) as response:
            async for part in response.aiter_raw():
                body += part
                if len(body) > SIZE_MOST:
                    raise NotFetched(f"an answer over {SIZE_MOST} bytes")
            return response.status_code, bytes(body)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
        raise NotFetched(type(error).__name__) from error
