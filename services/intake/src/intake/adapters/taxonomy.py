"""Which products, issues and provinces are there? Read once from the dated list that ships with intake."""

import json
from datetime import date
from importlib.resources import files

from intake.completeness import Taxonomy


def load_taxonomy() -> Taxonomy:
    found = json.loads(files("intake").joinpath("data/taxonomy.json").read_text(encoding="utf-8"))
    by_kind: dict[str, dict[str, date]] = {"product": {}, "issue": {}, "region": {}}
    for one in found:
        by_kind[one["kind"]][one["code"]] = date.fromisoformat(one["valid_from"])
    return Taxonomy(by_kind["product"], by_kind["issue"], by_kind["region"])
