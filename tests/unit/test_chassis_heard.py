"""What was heard is a set of numbers: exact, whatever the order, and no longer than its gaps make it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chassis import heard

SEQS = st.lists(st.integers(min_value=1, max_value=60), max_size=80)


@given(SEQS)
def test_it_holds_exactly_what_was_added(seqs: list[int]) -> None:
    ranges: heard.Ranges = []
    for seq in seqs:
        ranges = heard.add(ranges, seq)
    assert {seq for seq in range(70) if heard.has(ranges, seq)} == set(seqs)


@given(SEQS)
def test_it_is_sorted_and_no_two_ranges_touch(seqs: list[int]) -> None:
    ranges: heard.Ranges = []
    for seq in seqs:
        ranges = heard.add(ranges, seq)
    assert all(low <= high for low, high in ranges)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(ranges))


@given(SEQS, st.integers(min_value=1, max_value=60))
def test_adding_changes_nothing_that_was_given(seqs: list[int], one: int) -> None:
    ranges: heard.Ranges = []
    for seq in seqs:
        ranges = heard.add(ranges, seq)
    before = [list(pair) for pair in ranges]
    heard.add(ranges, one)
    assert ranges == before


@given(st.permutations(range(1, 30)))
def test_without_gaps_it_is_one_range(seqs: list[int]) -> None:
    ranges: heard.Ranges = []
    for seq in seqs:
        ranges = heard.add(ranges, seq)
    assert ranges == [[1, 29]]
