"""Is there room for one more? So many within some seconds, and no more."""

from collections import deque
from time import monotonic


class Few:
    """``one_more`` says yes at most ``most`` times within ``seconds``."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._taken: deque[float] = deque()

    def one_more(self) -> bool:
        now = monotonic()
        while self._taken and self._taken[0] <= now - self._seconds:
            self._taken.popleft()
        if len(self._taken) >= self._most:
            return False
        self._taken.append(now)
        return True
