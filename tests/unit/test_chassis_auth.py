"""A token opens a door only if it is whole: signed by a known key, for this service, by this issuer, and in time."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from chassis.auth import Issuer, ServiceTokens
from chassis.keys import PublishedKeys
from chassis.refusals import Unauthenticated
from chassis.sealing import b64
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW


class Signer:
    """An issuer with one key, which can also lie."""

    def __init__(self, tmp_path: Path, kid: str = "k1") -> None:
        self.key = Ed25519PrivateKey.generate()
        self.kid = kid
        public = {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": b64(self.key.public_key().public_bytes_raw())}
        self.public = tmp_path / "keys.json"
        self.public.write_text(json.dumps({"keys": [public]}))
        self.private = tmp_path / "key.json"
        self.private.write_text(json.dumps(public | {"d": b64(self.key.private_bytes_raw())}))

    def token(self, *, without: str = "", kid: str | None = None, **but: Any) -> str:
        claims = {
            "iss": "slkt-staff",
            "aud": "routing",
            "sub": "budi",
            "roles": ["cso"],
            "exp": NOW + timedelta(minutes=5),
        }
        claims |= but
        claims.pop(without, None)
        return jwt.encode(claims, self.key, algorithm="EdDSA", headers={"kid": kid or self.kid})

    def issuer(self) -> Issuer:
        return Issuer(PublishedKeys(self.public), "slkt-staff", "routing", Clock())


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": NOW - timedelta(seconds=1)},
        {"exp": NOW},
        {"exp": NOW + timedelta(minutes=11)},
        {"exp": "soon"},
        {"aud": "intake"},
        {"iss": "slkt-pujk"},
        {"kid": "another"},
        {"without": "exp"},
        {"without": "aud"},
        {"without": "iss"},
        {"without": "sub"},
    ],
    ids=str,
)
async def test_a_token_with_anything_wrong_does_not(signer: Signer, wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await signer.issuer().claims(f"Bearer {signer.token(**wrong)}")
    assert refused.value.detail == "the token is not valid here", "it never says what was wrong"


async def test_a_forged_signature_does_not(signer: Signer, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(Unauthenticated):
        await signer.issuer().claims(f"Bearer {Signer(other).token()}")


async def test_no_algorithm_and_a_shared_secret_do_not(signer: Signer) -> None:
    claims = {"iss": "slkt-staff", "aud": "routing", "sub": "budi", "exp": NOW + timedelta(minutes=5)}
    head, body, signature = signer.token().split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "k1"}).encode()).decode().rstrip("=")
    public = signer.key.public_key().public_bytes_raw()
    for token in (
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"}),
        jwt.encode(claims, public, algorithm="HS256", headers={"kid": "k1"}),
        f"{head}.{body}.{'A' * len(signature)}",
    ):
        with pytest.raises(Unauthenticated):
            await signer.issuer().claims(f"Bearer {token}")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic x", "Bearer a.b.c", "Bearer \x00", "Bearer ..", "x" * 9_000]
)
async def test_what_is_no_token_is_refused_and_breaks_nothing(signer: Signer, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await signer.issuer().claims(header)


async def test_a_service_signs_for_itself_and_for_one_other(signer: Signer) -> None:
    tokens = ServiceTokens(signer.private, "notifier", Clock())
    keys = PublishedKeys(signer.public)
    intake = Issuer(keys, "slkt-service", "intake", Clock())
    token = f"Bearer {tokens.token('intake', 'mail')}"
    claims = await intake.claims(token)
    assert (claims["sub"], claims["purpose"]) == ("notifier", "mail")
    with pytest.raises(Unauthenticated):
        await Issuer(keys, "slkt-service", "tracking", Clock()).claims(token)
    named = Issuer(keys, "slkt-service", "intake", Clock(), named_by_key=True)
    with pytest.raises(Unauthenticated):
        await named.claims(token)
    own = ServiceTokens(signer.private, signer.kid, Clock())
    assert (await named.claims(f"Bearer {own.token('intake', 'mail')}"))["sub"] == signer.kid
    lifetime = jwt.decode(token[7:], options={"verify_signature": False})
    assert lifetime["exp"] - lifetime["iat"] <= 600
