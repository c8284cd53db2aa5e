"""What is asked about before it is done? An act with its words, the address where it is asked and done, and where
*Tidak* leads. With a script the same stands in a dialog."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Ask:
    """``act`` begins the keys of its words: ``.do`` leads to it, ``.title`` asks, ``.text`` says what comes of it,
    ``.yes`` does it; ``about`` fills the title. ``field``: what must be told besides, ``value``: as it stands now.
    ``downloads``: what comes of it is a file, and the page stays. ``seen``: how it stood when it was asked about, a
    count or a ``stamp``, where it must not be done twice or to another. ``warns``: what stands in the way of doing it
    now, a key and its values."""

    act: str
    at: str
    back: str
    about: str = ""
    danger: bool = True
    field: Literal["reason", "expires"] | None = None
    value: str = ""
    downloads: bool = False
    seen: int | None = None
    warns: tuple[str, Mapping[str, object]] | None = None

    @property
    def id(self) -> str:
        """Of its dialog: one address is asked about once on a page."""
        return self.at.strip("/").replace("/", "-")


def stamp(at: datetime) -> int:
    """A moment as a form carries it back, as exactly as the database keeps it."""
    return int(at.timestamp()) * 1000 + at.microsecond // 1000
