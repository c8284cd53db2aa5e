"""A secret opens until it is revoked or ends, as often as it may, in every replica, and is kept nowhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.credentials import secret
from chassis.credentials.allowances import PORTIONS, Allowances
from chassis.credentials.credential import LASTS_MOST, LIVE_MOST, EnoughSecrets
from chassis.credentials.known import KNOWN_SECONDS, Known
from chassis.credentials.store import Credentials
from chassis.database import connect
from chassis.refusals import Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from kit.ground import together
from slkt_local.database import Database

SCOPES = ("submit", "withdraw")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class Hands:
    """A clock that a test sets."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """One database and its secrets; any number of processes beside each other."""

    database: Any
    clock: Hands = field(default_factory=Hands)

    def __post_init__(self) -> None:
        self.stored = Credentials(self.database, self.clock, "channel", SCOPES)

    def allowances(self) -> Allowances:
        return Allowances(self.database, self.clock)

    def process(self) -> Known:
        return Known(self.database, self.clock, "channel", SCOPES)

    async def issue(self, owner: str = "web", **but: Any) -> str:
        return (await self.stored.issue(owner, ["submit"], "administrator-1", **but)).secret


@pytest.fixture
async def desk(mongod: Database, empty_database: str) -> AsyncIterator[Desk]:
    client = connect(mongod.mongo_url)
    made = Desk(client[empty_database])
    await made.process().prepare()
    yield made
    client.close()


def aged(process: Known, seconds: float) -> Known:
    """As if it had last looked so long ago."""
    process._read_at -= seconds
    return process


async def test_a_secret_opens_for_what_it_is_good_for(desk: Desk) -> None:
    text, process = await desk.issue(), desk.process()
    assert (await process.admit(text)).owner == "web"
    assert (await process.prove(text)).scopes == ("submit",)


async def test_nothing_that_is_kept_is_the_secret(desk: Desk) -> None:
    text, process = await desk.issue(), desk.process()
    kept = await process.admit(text)
    await process.close()
    stored = str([one async for one in desk.database["credentials"].find()])
    assert text not in stored and text.rpartition("_")[2] not in stored
    assert kept.prefix in stored and kept.digest in stored
    assert kept.digest not in repr(kept)


async def test_whatever_is_amiss_is_answered_alike(desk: Desk) -> None:
    revoked, ended = await desk.issue(), await desk.issue(expires=NOON + timedelta(hours=1))
    good, process = await desk.issue(), desk.process()
    [found] = [one for one in await desk.stored.of("web") if one.prefix in revoked]
    await desk.stored.revoke("web", found.prefix)
    desk.clock.at += timedelta(hours=1)
    forged = _with_another_secret(good)
    said = set()
    for text in (revoked, ended, forged, secret.make("channel"), secret.make("client"), good[:-1], "", None):
        with pytest.raises(Unauthenticated) as refused:
            await process.admit(text)
        said.add(refused.value.detail)
    assert len(said) == 1
    await process.admit(good)


def _with_another_secret(text: str) -> str:
    """The prefix of one that there is, with a check that fits."""
    other = secret.make("channel")
    body = text[: -secret.SECRET_LENGTH - secret.CHECK_LENGTH] + other.rpartition("_")[2][: secret.SECRET_LENGTH]
    return body + secret._check(body)


async def test_the_old_one_and_the_new_one_are_good_together(desk: Desk) -> None:
    process, old = desk.process(), await desk.issue()
    await process.admit(old)
    new = await desk.issue()
    await process.admit(old)
    # Another replica made it: this one looks again for a prefix that it does not know.
    await aged(process, 0.3).admit(new)
    for _ in range(LIVE_MOST - 2):
        await desk.issue()
    with pytest.raises(EnoughSecrets):
        await desk.issue()
    await desk.issue("phone")
    await desk.stored.revoke("web", (await process.prove(old)).prefix)
    await desk.issue()


async def test_a_revocation_is_felt_within_seconds_and_here_at_once(desk: Desk) -> None:
    text, here, elsewhere = await desk.issue(), desk.process(), desk.process()
    for one in (here, elsewhere):
        await one.admit(text)
    prefix = (await here.prove(text)).prefix
    await here.revoke("web", prefix)
    for one in (here, aged(elsewhere, KNOWN_SECONDS)):
        with pytest.raises(Unauthenticated):
            await one.admit(text)
    await desk.stored.revoke("web", prefix)
    for owner, other in (("phone", prefix), ("web", "2" * 12)):
        with pytest.raises(NotFound):
            await desk.stored.revoke(owner, other)


async def test_what_is_known_holds_while_the_database_is_away_and_no_longer(desk: Desk, mongod: Database) -> None:
    text, process = await desk.issue(), desk.process()
    await process.admit(text)
    fails = {"configureFailPoint": "failCommand", "mode": "alwaysOn"}
    with mongod.client() as client:
        where = {"failCommands": ["find"], "namespace": f"{desk.database.name}.credentials", "errorCode": 262}
        client.admin.command(fails | {"data": where})
        try:
            await aged(process, KNOWN_SECONDS / 2).admit(text)
            with pytest.raises(Unavailable):
                await aged(process, KNOWN_SECONDS).admit(text)
        finally:
            client.admin.command(fails | {"mode": "off"})
    await process.admit(text)


async def test_two_replicas_let_in_as_many_as_a_minute_allows(desk: Desk) -> None:
    text, replicas = await desk.issue(per_minute=100), [desk.process(), desk.process()]
    tries = [each.admit(text) for _ in range(150) for each in replicas]
    results = await together(*tries)
    refused = [one for one in results if isinstance(one, TooMany)]
    assert len(results) - len(refused) == 100
    assert {one.extra["retry_after"] for one in refused} == {60}
    [counted] = [one async for one in desk.database["allowances"].find()]
    assert counted["taken"] <= 100 + 100 // PORTIONS
    desk.clock.at += timedelta(seconds=60)
    await replicas[0].admit(text)


async def test_a_replica_that_took_and_did_not_use_keeps_a_twentieth_at_most(desk: Desk) -> None:
    one, other = desk.allowances(), desk.allowances()
    await one.take("web", 100)
    results = await together(*(other.take("web", 100) for _ in range(120)))
    let_in = sum(result is None for result in results)
    assert 100 - 100 // PORTIONS <= let_in < 100


async def test_few_a_minute_are_dealt_out_one_by_one(desk: Desk) -> None:
    one, other = desk.allowances(), desk.allowances()
    results = await together(*(each.take("web", 3) for _ in range(5) for each in (one, other)))
    assert sum(result is None for result in results) == 3


async def test_the_last_use_is_written_once_a_minute(desk: Desk) -> None:
    text, replicas = await desk.issue(), [desk.process(), desk.process()]
    for later in (0, 30, 61):
        desk.clock.at = NOON + timedelta(seconds=later)
        for process in replicas:
            process._touched.clear()
            await process.admit(text)
            await process.close()
        assert (await desk.stored.of("web"))[0].used == NOON + timedelta(seconds=0 if later < 61 else 61)


@pytest.mark.parametrize("wrong", [{"expires": NOON}, {"expires": NOON + LASTS_MOST + timedelta(seconds=1)}])
async def test_none_lasts_for_ever(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        await desk.issue(**wrong)
    with pytest.raises(Invalid):
        await desk.stored.issue("web", ["everything"], "administrator-1")
