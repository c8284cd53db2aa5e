"""What must tracking be told? Environment variables ``TRACKING_*``; ``PIN_KEY`` is base64 of 32 bytes, intake's too;
``LINK_KEY`` alike, the notifier's too."""

from pathlib import Path
from typing import Annotated, Literal

from chassis.settings import Key, ServiceSettings
from pydantic import Field
from pydantic_settings import SettingsConfigDict


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="TRACKING_")

    mongo_database: str = "tracking"
    pin_key: Key
    link_key: Key
    key_desk_url: str
    service_key: Path
    #: JWKS with the public keys of the services; intake asks how a matter stands.
    service_keys: Path
    #: Look-ups a minute from one client address (one IPv6 network of /64), right and wrong together.
    tries_per_client: int = 60
    #: Wrong PINs for one number in 15 minutes, whether or not the number exists.
    tries_per_number: int = 5
    #: Ways beside mail to be told by: those for which the notifier has a provider. Others are not offered.
    senders: tuple[Literal["sms", "whatsapp"], ...] = ()
    #: The root of all chains is signed each so many seconds, counted from midnight in Jakarta; it divides a day.
    receipt_roots_seconds: Annotated[int, Field(ge=60, le=86_400)] = 86_400
