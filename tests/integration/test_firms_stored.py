"""Whose is a firm while a worker minds it? One worker's; and one that was held up beyond its time says nothing more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.database import connect
from kit.trails import Hands
from pujk_gateway.adapters.firms import LEASE, MongoFirms
from pujk_gateway.domain.firm import Firm
from slkt_local.database import Database

CODE = "BANK-077"


@pytest.fixture
async def stored(mongod: Database, empty_database: str) -> Any:
    hands = Hands()
    firms = MongoFirms(connect(mongod.mongo_url)[empty_database], hands)
    await firms.prepare()
    await firms.add(Firm(CODE, "PT Bank Contoh", (), datetime(2026, 3, 2, tzinfo=UTC), "ani"))
    await firms.change(CODE, lambda firm: firm.want_broker("a-hash", firm.given))
    return firms, hands


async def test_who_was_held_up_ends_nobodys_turn_and_says_nothing(stored: Any) -> None:
    firms, hands = stored
    [slow] = await firms.claim(16)
    assert await firms.claim(16) == [], "it is one worker's"
    hands.at += LEASE
    [next_one] = await firms.claim(16)
    await firms.minded(slow, trouble=None, again=None)
    assert await firms.claim(16) == [], "still the next one's"
    assert (await firms.get(CODE)).broker.state == "making", "what the slow one did may be undone by now"
    await firms.minded(next_one, trouble=None, again=timedelta(minutes=10))
    assert (await firms.get(CODE)).broker.state == "stands" and await firms.claim(16) == []
    hands.at += timedelta(minutes=10)
    assert len(await firms.claim(16)) == 1


async def test_what_is_wanted_meanwhile_stays_due(stored: Any) -> None:
    firms, _ = stored
    [claimed] = await firms.claim(16)
    await firms.change(CODE, lambda firm: firm.end_broker())
    await firms.minded(claimed, trouble=None, again=None)
    [after] = await firms.claim(16)
    assert (after.firm.broker.state, after.tries) == ("removing", 0)
