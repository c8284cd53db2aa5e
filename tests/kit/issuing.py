"""An issuer that a test makes up: keys by name, and what it publishes at an address, if anything."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from slkt_local.secrets import Jwk, a_signing_key

KEYS_URL = "http://issuer.example/staff/jwks.json"


def jwks(*public: Any) -> bytes:
    return json.dumps({"keys": list(public)}).encode()


class Publisher:
    """The address at which an issuer publishes: answers ``said``, or not at all."""

    def __init__(self, *public: Jwk) -> None:
        self.said: httpx.Response | Exception = httpx.Response(200, content=jwks(*public))
        self.asked = 0

    def publishes(self, *public: Jwk) -> None:
        self.said = httpx.Response(200, content=jwks(*public))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == KEYS_URL, "nobody is sent elsewhere"
        self.asked += 1
        if isinstance(self.said, Exception):
            raise self.said
        # A stream, as from a connection.
        return httpx.Response(self.said.status_code, stream=httpx.ByteStream(self.said.content))

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self), follow_redirects=False)


def private_set(file: Path, *private: Jwk) -> Path:
    file.write_text(json.dumps({"keys": list(private)}))
    return file


def pairs(*names: str) -> tuple[Sequence[Jwk], Sequence[Jwk]]:
    """Private and public keys of these names."""
    made = [a_signing_key(name) for name in names]
    return [private for private, _ in made], [public for _, public in made]
