"""How is a message named? UUIDv7: unique, and sorted by the time it was made."""

import os

from uuid_utils import uuid7


def new_id() -> str:
    return str(uuid7())


def drawn_id() -> str:
    """128 random bits, in hex: for what must not be guessed, and never comes twice."""
    return os.urandom(16).hex()
