"""Was this here a moment ago? The last names, for a minute and no longer."""

from collections import deque
from time import monotonic

MOST, SECONDS = 20_000, 60.0


class Lately:
    """A set that forgets. It may say no to what was here; it never says yes to what was not."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._order: deque[tuple[float, str]] = deque()

    def __contains__(self, name: str) -> bool:
        self._forget(monotonic() - SECONDS)
        return name in self._names

    def add(self, name: str) -> None:
        if name and name not in self._names:
            self._names.add(name)
            self._order.append((monotonic(), name))

    def _forget(self, before: float) -> None:
        while self._order and (self._order[0][0] < before or len(self._order) > MOST):
            self._names.discard(self._order.popleft()[1])
