"""What is sent? Complaints of real length and variety, made once and kept as ready requests with a slot for the key.

The shipped sample is told again and again by other people; with a file of the CFPB's export, its rows.
"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from slkt.cfpb import Row, load_firms, read
from slkt.stories import submissions

SEED = 20
#: Stands in a ready request where its idempotency key goes; as long as every key.
SLOT = b"@" * 36


def complaints(count: int, today: date, file: Path | None = None) -> list[dict[str, Any]]:
    """So many submissions; a file with fewer rows is read as far as it goes."""
    if file is None:
        return [sample.data for sample in submissions({"complaint": count}, SEED, today)]
    rows: Iterator[Row] = (row for row in read(file, load_firms()) if isinstance(row, Row))
    return [row.data for row in islice(rows, count)]


def requests(bodies: list[dict[str, Any]], path: str, headers: dict[str, str]) -> list[bytes]:
    """Each body as the bytes of one HTTP request."""
    ready = []
    for data in bodies:
        body = json.dumps(data, ensure_ascii=False).encode()
        lines = [f"POST {path} HTTP/1.1", "Host: bench", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", f"Idempotency-Key: {SLOT.decode()}", "", ""]
        ready.append("\r\n".join(lines).encode() + body)
    return ready


def keep(ready: list[bytes], file: Path) -> None:
    """A file that `kept` reads back: a line of length before each request."""
    file.write_bytes(b"".join(b"%d\n" % len(one) + one for one in ready))


def kept(file: Path) -> list[bytes]:
    found, rest, at = [], file.read_bytes(), 0
    while at < len(rest):
        end = rest.index(b"\n", at)
        size = int(rest[at:end])
        found.append(rest[end + 1 : end + 1 + size])
        at = end + 1 + size
    return found
