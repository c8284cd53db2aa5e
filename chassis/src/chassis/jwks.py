"""Which keys may a signature be checked with? Of a published set (RFC 7517) those that are public, strong and named."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK, PyJWTError

log = logging.getLogger(__name__)

KEYS_MOST = 32
RSA_BITS_LEAST = 2048
#: What a token may be signed with, by the kind of key. Nothing symmetric, and never ``none``.
_ALGORITHMS: Mapping[tuple[str, str | None], tuple[str, ...]] = {
    ("OKP", "Ed25519"): ("EdDSA",),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("RSA", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
}
#: Members that only a private key has (RFC 7518, 6).
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True)
class PublicKey:
    """A key and the algorithms that a signature with it may name."""

    key: Any
    algorithms: tuple[str, ...]


Keys = Mapping[str, PublicKey]


def public_keys(document: bytes | str) -> Keys:
    """By ``kid``. What cannot be used is left out. Errors: ValueError where the whole cannot, or nothing is left."""
    said = json.loads(document)
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list) or len(listed) > KEYS_MOST:
        raise ValueError(f"a JWKS lists up to {KEYS_MOST} keys")
    keys = {str(jwk.get("kid", "")): found for jwk in listed if isinstance(jwk, dict) and (found := _public(jwk))}
    if not keys:
        raise ValueError("no key of the JWKS can be used")
    return keys


def _public(jwk: Mapping[str, Any]) -> PublicKey | None:
    algorithms = _ALGORITHMS.get((str(jwk.get("kty")), jwk.get("crv")), ())
    if "alg" in jwk:
        algorithms = tuple(one for one in algorithms if one == jwk["alg"])
    if not algorithms or jwk.get("use", "sig") != "sig":
        return None
    if _PRIVATE & jwk.keys():
        log.error("a published key is private, and trusted no more: replace it")
        return None
    try:
        key = PyJWK.from_dict(dict(jwk), algorithms[0]).key
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAPublicKey) and key.key_size < RSA_BITS_LEAST:
        return None
    return PublicKey(key, algorithms)
