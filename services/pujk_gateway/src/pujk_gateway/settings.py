"""What must the gateway be told? Environment variables ``PUJK_GATEWAY_*``."""

from base64 import b64decode
from pathlib import Path
from typing import Annotated

from chassis.settings import ServiceSettings
from pydantic import BeforeValidator, SecretBytes
from pydantic_settings import SettingsConfigDict


def _key(text: object) -> bytes:
    raw = b64decode(str(text), validate=True)
    if len(raw) != 32:
        raise ValueError(f"a key is base64 of 32 bytes; this one holds {len(raw)}")
    return raw


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="PUJK_GATEWAY_")

    mongo_database: str = "pujk_gateway"
    #: Seals what outsiders sent and this service put aside.
    keep_key: Annotated[SecretBytes, BeforeValidator(_key)]
    #: Private Ed25519 JWK, with which this service signs its tokens for the key desk.
    service_key: Path
    key_desk_url: str
    #: Where firms reach this service from outside; notices link there.
    public_url: str
    endpoints_every_seconds: float = 2.0
