"""Where can a rule be broken without harm? In a copy of the packages."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from architecture.workspace import ROOT, packages


def copy_of_packages(folder: Path) -> Path:
    """The workspace's sources and configuration below ``folder``; the Python files alone."""
    for package in packages().values():
        target = folder / package.folder.relative_to(ROOT)
        shutil.copytree(
            package.source,
            target / "src" / package.name,
            ignore=lambda path, names: [
                name for name in names if Path(path, name).is_file() and not name.endswith(".py")
            ],
        )
        shutil.copy(package.folder / "pyproject.toml", target)
    for name in ("pyproject.toml", ".importlinter"):
        shutil.copy(ROOT / name, folder)
    return folder


def source_of(root: Path, module: str) -> Path:
    """``intake.domain`` → its file in the copy, made where there is none."""
    package, *rest = module.split(".")
    path = packages(root)[package].source.joinpath(*rest)
    if path.is_dir():
        return path / "__init__.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_suffix(".py")


def add_line(root: Path, module: str, line: str) -> None:
    """Appends a line to a module of the copy."""
    file = source_of(root, module)
    before = file.read_text() if file.exists() else ""
    file.write_text(f"{before}\n{line}\n")


@contextmanager
def with_line(root: Path, module: str, line: str) -> Iterator[None]:
    """The copy with one more line in a module, and then as it was: import-linter reads again only what changed."""
    file = source_of(root, module)
    before = file.read_bytes() if file.exists() else None
    add_line(root, module, line)
    try:
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_bytes(before)


class Linter:
    """import-linter over the packages and rules below ``root``, as often as asked: exit code and words.

    In one process of its own: it sees these packages first, import-linter silences every logger of the process it
    runs in, and its start costs more than its work.
    """

    _LOOP = """
import contextlib, io, json, sys
from importlinter.cli import lint_imports
for _ in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        code = lint_imports()
    print(json.dumps([code, out.getvalue()]), flush=True)
"""

    def __init__(self, root: Path) -> None:
        sources = ":".join(str(package.folder / "src") for package in packages(root).values())
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._LOOP],
            cwd=root,
            env={"PYTHONPATH": sources, "COLUMNS": "200", "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def lint(self) -> tuple[int, str]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        code, said = json.loads(self._process.stdout.readline())
        return code, said

    def close(self) -> None:
        self._process.communicate()
