"""What must the gateway be told? Environment variables ``PUJK_GATEWAY_*``."""

from pathlib import Path

from chassis.settings import Key, ServiceSettings
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="PUJK_GATEWAY_")

    mongo_database: str = "pujk_gateway"
    #: A firm hears of its ticket a moment later than a page can be seen.
    pace_seconds: float = 0.05
    #: Seals what outsiders sent and this service put aside.
    keep_key: Key
    #: Private Ed25519 JWK, with which this service signs its tokens for the key desk.
    service_key: Path
    key_desk_url: str
    #: Where firms reach this service from outside; notices link there.
    public_url: str
    endpoints_every_seconds: float = 2.0
