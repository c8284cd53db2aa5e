"""What does every service need to be told? Typed, from the environment, with no default for a secret."""

from base64 import b64decode
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretBytes, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _key(text: object) -> bytes:
    raw = b64decode(str(text), validate=True)
    if len(raw) != 32:
        raise ValueError(f"a key is base64 of 32 bytes; this one holds {len(raw)}")
    return raw


#: A secret key: base64 of 32 bytes in the environment, bytes here.
Key = Annotated[SecretBytes, BeforeValidator(_key)]


class ServiceSettings(BaseSettings):
    """Settings that all services share; a service's own class adds to them and names its prefix."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    mongo_url: SecretStr
    mongo_database: str
    amqp_url: SecretStr
    http_host: str = "127.0.0.1"
    http_port: int
    ops_host: str = "127.0.0.1"
    ops_port: int
    log_level: str = "INFO"
    #: Where the public keys of the issuer of staff tokens are: an address, a file (JWKS), or both, separated by a
    #: space: then the file holds until the address answered once.
    staff_keys: str
    staff_issuer: str = "slkt-staff"
    #: Folder for what was last fetched of issuers' keys: a start without the issuer begins with it.
    keys_folder: Path | None = None
    #: How often keys are asked for again, or read again where they are in a file.
    keys_seconds: float = 60.0
    #: Private Ed25519 JWK that signs this service's audit; its ``kid`` begins with the service's name and a colon.
    audit_key: Path
    #: Folder outside the database's reach for the signed roots of the audit; they stand in the log in any case.
    audit_roots: Path | None = None
    #: How often a root is signed within a day: what came since the last one can be cut off unseen.
    audit_roots_seconds: Annotated[float, Field(ge=1, le=86_400)] = 300.0
    example_data: bool = False
    #: Proxies whose ``X-Forwarded-For`` is believed: addresses, networks, or ``*`` where only they reach the port.
    trusted_proxies: str = ""
    #: Whether browsers reach the pages by TLS only; then they are told never to come without it again.
    behind_tls: bool = False
    #: Share of traces that are recorded; the trace context is carried on in any case.
    trace_ratio: float = 0.05
    #: OTLP/HTTP collector; without it spans are recorded nowhere.
    trace_endpoint: str | None = None
    #: Local file that spans are written to, one JSON object a line, where there is no collector.
    trace_file: Path | None = None
    prefetch: int = 200
    outsider_prefetch: int = 50
    unsent_alarm_seconds: float = 60.0
    lease_seconds: float = 15.0
    #: Two batches of what nobody outside waits for begin so far apart at least: fewer, larger, cheaper.
    pace_seconds: float = 0.0
    drain_seconds: float = 30.0
