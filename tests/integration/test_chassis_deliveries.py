"""A delivery leaves at least once and, while nobody dies, once; a slow receiver delays itself alone."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from chassis.receivers import Undeliverable
from kit.ground import Ground
from kit.parcels import at_work, left, none_left, parcels, worker
from kit.pings import Parcel, Ping
from kit.running import eventually

from chassis import claims, deliveries, receivers


async def test_two_workers_send_each_parcel_once(ground: Ground) -> None:
    sent = Counter[str]()

    async def send(ping: Ping, parcel: Parcel) -> None:
        sent[parcel.id] += 1

    await parcels(ground, *["x"] * 100)
    async with at_work(worker(ground, send), worker(ground, send)):
        await eventually(lambda: none_left(ground), "all parcels are delivered")
    assert len(sent) == 100 and set(sent.values()) == {1}


async def test_a_slow_receiver_delays_itself_alone(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receivers, "SLOW_SECONDS", 0.2)
    monkeypatch.setattr(deliveries, "UNDER_WAY_MOST", 30)
    monkeypatch.setattr(deliveries, "AT_ONCE", 10)
    thaw, quick, hanging = asyncio.Event(), list[str](), 0

    async def send(ping: Ping, parcel: Parcel) -> None:
        nonlocal hanging
        if parcel.to == "dead":
            hanging += 1
            await thaw.wait()
        else:
            quick.append(parcel.id)

    # Many more for the dead receiver than there is room for, and all of them before the others.
    await parcels(ground, *["dead"] * 60)
    await parcels(ground, *["alive"] * 10)
    async with at_work(worker(ground, send, per_receiver=4)):
        await eventually(lambda: len(quick) == 10, "the living receiver has everything", 20)
        assert hanging <= 4
        thaw.set()


async def test_a_failure_is_tried_again_and_an_undeliverable_ends(ground: Ground) -> None:
    tries = Counter[str]()

    async def send(ping: Ping, parcel: Parcel) -> None:
        tries[parcel.to] += 1
        if parcel.to == "nobody":
            raise Undeliverable("no-such-address")
        if parcel.to == "busy" and tries["busy"] < 3:
            raise ConnectionError

    busy, nobody, _ = await parcels(ground, "busy", "nobody", "fine")
    async with at_work(worker(ground, send)):
        await eventually(lambda: none_left(ground), "everything ended one way or another")
    assert tries == {"busy": 3, "nobody": 1, "fine": 1}
    assert (await ground.matter(busy))["state"]["deliveries"][0]["tries"] == 2
    assert (await ground.matter(nobody))["state"]["deliveries"][0]["failure"] == "no-such-address"


async def test_a_try_that_hangs_ends_by_itself(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receivers, "TRY_SECONDS", 0.2)
    tries: list[str] = []

    async def send(ping: Ping, parcel: Parcel) -> None:
        tries.append(parcel.id)
        if len(tries) == 1:
            await asyncio.Event().wait()

    [number] = await parcels(ground, "x")
    async with at_work(worker(ground, send)):
        await eventually(lambda: none_left(ground), "the second try delivers")
    assert tries == [f"parcel-{number}"] * 2


async def test_after_a_crash_between_sending_and_writing_the_same_is_sent_again_with_its_id(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "CLAIM", timedelta(seconds=1))
    monkeypatch.setattr(receivers, "TRY_SECONDS", 0.2)
    sent: list[str] = []
    died = asyncio.Event()

    async def dies(ping: Ping, parcel: Parcel) -> None:
        sent.append(parcel.id)
        died.set()
        raise asyncio.CancelledError

    async def send(ping: Ping, parcel: Parcel) -> None:
        sent.append(parcel.id)

    [number] = await parcels(ground, "x")
    dead = worker(ground, dies)
    running = asyncio.create_task(dead.run())
    await died.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    async with at_work(worker(ground, send)):
        assert sent == [f"parcel-{number}"], "its claim has not run out"
        await eventually(lambda: none_left(ground), "the claim runs out and another worker sends it")
    assert sent == [f"parcel-{number}"] * 2


async def test_a_claim_that_ran_out_in_the_line_is_not_sent_on(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers, one receiver that takes one at a time: whoever waited too long leaves it to the other."""
    monkeypatch.setattr(claims, "CLAIM", timedelta(seconds=1))
    monkeypatch.setattr(receivers, "TRY_SECONDS", 0.8)
    sent = Counter[str]()

    async def send(ping: Ping, parcel: Parcel) -> None:
        sent[parcel.id] += 1
        await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=0.3)

    await parcels(ground, *["x"] * 8)
    async with at_work(worker(ground, send, per_receiver=1), worker(ground, send, per_receiver=1)):
        await eventually(lambda: none_left(ground), "all are delivered")
    assert set(sent.values()) == {1}


async def test_a_clean_stop_writes_the_outcome_of_what_is_being_sent(ground: Ground) -> None:
    begun, go_on, sent = asyncio.Event(), asyncio.Event(), list[str]()

    async def send(ping: Ping, parcel: Parcel) -> None:
        begun.set()
        await go_on.wait()
        sent.append(parcel.id)

    await parcels(ground, "x")
    one = worker(ground, send)
    running = asyncio.create_task(one.run())
    await begun.wait()
    stopping = asyncio.create_task(one.stop())
    done, _ = await asyncio.wait([stopping], timeout=0.2)
    assert not done
    go_on.set()
    await asyncio.gather(stopping, running)
    assert len(sent) == 1 and await left(ground) == 0


async def test_an_outcome_is_written_though_the_database_is_away(ground: Ground) -> None:
    sent: list[Any] = []
    fails = {"failCommands": ["update"], "namespace": f"{ground.name}.pings", "errorCode": 262}

    async def send(ping: Ping, parcel: Parcel) -> None:
        sent.append(parcel.id)
        with ground.mongod.client() as client:
            client.admin.command({"configureFailPoint": "failCommand", "mode": {"times": 4}, "data": fails})

    await parcels(ground, "x")
    async with at_work(worker(ground, send)):
        await eventually(lambda: none_left(ground), "the outcome is written")
    assert len(sent) == 1
