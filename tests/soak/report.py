"""What did a run find, on one page?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def report(steps: Sequence[Any], folder: Path) -> str:
    """One line a step, then what was wrong."""
    lines = [
        "| step | struck, s | whole again after, s | complaints | accept p99, ms | wrong |",
        "|---|---|---|---|---|---|",
    ]
    for one in steps:
        found = f"seen by {len(one.found)}" if one.found else str(len(one.violations))
        load = one.load
        lines.append(
            f"| {one.name} | {one.struck_seconds} | {one.recovered_seconds} | {load['complaints']} | "
            f"{load['accept_p99_ms']} | {found} |"
        )
    wrong = [f"- {one.name}: {told}"[:400] for one in steps for told in one.violations]
    return "\n".join([*lines, "", *(wrong or ["Nothing was wrong."]), "", f"History: {folder}/history.jsonl"])
