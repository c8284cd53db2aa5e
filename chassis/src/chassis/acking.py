"""How is a message acknowledged? Last, and in as few frames as can be: what is done without a gap by one frame, the
rest one by one."""

import asyncio

from chassis.tap import Ear


class Acker:
    """The acknowledgements of one channel. Every delivery is told to it, also one that is left unhandled."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._open: set[int] = set()
        self._done: set[int] = set()
        self._flushing = False

    def delivered(self, tag: int) -> None:
        self._open.add(tag)

    def done(self, tag: int) -> None:
        self._open.discard(tag)
        self._done.add(tag)
        if not self._flushing:
            # One turn of the loop lets everything that is done together share a frame.
            self._flushing = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """All that is done is on its way to the broker. On a channel that is gone nothing is: the broker delivers
        again, and what was applied is known."""
        self._flushing = False
        if not self._done:
            return
        done, self._done = self._done, set()
        oldest = min(self._open, default=None)
        together = [tag for tag in done if oldest is None or tag < oldest]
        if together:
            self._ear.ack(max(together), multiple=True)
        for tag in sorted(done.difference(together)):
            self._ear.ack(tag)
