"""What do the stories of ``/lapor`` need from outside, beside what all stories of intake need?"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from intake.bringing.draft import Draft, Meant


class Drafts(Protocol):
    """What consumers have filled in, by the secret of their browser. Errors of all: DraftEnded, Unavailable."""

    def id_of(self, token: str) -> str: ...

    def file_secret(self, token: str) -> bytes:
        """Of 32 bytes: what the draft's files are sealed with."""
        ...

    async def begin(self, token: str, draft: Draft) -> None: ...

    async def get(self, token: str) -> tuple[Draft, datetime]:
        """With the moment at which it ends."""
        ...

    async def change(self, token: str, change: Callable[[Draft], Draft]) -> Draft:
        """``change`` may run again after a lost race."""
        ...

    async def drop(self, token: str) -> None: ...


class Directory(Protocol):
    async def __call__(self, typed: str, chosen: str) -> Meant:
        """Which firm is meant by what was typed, and by the code that was chosen, if any."""
        ...
