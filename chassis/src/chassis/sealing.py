"""How is what is private kept unreadable? Sealed with the matter's key, which only intake holds and can destroy.

A matter has one secret of 32 bytes. From it come an X25519 key pair (anyone may seal *to* the public half, nobody but
the holder of the secret can open) and a key of its holder's own. Sealed is AES-256-GCM in base64url, bound to the
matter's number. ``1.``: an ephemeral public key, then the ciphertext under HKDF-SHA256 of the agreed secret. ``2.``,
which only the holder can make, at a sixth of the cost: a nonce, then the ciphertext under the holder's key.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
_NONCE_BYTES = 12
_PUBLIC_BYTES = 32


class SealBroken(Exception):
    """The sealed text was changed, or belongs to another matter or key."""


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_secret() -> bytes:
    return os.urandom(SECRET_BYTES)


def public_half(secret: bytes) -> str:
    """The key anyone may seal to, base64url."""
    return b64(X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw())


def seal(text: str, public: str, number: str) -> str:
    """Seals ``text`` to the matter ``number``; every sealing differs. Errors: ValueError for a malformed key."""
    ephemeral = X25519PrivateKey.generate()
    agreed = ephemeral.exchange(X25519PublicKey.from_public_bytes(unb64(public)))
    sender = ephemeral.public_key().public_bytes_raw()
    # The key is used once, so the nonce may be fixed.
    ciphertext = AESGCM(_derived(agreed, sender)).encrypt(bytes(_NONCE_BYTES), text.encode(), number.encode())
    return f"1.{b64(sender + ciphertext)}"


def seal_as_holder(text: str, secret: bytes, number: str) -> str:
    """Seals ``text`` for whoever holds the matter's secret, by one who holds it."""
    nonce = os.urandom(_NONCE_BYTES)
    return f"2.{b64(nonce + AESGCM(_own(secret)).encrypt(nonce, text.encode(), number.encode()))}"


def unseal(sealed: str, secret: bytes, number: str) -> str:
    """Errors: SealBroken."""
    try:
        version, _, payload = sealed.partition(".")
        raw = unb64(payload)
        if version == "2" and len(raw) > _NONCE_BYTES:
            nonce, ciphertext = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            return AESGCM(_own(secret)).decrypt(nonce, ciphertext, number.encode()).decode()
        if version != "1" or len(raw) <= _PUBLIC_BYTES:
            raise SealBroken("not a sealed text of a known version")
        sender, ciphertext = raw[:_PUBLIC_BYTES], raw[_PUBLIC_BYTES:]
        agreed = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(sender))
        return AESGCM(_derived(agreed, sender)).decrypt(bytes(_NONCE_BYTES), ciphertext, number.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal does not open with this matter's key") from error


def _own(secret: bytes) -> bytes:
    return hmac.digest(secret, b"slkt seal v2", "sha256")


def _derived(agreed: bytes, sender: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=sender, info=b"slkt seal v1").derive(agreed)


class Vault:
    """Keeps bytes under one symmetric key: wrapped matter secrets, and outsiders' bodies put aside."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError(f"a vault key has 32 bytes, this one has {len(key)}")
        self._cipher = AESGCM(key)
        self._digest_key = hmac.digest(key, b"slkt digests", "sha256")

    def seal(self, data: bytes, bound_to: str = "") -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, bound_to.encode())

    def digest(self, data: bytes) -> str:
        """The same bytes, the same digest; without the key nothing can be guessed and found again."""
        return hmac.digest(self._digest_key, data, "sha256").hex()

    def open(self, data: bytes, bound_to: str = "") -> bytes:
        """Errors: SealBroken."""
        try:
            return self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the kept bytes do not open with this key") from error
