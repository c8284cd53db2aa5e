"""A stack describes itself to its owner alone, stands beside another one, and tells a second one in its folder so."""

import json
from pathlib import Path

import httpx
import pytest
from kit.servers import silently
from slkt_local.running import NothingRuns, running_stack, stop_running
from slkt_local.stack import AlreadyRunning, Stack


@pytest.mark.long
def test_two_stacks_stand_side_by_side_and_a_third_in_the_same_folder_does_not(tmp_path: Path) -> None:
    said: list[str] = []
    first = Stack(tmp_path / "one", say=said.append, services=(), firms=["BANK-001"])
    with first, Stack(tmp_path / "two", say=silently, services=()) as second:
        assert first.broker.port != second.broker.port
        with pytest.raises(AlreadyRunning), Stack(tmp_path / "one", say=silently, services=()):
            pass
        described = json.loads((tmp_path / "one" / "stack.json").read_text())
        assert (tmp_path / "one" / "stack.json").stat().st_mode & 0o777 == 0o600
        assert described == first.description() == running_stack(tmp_path / "one")
        assert set(described["credentials"]["channels"]["web"]) == {"amqp"}, "keys are intake's, which does not run"
        assert list(described["credentials"]["pujk"]) == ["BANK-001"]
        first.add_firm("BANK-009")
        assert list(json.loads((tmp_path / "one" / "stack.json").read_text())["credentials"]["pujk"]) == [
            "BANK-001",
            "BANK-009",
        ]
        login = (first.broker.operator.user, first.broker.operator.password)
        queues = httpx.get(f"{described['amqp_management']}/api/queues/slkt", auth=login, trust_env=False).json()
        assert {"intake.inbox", "submissions.web", "pujk.BANK-009.inbox"} <= {queue["name"] for queue in queues}
        assert {queue["type"] for queue in queues} == {"quorum"}
    assert any("RabbitMQ" in line for line in said) and any("MongoDB" in line for line in said)
    assert not (tmp_path / "one" / "stack.json").exists()
    assert running_stack(tmp_path / "one") is None
    with pytest.raises(NothingRuns):
        stop_running(tmp_path / "one")
