"""Does the same seed make the same plan, does a plan leave no fault out, and is every fault told in the documents?"""

import re
from pathlib import Path

from soak.faults import FAULTS
from soak.run import KILLS, Asked, names, plan
from soak.sabotage import SABOTAGES, UNDER, commands

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


def test_the_same_seed_is_the_same_plan_and_another_is_another() -> None:
    assert plan(Asked(7, mixed=6)) == plan(Asked(7, mixed=6)) != plan(Asked(8, mixed=6))


def test_a_plan_holds_every_fault_five_kills_four_times_pairs_and_sabotages() -> None:
    steps = plan(Asked(7, mixed=6))
    single = [one for one in steps if one in FAULTS]
    assert {*single} == {*FAULTS} and single.count("kills") == KILLS
    assert len([one for one in steps if "+" in one and ":" not in one]) == 6
    assert [one.partition(":")[0] for one in steps if ":" in one] == list(SABOTAGES)


def test_every_sabotage_must_be_seen_under_faults_that_are_there() -> None:
    assert UNDER.keys() == SABOTAGES.keys()
    assert {name for faults in UNDER.values() for name in faults.split("+")} <= FAULTS.keys()


def test_a_sabotage_is_of_all_services_or_of_those_that_are_named() -> None:
    shipped = commands("")
    assert all(command[1:] == ["-m", name] for name, command in shipped.items())
    assert {name for name, command in commands("dedupe-off").items() if command != shipped[name]} == {*shipped}
    some = commands("facts-dropped@intake,dedupe-off@routing")
    assert {name for name, command in some.items() if command != shipped[name]} == {"intake", "routing"}


def test_every_fault_says_what_it_does_and_stands_in_the_page() -> None:
    told = set(re.findall(r"`([a-z-]+)`", PAGE.read_text()))
    assert [name for name, tells in names().items() if not tells] == []
    assert {*FAULTS, *SABOTAGES} - told == set()
