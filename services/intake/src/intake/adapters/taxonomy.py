"""Which products, issues and provinces are there? Read once from the suite's dated list."""

from datetime import date

from contracts.codes import codes

from intake.completeness import Taxonomy


def load_taxonomy() -> Taxonomy:
    by_sort: dict[str, dict[str, date]] = {"product": {}, "issue": {}, "region": {}}
    for one in codes():
        by_sort[one.sort][one.code] = one.valid_from
    return Taxonomy(by_sort["product"], by_sort["issue"], by_sort["region"])
