"""When may the next batch begin? At once where little comes, later where much does: each batch costs the database and
us half a millisecond before its first document, so that many matters should share one."""

from time import monotonic

#: A batch of n is followed by the next after n of these, but never later than after ``most`` seconds.
SECONDS_EACH = 0.003


class Pace:
    """Few at a time wait hardly; under load batches grow, and with them what a second carries."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._next = 0.0

    def began(self, count: int) -> None:
        self._next = monotonic() + min(count * SECONDS_EACH, self._most)

    def pause(self) -> float:
        """Seconds until the next batch may begin; 0 where it may now."""
        return max(0.0, self._next - monotonic())
