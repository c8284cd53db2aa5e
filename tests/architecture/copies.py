"""Where can a rule be broken without harm? In a copy of the packages."""

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
    yield
    if before is None:
        file.unlink()
    else:
        file.write_bytes(before)


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over the packages and rules below ``root``.

    In a process of its own: it sees these packages first, and import-linter silences every logger of the process it
    runs in.
    """
    sources = ":".join(str(package.folder / "src") for package in packages(root).values())
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=root,
        env={"PYTHONPATH": sources, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )
