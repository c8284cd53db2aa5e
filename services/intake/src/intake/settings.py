"""What must intake be told? Environment variables ``INTAKE_*``; keys are base64 of 32 bytes."""

from pathlib import Path

from chassis.people.settings import StaffIssuerSettings
from chassis.settings import Key
from pydantic_settings import SettingsConfigDict


class Settings(StaffIssuerSettings):
    model_config = SettingsConfigDict(env_prefix="INTAKE_")

    mongo_database: str = "intake"
    #: Others hear what this service says; what they say to it can wait for the next write.
    pace_seconds: float = 0.1
    service_keys: Path
    channels: Path
    door_key: Path
    keep_key: Key
    number_key: Key
    pin_key: Key
