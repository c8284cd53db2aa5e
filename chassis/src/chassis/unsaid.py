"""Whose facts could a living process not say? It need not wait until its own lease has run out to try again."""

from collections.abc import Iterable

#: More than these wait for their leases, as those of a dead process do: 10,000 numbers are some 1 MB.
MOST = 10_000


class Unsaid:
    """Numbers of matters, oldest first; each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, None] = {}

    def add(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            if len(self._numbers) >= MOST:
                return
            self._numbers[number] = None

    def take(self, most: int) -> list[str]:
        taken = list(self._numbers)[:most]
        for number in taken:
            del self._numbers[number]
        return taken

    def __len__(self) -> int:
        return len(self._numbers)
