"""Who tried to get in and could not leaves a trace, and fills no chain, however often they try."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from chassis.audit import Act
from chassis.people.failed import BY_MACHINES, KEYS_MOST, MINUTE, FailedTries
from chassis.refusals import TooMany, Unauthenticated, Unavailable
from kit.trails import Hands

WRONG, WAIT = Unauthenticated(), TooMany("later")


@dataclass
class Written:
    """What an audit was told; while it is away nothing is taken."""

    entries: list[tuple[Any, ...]] = field(default_factory=list)
    away: bool = False

    async def refused(self, actor: None, act: Act, status: int) -> None:
        assert actor is None
        if self.away:
            raise Unavailable
        self.entries.append((act.name, dict(act.object), act.client, status))

    @property
    def counts(self) -> list[int]:
        return [about["count"] for _, about, _, _ in self.entries]


@pytest.fixture
def written() -> Written:
    return Written()


async def test_of_one_account_and_address_there_is_one_entry_a_minute_with_its_count(written: Written) -> None:
    clock = Hands()
    tries = FailedTries(written, clock, "/staff")  # type: ignore[arg-type]
    for _ in range(500):
        tries.note("password", "budi", "192.0.2.7", WRONG)
        await tries.write()
    tries.note("password", "budi", "192.0.2.7", WAIT)
    await tries.write()
    known = {"with": "password", "account": "budi"}
    assert written.entries == [
        ("LOG-IN /staff", {**known, "count": 1}, "192.0.2.7", 401),
        ("LOG-IN /staff", {**known, "count": 1}, "192.0.2.7", 429),
    ]
    clock.at += MINUTE - timedelta(seconds=1)
    await tries.write()
    assert written.counts == [1, 1]
    clock.at += timedelta(seconds=1)
    await tries.write()
    assert written.counts == [1, 1, 499]
    tries.note("proof", "budi", "", WRONG)
    await tries.close()
    assert written.entries[-1] == ("LOG-IN /staff", {"with": "proof", "account": "budi", "count": 1}, "", 401)


async def test_a_crowd_of_addresses_fills_no_chain(written: Written) -> None:
    tries = FailedTries(written, Hands(), "/staff")  # type: ignore[arg-type]
    for number in range(3 * KEYS_MOST):
        tries.note("password", None, f"192.0.2.{number}", WRONG)
    await tries.write()
    assert len(written.entries) == KEYS_MOST + 1
    assert written.entries[0][1] == {"with": "password", "name": "unknown", "count": 1}
    assert written.entries[-1][1:3] == ({"with": "password", "name": "many", "count": 2 * KEYS_MOST}, "")


async def test_what_machines_try_without_end_hides_no_try_of_a_person(written: Written) -> None:
    people, machines = (FailedTries(written, Hands(), one) for one in ("/staff", BY_MACHINES))  # type: ignore[arg-type]
    for number in range(3 * KEYS_MOST):
        machines.note("key", None, f"198.51.100.{number}", WRONG)
    await machines.write()
    people.note("password", "budi", "192.0.2.7", WRONG)
    await people.write()
    assert len(written.entries) == KEYS_MOST + 2
    assert written.entries[0] == ("LOG-IN by key", {"with": "key", "name": "unknown", "count": 1}, "198.51.100.0", 401)
    assert written.entries[-1][1:3] == ({"with": "password", "account": "budi", "count": 1}, "192.0.2.7")


async def test_what_the_audit_does_not_take_is_written_later(written: Written) -> None:
    tries = FailedTries(written, Hands(), "/staff")  # type: ignore[arg-type]
    written.away = True
    for _ in range(2):
        tries.note("password", "budi", "192.0.2.7", WRONG)
        with pytest.raises(Unavailable):
            await tries.write()
    written.away = False
    await tries.write()
    assert written.counts == [2]
