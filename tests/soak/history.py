"""What happened in a run, when? One JSON object a line, and what matters of it for the eye."""

import json
import sys
import time
from pathlib import Path
from typing import Any


class History:
    """``t`` is in seconds since the run began."""

    def __init__(self, folder: Path, *, aloud: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "history.jsonl"
        self._file = self.path.open("w")
        self._began = time.monotonic()
        self._aloud = aloud

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._began

    def write(self, what: str, **about: Any) -> None:
        self._file.write(json.dumps({"t": round(self.elapsed, 3), "what": what, **about}, default=str) + "\n")
        self._file.flush()

    def say(self, what: str, **about: Any) -> None:
        """Written, and shown to whoever watches."""
        self.write(what, **about)
        if self._aloud:
            told = " ".join(f"{name}={_short(value)}" for name, value in about.items())
            print(f"{self.elapsed:7.1f} s  {what}  {told}", file=sys.stderr, flush=True)

    def close(self) -> None:
        self._file.close()


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    text = str(value)
    return text if len(text) <= 300 else f"{text[:297]}..."
