"""What can be chosen: products by sector, issues, provinces, of the suite's dated list."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: Code and what it is called, by language.
Named = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class Choices:
    products: Sequence[tuple[str, Sequence[Named]]]
    issues: Sequence[Named]
    regions: Sequence[Named]


@cache
def choices() -> Choices:
    said = json.loads(files("contracts").joinpath("data", "taxonomy.json").read_text(encoding="utf-8"))
    by: dict[str, list[Named]] = {}
    for one in said:
        group = one.get("sector", "other") if one["kind"] == "product" else one["kind"]
        by.setdefault(group, []).append((one["code"], {"id": one["id"], "en": one["en"]}))
    issues, regions = by.pop("issue"), by.pop("region")
    return Choices(list(by.items()), issues, regions)
