"""What does a writer remember of the matters it wrote last? Enough to write them again without reading them first.

A memory may be out of date: then the guarded write finds nothing, and the matter is read. What would be refused on the
word of a memory is read as well. So a memory saves reading and decides nothing.
"""

from collections import OrderedDict
from collections.abc import Iterable
from time import monotonic
from typing import Any

#: So many matters, and so many characters of text in all of them by the mean of every sixteenth that is weighed.
MOST, CHARACTERS_MOST, WEIGHED_EVERY = 2_000, 16_000_000, 16
#: Another writer was faster: so long everything is read, since memories would often be wrong.
MISTRUST_SECONDS = 1.0


class Memory:
    """The last matters that were written here, by number, as they are stored (without what is unsaid)."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._mistrusted_until = 0.0
        self._until_weighed = 1
        self._mean = 0.0

    def recall(self, numbers: Iterable[str]) -> dict[str, dict[str, Any]]:
        if monotonic() < self._mistrusted_until:
            return {}
        return {number: self._kept[number] for number in numbers if number in self._kept}

    def keep(self, number: str, document: dict[str, Any]) -> None:
        self._kept[number] = document
        self._kept.move_to_end(number)
        self._until_weighed -= 1
        if not self._until_weighed:
            self._until_weighed = WEIGHED_EVERY
            self._mean += (_texts(document["state"].values()) - self._mean) / 4
        while len(self._kept) > min(MOST, 1 + CHARACTERS_MOST // (1 + self._mean)):
            self._kept.popitem(last=False)

    def forget(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            self._kept.pop(number, None)

    def was_wrong(self) -> None:
        self._mistrusted_until = monotonic() + MISTRUST_SECONDS


def _texts(values: Iterable[Any]) -> int:
    """Characters in a state's texts, those in its lists of parts included: what makes one matter larger than others."""
    size = 0
    for value in values:
        if isinstance(value, str | bytes):
            size += len(value)
        elif isinstance(value, dict):
            size += _texts(value.values())
        elif isinstance(value, list | tuple):
            size += _texts(value)
    return size
