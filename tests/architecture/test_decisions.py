"""Can a decision be found, read on one page, and trusted? Numbers are given once, and what it governs exists."""

import re
from pathlib import Path

import pytest
from architecture.workspace import ROOT

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
SECTIONS = ("## Context", "## Decision", "## Rejected", "## Revisit when", "## Code it governs")
ONE_PAGE = 60


def numbers(files: list[Path]) -> list[int]:
    return [int(file.name.split("-")[0]) for file in files]


def flaws(file: Path) -> list[str]:
    text = file.read_text()
    number = int(file.name.split("-")[0])
    found = [f"no section {section!r}" for section in SECTIONS if section not in text.splitlines()]
    if not text.startswith(f"# {number}. "):
        found.append(f"the title does not begin with '# {number}. '")
    if len(text.splitlines()) > ONE_PAGE:
        found.append(f"longer than {ONE_PAGE} lines")
    governed = text.partition("## Code it governs")[2]
    paths = [path for path in re.findall(r"`([\w./-]+/[\w./-]*)`", governed) if path.count("/") > 1 or path[-1] == "/"]
    return found + [f"{path} does not exist" for path in paths if not (ROOT / path).exists()]


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.name[:4])
def test_a_decision_is_whole(file: Path) -> None:
    assert flaws(file) == []


def test_each_decision_has_its_own_number() -> None:
    assert numbers(DECISIONS) == list(range(1, len(DECISIONS) + 1))


def test_the_decision_on_the_driver_names_every_file_that_names_the_driver() -> None:
    text = (ROOT / "docs/decisions/0002-motor-now-its-successor-later.md").read_text()
    rules = (ROOT / ".importlinter").read_text()
    places = re.findall(r"^ +chassis\.(\w+) -> (?:motor|pymongo|bson)$", rules, re.MULTILINE)
    assert places
    assert [place for place in places if f"{place}.py" not in text] == []


def test_flaws_are_seen(tmp_path: Path) -> None:
    file = tmp_path / "0007-some.md"
    file.write_text("# 8. Some\n\n## Context\n\n## Decision\n\n## Rejected\n\n## Code it governs\n\n`a/path/gone.py`\n")
    assert flaws(file) == [
        "no section '## Revisit when'",
        "the title does not begin with '# 7. '",
        "a/path/gone.py does not exist",
    ]
