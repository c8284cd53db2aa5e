"""Do the workers share the files of tests so that each is run, little is started twice, and all end together?"""

from heapq import heappop, heappush

from kit.shares import ROOT, SECONDS, STARTS, WORTH, Begun, seconds, stands_on

FILES = sorted(str(one.relative_to(ROOT)) for one in (ROOT / "tests").glob("*/test_*.py"))
WORKERS = 3


def test_every_named_file_is_there() -> None:
    assert {*SECONDS} <= {*FILES}


def test_each_file_is_run_once_and_all_end_together() -> None:
    begun, left, started = Begun(), [*FILES], list[str]()
    busy, ends = [(0.0, worker) for worker in range(WORKERS)], list[float]()
    while busy:
        now, worker = heappop(busy)
        file = begun.next_for(worker, left)
        if file is None:
            ends.append(now)
            continue
        left.remove(file)
        if begun.took(worker, file):
            started.append(stands_on(file))
            now += STARTS[stands_on(file)]
        heappush(busy, (now + seconds(file), worker))
    assert left == []
    assert {*started} == {*STARTS}
    twice = [one for one in STARTS if started.count(one) > 1]
    work = {one: sum(seconds(file) for file in FILES if stands_on(file) == one) for one in twice}
    assert all(work[one] > WORTH * STARTS[one] for one in twice)
    assert max(ends) - min(ends) < WORTH * max(STARTS.values())


def test_what_a_worker_that_died_had_started_is_nobodys() -> None:
    begun, file = Begun(), "tests/faults/test_poison.py"
    begun.took("one", file)
    assert begun.next_for("two", [file]) is None
    begun.gone("one")
    assert begun.next_for("two", [file]) == file
