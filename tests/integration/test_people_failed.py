"""Who could not get in is written down, and not what they typed. On a real intake with its own database."""

from typing import Any

import pytest
from kit.people import OWN_PASSWORD, House
from kit.running import eventually

pytestmark = pytest.mark.usefixtures("patient")


async def test_who_could_not_get_in_is_written_down_and_not_what_they_typed(house: House) -> None:
    person, typed = house.settled(), "ny.rahasia.penanda"
    audit = house.database["audit"]
    for name, password in ((person.id, "hujan-di-bulan-juli"), (typed, OWN_PASSWORD)):
        assert house.person(name, password).begin().status_code == 401
    assert person.begin(OWN_PASSWORD).status_code == 200
    assert person.prove("000000").status_code == 401

    def left() -> list[tuple[Any, ...]]:
        found = audit.find({"actor": None, "step": "refused"})
        return [(one["act"], one["object"].get("account"), one["object"]["with"], one["outcome"]) for one in found]

    told_of = {
        ("LOG-IN /staff", person.id, "password", 401),
        ("LOG-IN /staff", None, "password", 401),
        ("LOG-IN /staff", person.id, "proof", 401),
    }
    # They are written beside the request; of unknown names one a minute, so another test's may stand for this one's.
    await eventually(lambda: told_of <= set(left()), "three entries of nobody")
    assert sum(account == person.id for _, account, _, _ in left()) == 2
    assert typed not in str(list(audit.find()))
    told = house.http.get(f"{house.intake.ops_url}/metrics").text
    assert 'slkt_log_in_failed_total{kind="proof",status="401"}' in told
