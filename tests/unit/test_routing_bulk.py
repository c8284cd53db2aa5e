"""One person proposes an act over many tickets, another one confirms; what moved since is left alone."""

from datetime import UTC, datetime

import pytest
from routing.domain.bulk import Bulk, BulkDecided, Meant, SamePerson

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)


def a_bulk(many: int = 3) -> Bulk:
    tickets = [Meant(f"{number:013}", "parked-0") for number in range(many)]
    return Bulk("b" * 32, "Bank Kembar", "BANK-008", "Bank Mandiri", tickets, "nyoman", NOW)


def test_nobody_confirms_what_they_proposed_and_nobody_decides_twice() -> None:
    bulk = a_bulk()
    with pytest.raises(SamePerson):
        bulk.confirm("nyoman", NOW)
    assert (bulk.state, bulk.next(50)) == ("proposed", [])
    bulk.confirm("putu", NOW)
    assert bulk.people == ("nyoman", "putu")
    for decide in (bulk.confirm, bulk.refuse):
        with pytest.raises(BulkDecided):
            decide("wayan", NOW)


def test_who_proposed_it_takes_it_back() -> None:
    bulk = a_bulk()
    bulk.refuse("nyoman", NOW)
    assert (bulk.state, bulk.next(50)) == ("refused", [])


def test_it_is_worked_off_from_where_it_was_left() -> None:
    bulk = a_bulk()
    bulk.confirm("putu", NOW)
    bulk.did(len(bulk.next(2)), ["0000000000001"])
    assert (bulk.position, [one.number for one in bulk.next(2)]) == (2, ["0000000000002"])
    bulk.did(1, [])
    assert (bulk.state, bulk.left, bulk.next(2)) == ("done", ["0000000000001"], [])
