"""What must intake be told? Environment variables ``INTAKE_*``; keys are base64 of 32 bytes."""

from pathlib import Path
from typing import Literal

from chassis.limits import ROOM_BYTES
from chassis.people.settings import StaffIssuerSettings
from chassis.settings import Key
from pydantic import Field
from pydantic_settings import SettingsConfigDict


class Settings(StaffIssuerSettings):
    model_config = SettingsConfigDict(env_prefix="INTAKE_")

    mongo_database: str = "intake"
    #: Others hear what this service says; what they say to it can wait for the next write.
    pace_seconds: float = 0.1
    service_keys: Path
    #: Its own, to ask tracking how a matter stands.
    service_key: Path
    tracking_url: str
    channels: Path
    door_key: Path
    keep_key: Key
    number_key: Key
    pin_key: Key
    #: Seals mails' links; the notifier's and tracking's too.
    link_key: Key
    #: Bytes of one file; files and bytes of one matter.
    attachment_bytes: int = Field(default=10 * 2**20, ge=1, le=ROOM_BYTES - 2**20)
    attachments_most: int = Field(default=20, ge=1, le=200)
    attachments_bytes: int = Field(default=50 * 2**20, ge=1)
    #: How long the address of a file is good.
    link_seconds: int = Field(default=600, ge=60, le=900)
    #: Routing, which knows firms as people write them; without it a name goes on as it was typed.
    directory_url: str | None = None
    #: Ways beside mail and phone to be told by: those for which the notifier has a provider. Others are not offered.
    senders: tuple[Literal["sms", "whatsapp"], ...] = ()
    #: How long what is filled in at /lapor is kept.
    draft_days: int = Field(default=7, ge=1, le=30)
    #: How often one address may send a form of /lapor within ten minutes: a village shares one.
    forms_per_client: int = Field(default=600, ge=1)
    #: Nobody fills in five steps in so little time: who seems to is asked to press once more.
    person_seconds: float = Field(default=3.0, ge=0, le=60)
    #: clamd: ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``; without it files are shown as not scanned.
    clamd: str | None = Field(default=None, pattern=r"^(tcp://[^/:]+:[0-9]+|unix:///.+)$")
