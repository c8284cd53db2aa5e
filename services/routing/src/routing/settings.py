"""What must routing be told? Environment variables ``ROUTING_*``."""

from chassis.settings import ServiceSettings
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ROUTING_")

    mongo_database: str = "routing"
