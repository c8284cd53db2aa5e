"""Where may a page send somebody on to? To addresses of our own that are known, and nowhere else."""

import re
from collections.abc import Sequence

_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){1,10}")


def known(to: str, ways: Sequence[str]) -> str | None:
    """``to`` where it is a plain path at or below one of ``ways``, else None."""
    if not _PATH.fullmatch(to):
        return None
    return to if any(to == way or to.startswith(f"{way}/") for way in ways) else None
