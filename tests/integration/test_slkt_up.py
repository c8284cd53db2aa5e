"""A stack starts in the background, tells how it is, and is gone when `down` returns; a consumer's view is shown."""

import os
import signal
from pathlib import Path

import pytest
from kit.command import slkt
from kit.running import Suite, eventually
from slkt import supervisor
from slkt.running import runs
from slkt_local.running import running_stack
from slkt_local.waiting import wait_until


def test_up_returns_when_ready_and_down_when_nothing_is_left(tmp_path: Path) -> None:
    root, stack = tmp_path / "local", tmp_path / "local" / "stack.json"
    started = slkt("up", "--root", str(root), "--service", "routing")
    assert started.code == 0 and "Siap / ready" in started.said and "RabbitMQ" in started.said
    try:
        known = running_stack(root)
        assert known is not None and list(known["services"]) == ["routing"]
        assert f"Buka / open: {known['entry']}/" in started.said
        below = supervisor.left_over(known["pids"]["stack"])
        assert known["pids"]["routing"] in below and known["pids"]["entry"] in below
        well = slkt("status", "--stack", str(stack))
        assert well.code == 0 and "all is well" in well.said and "routing.inbox" in well.said
        assert f"Buka / open: {known['entry']}/" in well.said
        again = slkt("up", "--root", str(root))
        assert again.code == 0 and "runs already" in again.said and "start again" not in again.said
        killed = known["pids"]["routing"]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: not runs(killed), what="it is gone", timeout_seconds=10)
        again = slkt("up", "--root", str(root))
        assert again.code == 0 and "start again: routing" in again.said
        known = running_stack(root)
        assert known is not None and runs(known["pids"]["routing"])
        assert slkt("status", "--stack", str(stack)).code == 0
        below = supervisor.left_over(known["pids"]["stack"])
    finally:
        ended = slkt("down", "--root", str(root))
    assert ended.code == 0 and "nothing is left" in ended.said
    assert [one for one in (known["pids"]["stack"], *below) if runs(one)] == []
    assert not stack.exists()
    assert "nothing runs there" in slkt("down", "--root", str(root)).said
    gone = slkt("status", "--stack", str(stack))
    assert gone.code == 2 and "no description of a running stack" in gone.said


async def test_status_tells_what_is_not_well(running: Suite) -> None:
    number = str(running.bring()["number"])
    await running.said(number, "routing.ticket-routed")
    await running.quiet()
    fact = running.mongo["routing"]["facts"].find_one({"subject": number})
    assert fact is not None
    running.mongo["routing"]["stuck"].insert_one(fact)
    try:
        ended = slkt("status", stack=running)
    finally:
        running.mongo["routing"]["stuck"].delete_one({"_id": fact["_id"]})
    assert ended.code == 1 and "routing: 1 facts are stuck" in ended.said


async def test_status_tells_that_nobody_is_at_the_entry(running: Suite) -> None:
    running.stack.entry.kill()
    try:
        ended = slkt("status", stack=running)
    finally:
        running.stack.entry.start()
        running.stack.describe()
    assert ended.code == 1 and "entry: no answer" in ended.said


async def test_track_shows_what_the_consumer_sees_for_number_and_pin_only(running: Suite) -> None:
    receipt = running.bring()
    await running.said(str(receipt["number"]), "routing.ticket-routed")
    await eventually(lambda: len(running.track(receipt).get("timeline", [])) >= 2, "both facts on the timeline")
    shown = slkt("track", receipt["shown"], "--pin", receipt["pin"], stack=running)
    assert shown.code == 0 and receipt["shown"] in shown.said and "WIB" in shown.said
    wrong = slkt("track", receipt["number"], "--pin", "00000000", stack=running)
    assert wrong.code == 1 and receipt["shown"] not in wrong.said


@pytest.mark.parametrize("number", ["12", "P 5043"])
def test_a_number_that_is_none_is_told_plainly(running: Suite, number: str) -> None:
    ended = slkt("track", number, "--pin", "12345678", stack=running)
    assert ended.code == 2 and "expected 13 digits" in ended.said
