"""Which worker runs which file of tests? Whoever has started what it stands on; the longest first: all end together.

A suite of five services and its servers is started once in a run, by one worker; another one starts it again only where
more is left to do than its start takes. The figures are seconds of one idle processor and only say what goes first: a
file that is not named costs time at the worst.
"""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).parents[2]
#: What many files stand on, and the seconds its start takes; how a file that needs it is known.
STARTS = {"shaken": 20.0, "running": 20.0, "house": 10.0, "servers": 5.0}
SIGNS = {
    "shaken": re.compile(r"\bkit\.shaken\b"),
    "running": re.compile(r"\brunning: Suite\b"),
    "house": re.compile(r"\bkit\.people\b"),
    "servers": re.compile(r"\b(ground: Ground|suite: Suite|broker: Broker|mongod: Database)\b"),
}
SECONDS = {
    "tests/soak/test_short.py": 70,
    "tests/faults/test_killed_at_each_point.py": 60,
    "tests/faults/test_poison.py": 30,
    "tests/faults/test_servers_away.py": 30,
    "tests/faults/test_out_of_order.py": 30,
    "tests/faults/test_outsiders_queues.py": 20,
    "tests/faults/test_twice.py": 15,
    "tests/faults/test_inbox_deleted.py": 10,
    "tests/e2e/test_fuzzed.py": 60,
    "tests/e2e/test_audit.py": 20,
    "tests/integration/test_slkt_dead.py": 30,
    "tests/integration/test_slkt_up.py": 40,
    "tests/integration/test_slkt_verify.py": 30,
    "tests/integration/test_slkt_import.py": 15,
    "tests/integration/test_slkt_rebuild.py": 15,
    "tests/integration/test_local_servers.py": 40,
    "tests/integration/test_local_stack.py": 20,
    "tests/integration/test_people.py": 30,
    "tests/integration/test_people_pages.py": 15,
    "tests/browser/test_staff_pages.py": 30,
    "tests/integration/test_chassis_service.py": 20,
    "tests/integration/test_chassis_trouble.py": 25,
    "tests/integration/test_notifier.py": 20,
    "tests/integration/test_chassis_connection.py": 20,
    "tests/integration/test_smallest_service.py": 15,
    "tests/integration/test_gateway.py": 15,
    "tests/integration/test_tracking.py": 15,
    "tests/contract/test_examples.py": 20,
    "tests/deploy/test_lock_subset.py": 15,
    "tests/deploy/test_provision.py": 15,
    "tests/architecture/test_import_rules.py": 10,
}
ELSE_SECONDS = 4.0


@cache
def stands_on(file: str) -> str:
    """Empty where a file needs nothing that takes a start, or starts something of its own."""
    text = (ROOT / file).read_text()
    return next((ground for ground, sign in SIGNS.items() if sign.search(text)), "")


def seconds(file: str) -> float:
    return SECONDS.get(file, ELSE_SECONDS)


class Shares(LoadScopeScheduling):  # type: ignore[misc]
    """xdist's own way, one file a share; only which file is next is said here."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        #: What was started, and by whom.
        self._has: defaultdict[str, set[WorkerController]] = defaultdict(set)

    def remove_node(self, node: WorkerController) -> str | None:
        for workers in self._has.values():
            workers.discard(node)
        crashed: str | None = super().remove_node(node)
        return crashed

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", 1)[0]

    def next_for(self, node: WorkerController) -> str | None:
        """None where all that is left is better done by those who have started what it stands on."""
        left: defaultdict[str, list[str]] = defaultdict(list)
        for file in self.workqueue:
            left[stands_on(file)].append(file)
        work = {ground: sum(map(seconds, files)) for ground, files in left.items()}
        free, grounds = left.pop("", []), sorted(left, key=lambda ground: -work[ground])
        mine = [ground for ground in grounds if node in self._has[ground]]
        nobodys = [ground for ground in grounds if not self._has[ground]]
        worth = [ground for ground in grounds if work[ground] > 3 * STARTS[ground]]
        for ground in (*mine, *nobodys):
            return self._longest(left[ground])
        if free:
            return self._longest(free)
        for ground in worth:
            return self._longest(left[ground])
        return None

    @staticmethod
    def _longest(files: list[str]) -> str:
        return max(files, key=seconds)

    def _assign_work_unit(self, node: WorkerController) -> None:
        file = self.next_for(node) or next(iter(self.workqueue))
        if ground := stands_on(file):
            self._has[ground].add(node)
        self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        """A worker is told its next file when one test is left: it begins a test only when it knows what follows."""
        if node.shutting_down or self._pending_of(self.assigned_work[node]) > 1:
            return
        if self.next_for(node) is None:
            node.shutdown()
        else:
            self._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Shares(config, log)
