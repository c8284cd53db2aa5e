"""What must routing be told? Environment variables ``ROUTING_*``."""

from chassis.settings import ServiceSettings
from pydantic import Field
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ROUTING_")

    mongo_database: str = "routing"
    #: How often a worker looks whose time has come.
    clocks_every_seconds: float = Field(default=2.0, gt=0)
    #: So long the broker must have answered before anybody is told to be late.
    steady_seconds: float = Field(default=30.0, ge=0)
    #: How often one address may look for a firm within a minute. Intake asks for all consumers who have no script.
    finds_per_client: int = Field(default=1_200, ge=1)
