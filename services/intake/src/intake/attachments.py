"""Which files may a matter hold, and what becomes of each? Kinds that people need as evidence and that run nothing; few
and small enough; and what a scan found in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

By = Literal["consumer", "pujk", "ojk"]
Scan = Literal["waiting", "clean", "infected", "not-scanned"]

_OFFICE = "application/vnd.openxmlformats-officedocument"
#: What a file may be, by its content, and how its name ends then.
KINDS: dict[str, str] = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heic": ".heic",
    "image/webp": ".webp",
    "text/plain": ".txt",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
}
#: Other endings that the same content may have.
ALSO = {".jpg": (".jpeg", ".jpe", ".jfif"), ".heic": (".heif",), ".txt": (".csv", ".log", ".md", ".text")}
NAME_MOST = 120
INFECTED = "infected"
#: 5 s, 10 s, 20 s, … up to an hour between tries of a scan: a scanner that fails at one file is asked for a day.
SCANS_MOST = 30
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)


class AttachmentRefused(Exception):
    """A file that the matter does not take. ``extra`` says what came and how much would do."""

    def __init__(self, detail: str, **extra: int | str) -> None:
        super().__init__(detail)
        self.extra = extra


class AttachmentTooLarge(AttachmentRefused):
    """One file is too large."""


class AttachmentEmpty(AttachmentRefused):
    """Nothing came."""


class AttachmentKind(AttachmentRefused):
    """By its content it is of a kind that is not taken."""


class AttachmentActs(AttachmentRefused):
    """It would run something where it is opened, brings other files along, or cannot be looked into."""


class AttachmentsFull(AttachmentRefused):
    """The matter holds as many files, or as many bytes, as it may."""


class AttachmentClosed(AttachmentRefused):
    """The file may not be opened: something was found in it, or nobody has looked yet."""

    page = (409, "file.closed")


class LinkWrong(Exception):
    """An address that intake did not make."""

    page = (404, "file.wrong")


class LinkEnded(Exception):
    """An address whose time is over."""

    page = (410, "file.ended")


@dataclass(frozen=True)
class Link:
    """Who may open one file until when; ``pujk`` where it is a firm's officer."""

    number: str
    file: str
    by: str
    role: str
    pujk: str | None
    ends_at: datetime


#: Who brings files: ``by``, and which firm where it is one.
Side = tuple[str, str | None]


class Sized(Protocol):
    """A file that is held: bytes."""

    @property
    def size(self) -> int: ...


@dataclass(frozen=True)
class Limits:
    """Bytes of one file; files and bytes that one side may bring to a matter."""

    file_bytes: int = 10 * 1024 * 1024
    files: int = 20
    matter_bytes: int = 50 * 1024 * 1024

    def one(self, size: int) -> None:
        """Refuses AttachmentTooLarge, as soon as it is known."""
        if size > self.file_bytes:
            most = _mib(self.file_bytes)
            detail = f"a file may have {most}; make it smaller, or bring it in parts"
            raise AttachmentTooLarge(detail, most=self.file_bytes)

    def all(self, held: Sequence["Sized"], size: int) -> None:
        """Refuses AttachmentsFull."""
        if len(held) >= self.files:
            raise AttachmentsFull(f"the matter holds {len(held)} files of yours, as many as it may", most=self.files)
        together = sum(one.size for one in held)
        if together + size > self.matter_bytes:
            left = max(self.matter_bytes - together, 0)
            detail = f"all your files of a matter may have {_mib(self.matter_bytes)} together; {_mib(left)} are left"
            raise AttachmentsFull(detail, most=self.matter_bytes)


@dataclass
class Attachment:
    """One file. Its name is sealed, its content lies sealed elsewhere under ``id``; ``who`` brought it: a channel's
    name or an account; ``sha256`` is keyed with the matter's key."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    by: By
    who: str
    at: datetime
    pujk: str | None = None
    scan: Scan = "waiting"

    @property
    def opens(self) -> bool:
        return self.scan in ("clean", "not-scanned")

    def side(self) -> Side:
        return self.by, self.pujk

    def seen_by_firm(self, pujk: str) -> bool:
        """A firm sees what the consumer brought and what is its own: neither another firm's nor OJK's."""
        return self.by == "consumer" or (self.by == "pujk" and self.pujk == pujk)


@dataclass
class Scanning:
    """A scan that is due: a delivery of the attachment's id."""

    id: str
    due_at: datetime
    tries: int = 0


def waiting_time(tries: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)


def shown_name(said: str, media_type: str) -> str:
    """The name as it may stand in a list and on a disk: no folder before it, an ending that is right."""
    right = KINDS[media_type]
    name = said.replace("\\", "/").rpartition("/")[2].strip(" .")
    stem, dot, ending = name.rpartition(".")
    ending = f".{ending.lower()}" if dot else ""
    if dot and ending in (right, *ALSO.get(right, ())):
        return f"{stem[: NAME_MOST - len(ending)] or 'lampiran'}{ending}"
    return f"{name[: NAME_MOST - len(right)] or 'lampiran'}{right}"


def _mib(size: int) -> str:
    return f"{size / 2**20:.3g} MiB"
