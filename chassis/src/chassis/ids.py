"""How is a message named? UUIDv7: unique, and sorted by the time it was made."""

from uuid_utils import uuid7


def new_id() -> str:
    return str(uuid7())
