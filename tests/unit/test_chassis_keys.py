"""A service knows its issuer's keys while the issuer is away, and takes nothing for a key that is none."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.jwks import public_keys
from chassis.keys import PublishedKeys
from chassis.refusals import Unavailable
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from kit.issuing import KEYS_URL, Publisher, jwks, pairs

from chassis import keys as module

(ONE, TWO) = pairs("one", "two")[1]
PRIVATE = pairs("private")[0][0]


@pytest.fixture
def publisher() -> Publisher:
    return Publisher(ONE)


class Reader:
    """Services that start one after another on the same disk."""

    def __init__(self, publisher: Publisher, folder: Path) -> None:
        self.publisher, self.folder = publisher, folder
        self._made: list[PublishedKeys] = []

    def starts(self, places: str | Path = KEYS_URL) -> PublishedKeys:
        made = PublishedKeys(places, self.folder)
        made._http = self.publisher.client()
        self._made.append(made)
        return made

    async def close(self) -> None:
        for made in self._made:
            await made.close()


@pytest.fixture
async def reader(publisher: Publisher, tmp_path: Path) -> AsyncIterator[Reader]:
    made = Reader(publisher, tmp_path / "kept")
    yield made
    await made.close()


async def test_a_key_is_asked_for_when_a_token_names_it_and_kept_for_a_start_without_the_issuer(
    reader: Reader, publisher: Publisher
) -> None:
    assert await reader.starts().key("one")
    [kept] = reader.folder.iterdir()
    assert (kept.stat().st_mode & 0o777, reader.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    publisher.said = httpx.ConnectError("away")
    assert await reader.starts().key("one")


async def test_nothing_is_known_where_there_is_no_issuer_and_nothing_on_disk(
    reader: Reader, publisher: Publisher
) -> None:
    publisher.said = httpx.ConnectTimeout("away")
    keys = reader.starts()
    with pytest.raises(Unavailable):
        await keys.key("one")


async def test_who_names_keys_that_nobody_has_makes_nobody_ask_at_each_of_them(
    reader: Reader, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = reader.starts()
    for nth in range(50):
        assert await keys.key(f"made-up-{nth}") is None
    assert publisher.asked == 1
    monkeypatch.setattr(module, "AT_ONCE_SECONDS", 0.0)
    publisher.publishes(ONE, TWO)
    assert await keys.key("two"), "a new key is found at the first token that names it"


async def test_a_key_that_is_published_no_more_is_trusted_no_more(reader: Reader, publisher: Publisher) -> None:
    keys = reader.starts()
    assert await keys.key("one")
    publisher.publishes(TWO)
    await keys.ask()
    assert await keys.key("one") is None
    assert await reader.starts().key("one") is None, "nor after a start"


BROKEN: dict[str, Any] = {
    "not there": httpx.Response(404, content=jwks(TWO)),
    "elsewhere": httpx.Response(302, headers={"Location": "http://other.example/keys"}),
    "too large": httpx.Response(200, content=jwks(TWO) + b" " * 300_000),
    "no JSON": httpx.Response(200, content=b"<html>"),
    "no set": httpx.Response(200, content=b"[]"),
    "nothing in it": httpx.Response(200, content=jwks()),
    "too many": httpx.Response(200, content=jwks(*[TWO] * 40)),
    "private": httpx.Response(200, content=jwks(PRIVATE)),
    "symmetric": httpx.Response(200, content=jwks({"kty": "oct", "kid": "two", "k": "AAAA"})),
    "away": httpx.ReadTimeout("slow"),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_answer_replaces_no_good_keys(reader: Reader, publisher: Publisher, answer: Any) -> None:
    keys = reader.starts()
    assert await keys.key("one")
    publisher.said = answer
    await keys.ask()
    assert await keys.key("one") and not await keys.key("two")
    assert await reader.starts().key("one"), "nor those on disk"


async def test_a_file_holds_until_the_address_answered_once(
    reader: Reader, publisher: Publisher, tmp_path: Path
) -> None:
    file = tmp_path / "first.jwks"
    file.write_bytes(jwks(ONE))
    publisher.said = httpx.ConnectError("away")
    keys = reader.starts(f"{KEYS_URL} {file}")
    assert await keys.key("one")
    publisher.publishes(TWO)
    await keys.ask()
    assert await keys.key("two") and not await keys.key("one")
    assert not await reader.starts(f"{KEYS_URL} {file}").key("one"), "what was fetched is newer than the file"


async def test_a_file_alone_is_read_again(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "services.jwks"
    file.write_bytes(jwks(ONE))
    keys = reader.starts(file)
    file.write_bytes(jwks(ONE, TWO))
    assert await keys.key("two")
    file.write_bytes(b"{")
    await keys.ask()
    assert await keys.key("two")


async def test_a_cache_that_was_harmed_is_nothing_that_stops_a_start(reader: Reader, publisher: Publisher) -> None:
    assert await reader.starts().key("one")
    [kept] = reader.folder.iterdir()
    kept.write_bytes(b"\x00")
    keys = reader.starts()
    assert await keys.key("one")
    assert json.loads(kept.read_bytes())["keys"] == [ONE]


def test_a_place_that_cannot_be_one_is_refused_at_the_start(tmp_path: Path) -> None:
    for places in ("", "http://a.example/k http://b.example/k", f"{tmp_path}/a {tmp_path}/b"):
        with pytest.raises(ValueError, match="keys are found"):
            PublishedKeys(places)
    with pytest.raises(FileNotFoundError):
        PublishedKeys(tmp_path / "nowhere.jwks")


def test_a_set_gives_the_keys_that_a_token_may_be_signed_with_and_says_with_which_algorithm() -> None:
    strong, weak = (rsa.generate_private_key(65537, bits).public_key() for bits in (2048, 1024))
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    as_rsa, as_ec = (RSAAlgorithm.to_jwk(strong, as_dict=True), ECAlgorithm.to_jwk(curve, as_dict=True))
    found = public_keys(
        jwks(
            ONE,
            as_rsa | {"kid": "rsa"},
            as_rsa | {"kid": "ps256", "alg": "PS256"},
            as_rsa | {"kid": "mixed", "alg": "ES256"},
            as_rsa | {"kid": "enc", "use": "enc"},
            RSAAlgorithm.to_jwk(weak, as_dict=True) | {"kid": "weak"},
            as_ec | {"kid": "ec"},
            {"kty": "OKP", "crv": "X25519", "kid": "x", "x": "AAAA"},
            {"kty": "OKP", "crv": "Ed25519", "kid": "half", "x": "AAAA"},
        )
    )
    assert {name: one.algorithms for name, one in found.items()} == {
        "one": ("EdDSA",),
        "rsa": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
        "ps256": ("PS256",),
        "ec": ("ES256",),
    }
