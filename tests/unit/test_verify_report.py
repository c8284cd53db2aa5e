"""What is certain weighs more than what could not be judged, and a queue explains no more gaps than it holds."""

import pytest
from slkt.verifying.explain import settle
from slkt.verifying.report import DETAILS_MOST, KINDS, Finding, Report


def gaps(count: int) -> list[Finding]:
    return [Finding("not-heard", "routing", f"{n:013d}", "intake", 1, f"fact-{n}") for n in range(count)]


def test_nothing_found_is_clean() -> None:
    report = Report()
    assert report.clean and report.exit_code == 0


def test_a_gap_that_is_explained_is_not_lost() -> None:
    report = Report()
    report.explain(Finding("not-heard", "routing", "1", why="dead"))
    assert report.clean and report.explained == {"dead": 1}


@pytest.mark.parametrize(
    ("found", "depth", "verdict"),
    [(0, 0, "clean"), (3, 0, "lost-or-doubled"), (3, 3, "could-not-judge"), (3, 2, "lost-or-doubled")],
)
def test_a_queue_explains_as_many_gaps_as_it_holds_messages(found: int, depth: int, verdict: str) -> None:
    report = Report()
    settle("routing", gaps(found), depth, report)
    assert report.verdict == verdict


def test_what_is_lost_weighs_more_than_what_could_not_be_judged() -> None:
    report = Report()
    settle("routing", gaps(1), 5, report)
    assert report.exit_code == 2 and "routing.inbox holds 5 messages" in report.troubles[0]
    settle("tracking", gaps(1), 0, report)
    assert report.exit_code == 1


def test_all_are_counted_and_the_first_are_kept_one_by_one() -> None:
    report = Report()
    settle("routing", gaps(DETAILS_MOST + 5), 0, report)
    assert report.found == {"not-heard": DETAILS_MOST + 5}
    assert len(report.details) == DETAILS_MOST == len(report.to_dict()["details"])
    assert set(report.found) <= set(KINDS)
