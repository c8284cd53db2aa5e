"""How does a test with a browser wait? In another thread: a browser's own runs no other event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kit.running import eventually


def waits(check: Callable[[], Awaitable[Any]] | Callable[[], Any], what: str) -> Any:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, eventually(check, what)).result()
