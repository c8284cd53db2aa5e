"""What must intake be told? Environment variables ``INTAKE_*``; keys are base64 of 32 bytes."""

from pathlib import Path

from chassis.settings import Key, ServiceSettings
from chassis.signing import LEAD_SECONDS
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="INTAKE_")

    mongo_database: str = "intake"
    #: Its own are known here.
    staff_keys: str = ""
    #: Others hear what this service says; what they say to it can wait for the next write.
    pace_seconds: float = 0.1
    service_keys: Path
    channels: Path
    door_key: Path
    #: Private Ed25519 keys, with which tokens of staff are signed: a JWK, a JWKS, or a folder of them.
    staff_key: Path
    #: A new key is published so long before it signs: many times as long as others take to ask again.
    key_lead_seconds: float = LEAD_SECONDS
    master_key: Key
    keep_key: Key
    number_key: Key
    pin_key: Key
