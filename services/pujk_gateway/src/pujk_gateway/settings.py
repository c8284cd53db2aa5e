"""What must the gateway be told? Environment variables ``PUJK_GATEWAY_*``."""

from pathlib import Path

from chassis.settings import Key, ServiceSettings
from chassis.signing import LEAD_SECONDS
from pydantic import Field, SecretStr
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
    #: Private Ed25519 JWK, with which tokens of firms' people are signed; no other process has it.
    people_key: Path
    people_issuer: str = "slkt-pujk"
    #: A new key is published so long before it signs.
    key_lead_seconds: float = LEAD_SECONDS
    #: Seals the secrets of their authenticators.
    master_key: Key
    #: RabbitMQ's management API with an administrator's name and password: firms' users are made there.
    broker_api: SecretStr
    #: How often a worker looks whose time has come.
    clocks_every_seconds: float = Field(default=2.0, gt=0)
    #: So long the broker must have answered before a consumer is taken to have said nothing.
    steady_seconds: float = Field(default=30.0, ge=0)
    #: What stands at the broker is looked at again so often.
    firms_verify_seconds: float = 600.0
