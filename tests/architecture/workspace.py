"""Which packages are there, which files do they hold, and what does each file import? Read, never imported."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("intake", "routing", "pujk_gateway", "notifier", "tracking")
OWN = ("contracts", "chassis", "slkt", "slkt_local", *SERVICES)


#: What a checkout without git may hold beside the project.
_MADE = {".venv", ".local", ".git", "node_modules", "__pycache__", "dist"}


@dataclass(frozen=True)
class Package:
    """One member of the workspace: where it stands and what its own pyproject.toml asks for."""

    name: str
    distribution: str
    folder: Path
    declares: frozenset[str]

    @property
    def source(self) -> Path:
        return self.folder / "src" / self.name

    def files(self) -> list[Path]:
        return sorted(self.source.rglob("*.py"))

    def brings(self, others: Mapping[str, "Package"]) -> frozenset[str]:
        """What an install brings by name: its own needs, and those of the workspace packages among them."""
        needed = [one for one in others.values() if one.distribution in self.declares]
        return self.declares.union(*(one.brings(others) for one in needed))

    def module(self, file: Path) -> str:
        """``<folder>/src/intake/adapters/__init__.py`` → ``intake.adapters``."""
        parts = file.relative_to(self.folder / "src").with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@dataclass(frozen=True)
class Import:
    """One name that a file imports: ``from contracts.intake import X`` is ``contracts.intake.X``."""

    module: str
    line: int

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def packages(root: Path = ROOT) -> dict[str, Package]:
    """The members of the workspace at ``root`` by the name they are imported as."""
    whole = tomllib.loads((root / "pyproject.toml").read_text())
    found = {}
    for member in whole["tool"]["uv"]["workspace"]["members"]:
        folder = root / member
        project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        asked = frozenset(normalised(re.split(r"[\[<>=!~; ]", one)[0]) for one in project["dependencies"])
        (source,) = (one for one in (folder / "src").iterdir() if (one / "__init__.py").exists())
        found[source.name] = Package(source.name, normalised(project["name"]), folder, asked)
    return found


def imports(file: Path) -> Iterator[Import]:
    """Everything a file imports, in functions and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield Import(f"{node.module}.{alias.name}", node.lineno)


def of_standard_library(top: str) -> bool:
    return top in sys.stdlib_module_names


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def distributions(top: str) -> set[str]:
    """What has to be installed so that ``top`` can be imported: ``jwt`` → ``{"pyjwt"}``."""
    return {normalised(name) for name in _distributions().get(top, [top])}


def shared_files(root: Path) -> list[Path]:
    """What git holds or would take; where there is no repository, every file but those made by building."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True)
        known = listed.stdout.split("\0") if listed.returncode == 0 else []
    except FileNotFoundError:
        known = []
    files = [root / name for name in known if name] or list(_walked(root))
    return [file for file in files if file.is_file()]


def _walked(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _MADE and not name.endswith(("_cache", ".egg-info"))]
        yield from (Path(folder, name) for name in names)
