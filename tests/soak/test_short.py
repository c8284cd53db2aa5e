"""Does the suite stay whole through half a minute of faults under load, and would the harness see it if it did not?

`make soak` is the long form: every fault, the shipped leases, an hour.
"""

from pathlib import Path

import pytest
from soak.report import report
from soak.run import Asked, Run

SEED = 1234
STEPS = (
    "kill-all+write-conflicts",
    "facts-dropped@notifier,dedupe-off@routing:everything-again",
)
#: Other tests run on the same cores.
RECOVER_SECONDS = 60.0


@pytest.mark.long
async def test_half_a_minute_of_faults_leaves_the_suite_whole_and_a_sabotaged_one_is_seen(tmp_path: Path) -> None:
    asked = Asked(SEED, only=STEPS, rate=4.0, lease_seconds=2.0, recover_seconds=RECOVER_SECONDS)
    run = Run(tmp_path, asked)
    print(f"the same again: {asked.again}")
    code = await run.whole()
    assert code == 0, report(run.steps, tmp_path)
    assert [one.name for one in run.steps] == list(STEPS)
    found = " ".join(run.steps[-1].found)
    assert "fact-missing" in found and "said otherwise" in found, found
