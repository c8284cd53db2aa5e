"""How does the table read? Medians with ranges, each goal beside what was measured; the same as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


@dataclass
class Row:
    """One line: what was measured, every value of it, and what is wanted."""

    what: str
    unit: str
    values: list[float]
    goal: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return median(self.values)

    def shown(self) -> str:
        low, high = min(self.values), max(self.values)
        spread = f" ({_number(low)} – {_number(high)})" if len(self.values) > 1 else ""
        return f"{_number(self.median)}{spread}"


@dataclass
class Report:
    """All rows of one run, and the raw figures behind them."""

    facts: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    raw: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def keep(self, name: str, found: dict[str, Any]) -> dict[str, Any]:
        self.raw.append((name, found))
        return found

    def of(self, name: str, key: str) -> list[float]:
        return [found[key] for kept, found in self.raw if kept == name]

    def add(self, what: str, unit: str, values: Sequence[float], note: str = "") -> None:
        if values:
            self.rows.append(Row(what, unit, list(values), note=note))

    def at_least(self, what: str, unit: str, values: Sequence[float], goal: float, note: str = "") -> None:
        if values:
            self.rows.append(Row(what, unit, list(values), f"≥ {goal:g}", median(values) >= goal, note))

    def at_most(self, what: str, unit: str, values: Sequence[float], goal: float, note: str = "") -> None:
        if values:
            self.rows.append(Row(what, unit, list(values), f"≤ {goal:g}", median(values) <= goal, note))

    def markdown(self) -> str:
        lines = ["# Bench", "", *(f"- {name}: {value}" for name, value in self.facts.items()), ""]
        lines += ["| what | median (range) | unit | goal | met | note |", "|---|---|---|---|---|---|"]
        for row in self.rows:
            met = "" if row.met is None else "yes" if row.met else "**no**"
            lines.append(f"| {row.what} | {row.shown()} | {row.unit} | {row.goal} | {met} | {row.note} |")
        return "\n".join([*lines, "", *self._cpu(), ""])

    def _cpu(self) -> list[str]:
        """CPU of one ticket by process, medians."""
        lines = ["## CPU of one ticket, ms (medians)", ""]
        for kind in dict.fromkeys(name for name, found in self.raw if "cpu_ms" in found):
            runs = [found["cpu_ms"] for name, found in self.raw if name == kind]
            parts = (f"{name} {_number(median(run.get(name, 0.0) for run in runs))}" for name in runs[0])
            lines.append(f"- {kind}: {', '.join(parts)}")
        return lines

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "latest.md").write_text(self.markdown())
        rows = [{**vars(row), "median": row.median} for row in self.rows]
        (folder / "latest.json").write_text(
            json.dumps({"facts": self.facts, "rows": rows, "raw": self.raw}, indent=1, default=str)
        )


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
