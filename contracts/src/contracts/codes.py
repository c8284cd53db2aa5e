"""What do the codes of products, issues and provinces mean? One dated list for the whole suite, in both languages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Sort = Literal["product", "issue", "region"]


@dataclass(frozen=True)
class Code:
    """A code is good for what is brought from ``valid_from`` on; what it is called is good for ever."""

    code: str
    sort: Sort
    valid_from: date
    names: Mapping[str, str]


@cache
def codes() -> Sequence[Code]:
    """In the order in which people look for them."""
    found: list[dict[str, Any]] = json.loads(
        files("contracts").joinpath("data", "taxonomy.json").read_text(encoding="utf-8")
    )
    return tuple(
        Code(one["code"], one["kind"], date.fromisoformat(one["valid_from"]), {"id": one["id"], "en": one["en"]})
        for one in found
    )


def called(sort: Sort, code: str | None, language: str) -> str:
    """What people call it; a code that stands in no list is its own name, nothing is "–"."""
    return _names().get((sort, code), {}).get(language) or code or "–"


@cache
def _names() -> Mapping[tuple[str, str | None], Mapping[str, str]]:
    return {(one.sort, one.code): one.names for one in codes()}
