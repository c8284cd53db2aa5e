"""Which keys does a stack need? Made once into a private folder.

Nothing of it is for production: there the master key is a key service's.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any

from contracts.topology import CHANNELS, OWNERS, channel_user
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from slkt_local.addresses import write_private_json

# Who asks intake's key desk for a matter's key, and says so with a token of its own.
KEY_DESK_CLIENTS = ("pujk_gateway", "notifier", "tracking")
# Who asks another service with a token of its own: intake asks tracking for what is read aloud; and who is asked.
ASKERS = (*KEY_DESK_CLIENTS, "intake")
ASKED = ("intake", "tracking")
# Who reads outsiders' queues, and seals what it must put aside from them.
OUTSIDERS_DOORS = ("intake", "pujk_gateway")

Jwk = dict[str, str]
#: What travels in the environment.
NAMED = ("master_key", "number_key", "pin_key", "link_key", "people_master_key", "keep_keys")


@dataclass(frozen=True)
class Secrets:
    """Paths of key files, and the secrets that travel in the environment (base64 of 32 bytes)."""

    folder: Path
    master_key: str
    number_key: str
    pin_key: str
    #: Seals the links of mails, by which a consumer answers without a log-in.
    link_key: str
    #: Seals the authenticators' secrets of firms' people.
    people_master_key: str
    keep_keys: dict[str, str]

    @property
    def staff_keys(self) -> Path:
        """JWKS: public key of the staff issuer."""
        return self.folder / "staff.jwks"

    @property
    def staff_key(self) -> Path:
        """Private Ed25519 JWK of the staff issuer, which is intake."""
        return self.folder / "staff.jwk"

    @property
    def people_key(self) -> Path:
        """Private Ed25519 JWK of the issuer of firms' people, which is the gateway."""
        return self.folder / "people.jwk"

    @property
    def service_keys(self) -> Path:
        """JWKS: public keys of the services, `kid` = the service."""
        return self.folder / "services.jwks"

    def service_key(self, service: str) -> Path:
        """Private Ed25519 JWK."""
        return self.folder / f"{service}.jwk"

    def audit_key(self, service: str) -> Path:
        """Private Ed25519 JWK, `kid` = the service, a colon, a number."""
        return self.folder / f"{service}.audit.jwk"

    @property
    def audit_keys(self) -> Path:
        """JWKS: public keys of all services' audits, for who verifies them."""
        return self.folder / "audit.jwks"

    @property
    def door_key(self) -> Path:
        """Private X25519 JWK: what channels seal to."""
        return self.folder / "door.jwk"

    @property
    def door_public_key(self) -> Path:
        return self.folder / "door.public.jwk"

    @property
    def channels(self) -> Path:
        """Intake's list: name, broker user. What a channel proves itself with is in intake's database."""
        return self.folder / "channels.json"


def make_secrets(folder: Path, *, channels: Iterable[str] = CHANNELS) -> Secrets:
    """All keys below `folder` (0700, files 0600); what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    known_file = folder / "keys.json"
    known: dict[str, Any] = json.loads(known_file.read_text()) if known_file.exists() else _fresh_keys(folder)
    for later in ("people_master_key", "link_key"):
        known.setdefault(later, _key())
    write_private_json(known_file, known)
    if not (folder / "people.jwk").exists():
        write_private_json(folder / "people.jwk", a_signing_key("pujk-1")[0])
    _make_service_keys(folder)
    _make_audit_keys(folder)
    listed = [{"name": name, "broker_user": channel_user(name)} for name in channels]
    write_private_json(folder / "channels.json", listed)
    return Secrets(
        folder,
        **{name: known[name] for name in NAMED},
    )


def _fresh_keys(folder: Path) -> dict[str, Any]:
    staff_private, staff_public = a_signing_key("staff-1")
    write_private_json(folder / "staff.jwk", staff_private)
    write_private_json(folder / "staff.jwks", {"keys": [staff_public]})
    door_private, door_public = _door_key("door-1")
    write_private_json(folder / "door.jwk", door_private)
    write_private_json(folder / "door.public.jwk", door_public)
    secrets = {name: _key() for name in ("master_key", "number_key", "pin_key")}
    return {**secrets, "keep_keys": {name: _key() for name in OUTSIDERS_DOORS}}


def _make_service_keys(folder: Path) -> None:
    """Also for a service that asks nobody before a later release."""
    published = folder / "services.jwks"
    public: list[Jwk] = json.loads(published.read_text())["keys"] if published.exists() else []
    for service in ASKERS:
        if not (folder / f"{service}.jwk").exists():
            private, added = a_signing_key(service)
            write_private_json(folder / f"{service}.jwk", private)
            public.append(added)
    write_private_json(published, {"keys": public})


def _make_audit_keys(folder: Path) -> None:
    published = folder / "audit.jwks"
    public: list[Jwk] = json.loads(published.read_text())["keys"] if published.exists() else []
    for service in OWNERS:
        if not (folder / f"{service}.audit.jwk").exists():
            # A name is never used twice: what the key before signed is verified with that one.
            nth = 1 + sum(key["kid"].startswith(f"{service}:") for key in public)
            private, added = a_signing_key(f"{service}:{nth}")
            write_private_json(folder / f"{service}.audit.jwk", private)
            public.append(added)
    write_private_json(published, {"keys": public})


def _key() -> str:
    return base64.b64encode(token_bytes(32)).decode()


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _jwk_pair(key: Ed25519PrivateKey | X25519PrivateKey, about: Jwk) -> tuple[Jwk, Jwk]:
    public = {"kty": "OKP", **about, "x": _base64url(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}
    secret = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return {**public, "d": _base64url(secret)}, public


def a_signing_key(name: str) -> tuple[Jwk, Jwk]:
    """A new Ed25519 key, private and public."""
    return _jwk_pair(Ed25519PrivateKey.generate(), {"crv": "Ed25519", "kid": name, "use": "sig", "alg": "EdDSA"})


def _door_key(name: str) -> tuple[Jwk, Jwk]:
    about = {"crv": "X25519", "kid": name, "use": "enc", "alg": "ECDH-ES"}
    return _jwk_pair(X25519PrivateKey.generate(), about)
