"""Which messages of a source were applied? An exact, bounded set of numbers: ranges, as in [[1, 7], [9, 9]]."""

from bisect import bisect_right

Ranges = list[list[int]]


def has(ranges: Ranges, seq: int) -> bool:
    at = bisect_right(ranges, [seq, 2**62])
    return at > 0 and ranges[at - 1][1] >= seq


def add(ranges: Ranges, seq: int) -> Ranges:
    """The set with ``seq`` in it; the given one is left as it is."""
    if has(ranges, seq):
        return ranges
    at = bisect_right(ranges, [seq, 2**62])
    low = high = seq
    before, after = ranges[:at], ranges[at:]
    if before and before[-1][1] == seq - 1:
        low, before = before[-1][0], before[:-1]
    if after and after[0][0] == seq + 1:
        high, after = after[0][1], after[1:]
    return [*before, [low, high], *after]
