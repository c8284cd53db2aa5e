"""Do the example publishers get their receipt from the real intake, and does what they sent go its way?"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from contract.nodes import NODE, install
from kit.running import Suite

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"


@pytest.fixture(params=["python", "node"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    if request.param == "python":
        return [sys.executable, str(EXAMPLES / "publish_submission.py")]
    return [str(NODE), str(install(EXAMPLES, tmp_path) / "publish_submission.mjs")]


async def test_an_example_publisher_brings_a_complaint_that_is_routed(running: Suite, program: list[str]) -> None:
    amqp = running.known["credentials"]["channels"]["web"]["amqp"]
    arguments = ["--amqp", amqp, "--door-key", f"{running.url('intake')}/door-key", "--channel", "web", "--key"]
    receipts = []
    for _ in range(2):
        done = subprocess.run(  # noqa: ASYNC221
            [*program, *arguments, f"example-{Path(program[0]).name}"], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        receipts.append(json.loads(done.stdout.splitlines()[-1]))
    assert receipts[0] == receipts[1]
    await running.said(receipts[0]["number"], "routing.ticket-routed")
