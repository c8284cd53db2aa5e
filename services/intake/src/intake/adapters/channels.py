"""Which channels are there, and with what do they prove themselves? A JSON list of the settings says which; digests of
their keys are in intake's own database."""

import json
from collections.abc import Sequence
from pathlib import Path

from chassis.clock import Clock
from chassis.credentials.known import Known
from chassis.database import Database

from intake.ports import KnownChannel
from intake.usecases.channels import SCOPES


def read_channels(path: Path) -> Sequence[KnownChannel]:
    """Errors: OSError, ValueError, TypeError for an entry with other fields."""
    return [KnownChannel(**one) for one in json.loads(path.read_text())]


def channel_keys(database: Database, clock: Clock) -> Known:
    return Known(database, clock, "channel", SCOPES)
