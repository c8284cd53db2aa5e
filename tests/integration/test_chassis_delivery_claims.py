"""A delivery is its maker's from the write on; who cannot be reached is looked after, and no try counts meanwhile."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from chassis.messages import of_worker
from chassis.receivers import Away
from chassis.refusals import Unavailable
from kit.ground import Ground, a_number, pong
from kit.parcels import at_work, none_left, parcels, with_parcel, worker
from kit.pings import Parcel, Ping
from kit.running import eventually

from chassis import claims, deliveries, receivers


async def test_what_a_change_makes_due_is_sent_at_once_with_one_more_write(ground: Ground) -> None:
    sent = Counter[str]()

    async def send(ping: Ping, parcel: Parcel) -> None:
        sent[parcel.to] += 1

    # Nobody looks: the worker does not run.
    one, number = worker(ground, send), a_number()
    await one.change(pong(number), with_parcel(ground, number, "x"))
    await eventually(lambda: none_left(ground), "it is delivered")
    assert sent == {"x": 1}
    assert (await ground.matter(number))["version"] == 2
    await one.stop()


async def test_two_who_hear_the_same_in_the_same_millisecond_send_it_once(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, now = Counter[str](), ground.clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(claims.Claims, "now", lambda _: now)

    async def send(ping: Ping, parcel: Parcel) -> None:
        sent[parcel.id] += 1

    one, other = worker(ground, send), worker(ground, send)
    events = [pong(a_number()) for _ in range(50)]
    hearing = [(who, event) for event in events for who in (one, other)]
    await asyncio.gather(*(who.change(event, with_parcel(ground, event.subject, "x")) for who, event in hearing))
    await eventually(lambda: none_left(ground), "all are delivered")
    assert len(sent) == 50 and set(sent.values()) == {1}
    await asyncio.gather(one.stop(), other.stop())


async def test_what_finds_no_room_is_left_due_and_found(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "UNDER_WAY_MOST", 3)
    monkeypatch.setattr(deliveries, "LOOK_EVERY_SECONDS", 0.1)
    sent = Counter[str]()

    async def send(ping: Ping, parcel: Parcel) -> None:
        sent[parcel.id] += 1

    one = worker(ground, send)
    await one.ensure_indexes()
    numbers = [a_number() for _ in range(20)]
    async with at_work(one):
        await asyncio.gather(*(one.change(pong(n), with_parcel(ground, n, "x")) for n in numbers))
        await eventually(lambda: none_left(ground), "all are delivered")
    assert len(sent) == 20 and set(sent.values()) == {1}


async def test_a_try_that_outlasts_its_claim_keeps_it(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "CLAIM", timedelta(seconds=0.6))
    monkeypatch.setattr(deliveries, "LOOK_EVERY_SECONDS", 0.1)
    begun: list[str] = []

    async def send(ping: Ping, parcel: Parcel) -> None:
        begun.append(parcel.id)
        await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=2)

    await parcels(ground, "x")
    async with at_work(worker(ground, send), worker(ground, send)):
        await eventually(lambda: none_left(ground), "it is delivered")
    assert len(begun) == 1


async def test_a_failure_of_who_lost_the_claim_changes_nothing(ground: Ground) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def fails(ping: Ping, parcel: Parcel) -> None:
        begun.set()
        await go_on.wait()
        raise ConnectionError

    one, number = worker(ground, fails), a_number()
    await one.change(pong(number), with_parcel(ground, number, "x"))
    await begun.wait()
    until = ground.clock.now() + timedelta(minutes=1)
    # As if its claim had run out: whoever claims next is another process.
    await ground.repository().change(of_worker(number), lambda ping: _ignored(ping.claim(until, until)))
    go_on.set()
    await one.stop()
    [parcel] = (await ground.matter(number))["state"]["deliveries"]
    assert (parcel["due_at"], parcel["tries"]) == (until, 0)


def _ignored(_: object) -> None:
    """A change returns nothing."""


async def test_while_nobody_can_be_reached_few_are_tried_and_none_counts(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "LOOK_EVERY_SECONDS", 0.1)
    monkeypatch.setattr(deliveries, "PAUSE", timedelta(seconds=0.3))
    monkeypatch.setattr(claims, "CLAIM", timedelta(seconds=2))
    tries, away = 0, True

    async def send(ping: Ping, parcel: Parcel) -> None:
        nonlocal tries
        tries += 1
        if away:
            raise Unavailable("nobody is there")

    numbers = await parcels(ground, *["x"] * 60, *["y"] * 60)
    async with at_work(worker(ground, send, per_receiver=4)) as (one,):
        await eventually(lambda: tries >= 15, "it goes on looking")
        late = a_number()
        await one.change(pong(late), with_parcel(ground, late, "x"))
        assert tries < 30
        away = False
        await eventually(lambda: none_left(ground), "all are delivered", 10)
    for number in (*numbers, late):
        assert (await ground.matter(number))["state"]["deliveries"][0]["tries"] == 0


async def test_a_receiver_that_is_away_is_looked_after_and_the_others_go_on(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receivers, "AWAY_SECONDS", 0.1)
    monkeypatch.setattr(receivers, "AWAY_MOST_SECONDS", 0.2)
    monkeypatch.setattr(deliveries, "LOOK_EVERY_SECONDS", 0.1)
    monkeypatch.setattr(claims, "CLAIM", timedelta(seconds=1))
    sent, tries, full = Counter[str](), 0, True

    async def send(ping: Ping, parcel: Parcel) -> None:
        nonlocal tries
        if parcel.to == "full" and full:
            tries += 1
            raise Away("no room")
        sent[parcel.to] += 1

    numbers = await parcels(ground, *["full"] * 60, *["fine"] * 20)
    async with at_work(worker(ground, send, per_receiver=4)):
        await eventually(lambda: sent["fine"] == 20, "the others have theirs")
        await eventually(lambda: tries >= 8, "it is looked after")
        assert tries < 30
        full = False
        await eventually(lambda: none_left(ground), "all are delivered", 10)
    assert sent == {"full": 60, "fine": 20}
    for number in numbers:
        assert (await ground.matter(number))["state"]["deliveries"][0]["tries"] == 0
