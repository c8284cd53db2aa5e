"""What do the use cases need to send a matter to LAPS SJK?"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.dossier import Dossier, DossierAttachment, Opening

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.disputes import Because


@dataclass(frozen=True)
class Contents:
    """What goes into a bundle besides the files: the case with its texts, and the dossier with the person in clear."""

    case: Case
    texts: Mapping[str, str | None]
    dossier: Dossier
    because: Because
    made_at: datetime


@dataclass(frozen=True)
class Bundle:
    """``sha256`` is that of the list of contents, ``file`` the name under which it is kept."""

    file: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Evidence:
    """A file of the matter as it stands in the bundle; without ``name`` it could not be put there."""

    attachment: DossierAttachment
    name: str | None
    sha256: str | None


class Bundles(Protocol):
    """Errors of all: Unavailable."""

    async def keep(self, contents: Contents) -> Bundle:
        """One signed archive, sealed with the matter's key. Errors: Erased."""
        ...

    async def read(self, number: str, file: str) -> AsyncIterator[bytes]:
        """Errors: NotFound, Erased."""
        ...

    async def drop(self, file: str) -> None: ...


class Opened(Protocol):
    async def dossier(
        self, number: str, *, by: str, role: str, pujk: str | None = None, opening: Opening | None = None
    ) -> Dossier:
        """Errors: NotFound, Erased, Forbidden, Unavailable."""
        ...
