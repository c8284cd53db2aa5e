"""Is what a database keeps and searches also what an entry says? A signature is over what is read, a search goes by the
bytes: whatever the two could differ by was written by no service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import bson
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument

#: What the first entry follows.
BEFORE_ALL = "0" * 64
#: One that can be read whatever stands in it: moments of no calendar, text that is none.
_ANYHOW: CodecOptions[dict[str, Any]] = CodecOptions(
    tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO, unicode_decode_error_handler="replace"
)
#: What entries are made of, and nothing that reads like one of these.
_KINDS = (str, int, Int64, float, bool, type(None))
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
#: Whatever is further away is told of no clock, and cannot be shown in every zone.
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


@dataclass(frozen=True)
class Stored:
    """What a document says, as far as it can be read; ``amiss``: why no service can have written it as it stands."""

    entry: dict[str, Any]
    amiss: str = ""

    @property
    def number(self) -> int | None:
        return number_in(self.entry)


def stored(document: RawBSONDocument) -> Stored:
    try:
        entry: dict[str, Any] = bson.decode(document.raw, _ANYHOW)
        again = bson.encode(entry)
    except (BSONError, ValueError, TypeError, OverflowError):
        return Stored({}, "it cannot be read")
    if again != document.raw:
        return Stored(entry, "a field is named twice, or is of a kind that no service writes")
    if type(entry.get("at")) is not datetime:
        return Stored(entry, "its moment is no moment")
    wrong = next((name for name, value in entry.items() if not _is_plain(value)), None)
    return Stored(entry, f"{wrong[:40]!r} is of a kind that no service writes" if wrong is not None else "")


def number_in(entry: Mapping[str, Any]) -> int | None:
    """Its number, where it has one."""
    number = entry.get("_id")
    return int(number) if isinstance(number, int) and not isinstance(number, bool) else None


def moment_in(entry: Mapping[str, Any]) -> datetime | None:
    """When it was written, where that can be told."""
    at = entry.get("at")
    return at if isinstance(at, datetime) and _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def hash_in(entry: Mapping[str, Any]) -> str:
    """What an entry after this one follows."""
    found = entry.get("hash")
    return found if isinstance(found, str) and len(found) == len(BEFORE_ALL) else BEFORE_ALL


def as_text(at: object) -> str:
    """A moment as it is signed. Errors: TypeError for what is none."""
    if not isinstance(at, datetime):
        raise TypeError(f"no {type(at).__name__} stands in an audit entry")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_written(value: Any) -> Any:
    """What an entry says as the database is to keep it: a moment is never kept as its text, so that one is not taken
    for the other."""
    if isinstance(value, str):
        return _moment_of(value) or value
    if isinstance(value, Mapping):
        return {name: as_written(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_written(one) for one in value]
    return value


def _is_plain(value: Any) -> bool:
    if type(value) is dict:
        return all(_is_plain(one) for one in value.values())
    if type(value) is list:
        return all(map(_is_plain, value))
    if type(value) is str:
        return _moment_of(value) is None
    return type(value) in (*_KINDS, datetime)


def _moment_of(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if as_text(at) == text else None
