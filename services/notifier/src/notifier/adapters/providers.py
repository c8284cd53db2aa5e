"""How does a message leave through a provider of SMS, WhatsApp or push? By Apprise, as an address that the operator
sets; it is synchronous, so each way has threads of its own, and one that hangs keeps nobody else waiting."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from apprise import Apprise

from notifier.domain.mails import Way
from notifier.ports import Letter

#: Where the address of a provider names whom it goes to.
TO = "{to}"
THREADS = 8
#: What is asked of a provider's address at the start.
SAMPLE = "+6281200000000"
# They name addresses, numbers and secrets in their logs; what came of a try, the chassis says.
for library in ("apprise", "urllib3", "requests_oauthlib", "oauthlib"):
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)


class NotTaken(Exception):
    """The provider is away, refused it, or is too slow: the try counts, and comes again later."""


class Provider:
    """One way through one provider; ``template`` is an Apprise URL with ``{to}``. Errors: ValueError for one that is
    none, which is not repeated, for it holds a secret."""

    def __init__(self, way: Way, template: str) -> None:
        if TO not in template or Apprise.instantiate(_address(template, SAMPLE)) is None:
            raise ValueError(f"the provider of {way} must be an Apprise URL that holds {TO}")
        self._template = template
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=way)

    async def send(self, letter: Letter) -> None:
        """Errors: NotTaken."""
        loop = asyncio.get_running_loop()
        url = _address(self._template, letter.to.address)
        if not await loop.run_in_executor(self._threads, _handed_over, url, letter.body):
            raise NotTaken

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _address(template: str, to: str) -> str:
    return template.replace(TO, quote(to, safe=""))


def _handed_over(url: str, body: str) -> bool:
    """In a thread; connecting and reading end after 4 s each, unless the URL says otherwise."""
    provider = Apprise()
    return provider.add(url) and bool(provider.notify(body=body))
