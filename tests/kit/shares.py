"""Which worker runs which file of tests? Whoever has started what it stands on; the longest first: all end together.

A suite of five services and its servers is started once in a run, by one worker; another one starts it again only where
more is left to do than its start takes. The figures are seconds of one idle processor and only say what goes first: a
file that is not named costs time at the worst.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).parents[2]
#: What many files stand on, and the seconds its start takes; how a file that needs it is known.
STARTS = {"shaken": 20.0, "running": 20.0, "house": 10.0, "servers": 5.0}
#: Another worker starts it where so many times as much is left to do.
WORTH = 5
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
    "tests/e2e/test_fuzzed.py": 150,
    "tests/e2e/test_audit.py": 20,
    "tests/e2e/test_bringing.py": 10,
    "tests/e2e/test_consumers.py": 15,
    "tests/e2e/test_firm_acts.py": 15,
    "tests/e2e/test_who_may.py": 40,
    "tests/integration/test_notifier.py": 35,
    "tests/integration/test_slkt_dead.py": 30,
    "tests/integration/test_slkt_up.py": 40,
    "tests/integration/test_slkt_verify.py": 110,
    "tests/integration/test_slkt_import.py": 15,
    "tests/integration/test_slkt_rebuild.py": 15,
    "tests/integration/test_local_servers.py": 60,
    "tests/integration/test_local_stack.py": 20,
    "tests/integration/test_people.py": 30,
    "tests/integration/test_people_pages.py": 15,
    "tests/integration/test_pages_kept.py": 12,
    "tests/browser/test_staff_pages.py": 30,
    "tests/browser/test_portal_pages.py": 30,
    "tests/browser/test_triage_pages.py": 20,
    "tests/browser/test_cases_pages.py": 25,
    "tests/browser/test_firms_pages.py": 25,
    "tests/browser/test_dispute_pages.py": 20,
    "tests/browser/test_audit_pages.py": 15,
    "tests/browser/test_notification_pages.py": 12,
    "tests/browser/test_open_pages.py": 15,
    "tests/browser/test_way_to_intake.py": 10,
    "tests/integration/test_tracking_live.py": 12,
    "tests/browser/test_bring_pages.py": 22,
    "tests/browser/test_tracking_pages.py": 20,
    "tests/browser/test_desk_pages.py": 12,
    "tests/e2e/test_phone.py": 5,
    "tests/e2e/test_desk_work.py": 5,
    "tests/integration/test_chassis_service.py": 20,
    "tests/integration/test_chassis_trouble.py": 25,
    "tests/integration/test_chassis_connection.py": 20,
    "tests/integration/test_smallest_service.py": 15,
    "tests/integration/test_gateway.py": 15,
    "tests/integration/test_routing_clocks.py": 25,
    "tests/integration/test_tracking.py": 15,
    "tests/integration/test_tracking_figures.py": 20,
    "tests/contract/test_examples.py": 20,
    "tests/integration/test_openid.py": 25,
    "tests/faults/test_lock.py": 25,
    "tests/faults/test_issuer_keys.py": 35,
    "tests/integration/test_intake_files.py": 12,
    "tests/integration/test_intake_pairs.py": 18,
    "tests/browser/test_intake_pages.py": 20,
    "tests/deploy/test_lock_subset.py": 15,
    "tests/deploy/test_provision.py": 20,
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


class Begun:
    """What was started, and by which workers."""

    def __init__(self) -> None:
        self._has: defaultdict[str, set[Any]] = defaultdict(set)

    def next_for(self, worker: Any, files: Iterable[str]) -> str | None:
        """None where all that is left is better done by those who have started what it stands on."""
        left: defaultdict[str, list[str]] = defaultdict(list)
        for file in files:
            left[stands_on(file)].append(file)
        work = {ground: sum(map(seconds, left[ground])) for ground in left}
        free, grounds = left.pop("", []), sorted(left, key=lambda ground: -work[ground])
        mine = [ground for ground in grounds if worker in self._has[ground]]
        nobodys = [ground for ground in grounds if not self._has[ground]]
        if ground := next(iter([*mine, *nobodys]), ""):
            return max(left[ground], key=seconds)
        if free:
            return max(free, key=seconds)
        worth = [ground for ground in grounds if work[ground] > WORTH * STARTS[ground]]
        return max(left[worth[0]], key=seconds) if worth else None

    def took(self, worker: Any, file: str) -> bool:
        """Whether the worker must start something for it."""
        ground = stands_on(file)
        known = not ground or worker in self._has[ground]
        if ground:
            self._has[ground].add(worker)
        return not known

    def gone(self, worker: Any) -> None:
        for workers in self._has.values():
            workers.discard(worker)


class Shares(LoadScopeScheduling):  # type: ignore[misc]
    """xdist's own way, one file a share; only which file is next is said here."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        self._begun = Begun()

    def remove_node(self, node: WorkerController) -> str | None:
        self._begun.gone(node)
        crashed: str | None = super().remove_node(node)
        return crashed

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", 1)[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        file = self._begun.next_for(node, self.workqueue) or next(iter(self.workqueue))
        self._begun.took(node, file)
        self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: WorkerController) -> None:
        """A worker is told its next file when one test is left: it begins a test only when it knows what follows."""
        if node.shutting_down or self._pending_of(self.assigned_work[node]) > 1:
            return
        if self._begun.next_for(node, self.workqueue) is None:
            node.shutdown()
        else:
            self._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Shares(config, log)
