"""How does intake seal and open? With the matter's own secret, which is kept wrapped by the master key; and with the
door key, to which channels seal what they send."""

import json
from pathlib import Path
from typing import Any

from chassis.refusals import Invalid
from chassis.sealing import Vault
from joserfc import jwe
from joserfc.jwk import OKPKey

from chassis import sealing

_ALGORITHMS = ["ECDH-ES", "A256GCM"]


class DoorKey:
    """The X25519 key of intake's door; its public half is for everybody."""

    def __init__(self, path: Path) -> None:
        self._key = OKPKey.import_key(json.loads(path.read_text()))

    @property
    def public(self) -> dict[str, str]:
        found = self._key.as_dict(private=False)
        return {name: str(found[name]) for name in ("kty", "crv", "x", "kid") if name in found}

    def open(self, sealed: str) -> bytes:
        """Errors: whatever the library raises at what does not open."""
        plain = jwe.decrypt_compact(sealed, self._key, algorithms=_ALGORITHMS).plaintext
        if plain is None:
            raise ValueError("nothing in it")
        return plain


class IntakeSeals:
    """All that intake does with keys."""

    def __init__(self, master: Vault, door: DoorKey) -> None:
        self._master = master
        self._door = door

    def open_door(self, sealed: str) -> dict[str, Any]:
        try:
            found = json.loads(self._door.open(sealed))
        except Exception as error:
            # A hostile header makes the library raise almost anything.
            expected = "a JWE in compact form (ECDH-ES, A256GCM) made with the key of GET /door-key"
            problem = {"field": "sealed", "came": "something that does not open", "expected": expected}
            raise Invalid("what was sealed does not open", problems=[problem]) from error
        if not isinstance(found, dict):
            problem = {"field": "sealed", "came": type(found).__name__, "expected": "a JSON object, the 'private' part"}
            raise Invalid("what was sealed is no object", problems=[problem])
        return found

    def seal_new(self, private: str, number: str) -> tuple[str, str, bytes]:
        secret = sealing.new_secret()
        public = sealing.public_half(secret)
        return sealing.seal_as_holder(private, secret, number), public, self._master.seal(secret, number)

    def seal(self, text: str, seal_key: str, number: str) -> str:
        return sealing.seal(text, seal_key, number)

    def unseal(self, sealed: str, wrapped: bytes, number: str) -> str:
        return sealing.unseal(sealed, self.unwrap(wrapped, number), number)

    def unwrap(self, wrapped: bytes, number: str) -> bytes:
        """Errors: SealBroken where the master key is another one."""
        return self._master.open(wrapped, number)
