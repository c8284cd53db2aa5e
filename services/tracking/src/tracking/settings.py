"""What must tracking be told? Environment variables ``TRACKING_*``; ``PIN_KEY`` is base64 of 32 bytes, intake's too."""

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
    model_config = SettingsConfigDict(env_prefix="TRACKING_")

    mongo_database: str = "tracking"
    pin_key: Annotated[SecretBytes, BeforeValidator(_key)]
    key_desk_url: str
    service_key: Path
    #: Look-ups a minute from one client address (one IPv6 network of /64), right and wrong together.
    tries_per_client: int = 60
    #: Wrong PINs for one number in 15 minutes, whether or not the number exists.
    tries_per_number: int = 5
