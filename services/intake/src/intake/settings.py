"""What must intake be told? Environment variables ``INTAKE_*``; keys are base64 of 32 bytes."""

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


Key = Annotated[SecretBytes, BeforeValidator(_key)]


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="INTAKE_")

    mongo_database: str = "intake"
    service_keys: Path
    channels: Path
    door_key: Path
    master_key: Key
    keep_key: Key
    number_key: Key
    pin_key: Key
