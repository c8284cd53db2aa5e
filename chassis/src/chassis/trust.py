"""Whom does one who asks over HTTP trust? The known authorities, read once a process, and only where TLS is spoken.

A client of httpx reads them all whenever one is made: 50 ms of a processor each time, also for ``http:`` addresses.
"""

import ssl
from functools import cache

import httpx


def trust(url: str) -> ssl.SSLContext:
    """For a client's ``verify``, by the address it asks."""
    return _authorities() if url.startswith("https:") else _nobody()


@cache
def _authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@cache
def _nobody() -> ssl.SSLContext:
    """Should TLS be spoken all the same, no certificate is good enough."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
