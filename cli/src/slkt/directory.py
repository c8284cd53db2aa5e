"""Which PUJK does a new stack know? Those of the example directory, loaded through routing's own door."""

import csv
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
from chassis.trust import trust

from slkt.settings import Addresses

ALIAS_MARK = ";"


def firms(path: Path | None = None) -> list[dict[str, Any]]:
    """The rows of a directory (CSV with code, name, sector, aliases; aliases apart by `;`); else of the example."""
    text = (path or files("slkt").joinpath("sample/pujk.csv")).read_text(encoding="utf-8")
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "sector": row["sector"],
            "aliases": [alias.strip() for alias in (row.get("aliases") or "").split(ALIAS_MARK) if alias.strip()],
        }
        for row in csv.DictReader(text.splitlines())
    ]


def load_example_directory(addresses: Addresses) -> int:
    """How many firms routing knows now. Errors: httpx.HTTPError, NotSaid."""
    url = f"{addresses.service('routing')}/directory"
    answer = httpx.put(
        url,
        json=firms(),
        headers=addresses.member("administrator").headers("routing"),
        timeout=60,
        trust_env=False,
        verify=trust(url),
    ).raise_for_status()
    return int(answer.json()["firms"])
