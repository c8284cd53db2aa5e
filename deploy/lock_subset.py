"""Which lines of the lock does one package of the workspace need? Printed with their hashes, for `pip install`.

An image holds one service's dependencies and no other's. The lock is written by `uv pip compile`, which notes below
each requirement who asked for it (`# via`); read backwards, those notes are the dependency graph, so neither an index
nor an installed package is asked. Standard library only: it runs in a bare Python image before anything is installed.

    lock_subset.py notifier           what the notifier needs, through slkt-chassis and slkt-contracts
    lock_subset.py --build            what building a wheel of the workspace needs
    lock_subset.py notifier --members the workspace folders to install beside them, dependencies first
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: editables is what hatchling asks for when it builds an editable wheel, so both stand in the development group.
BUILD_TOOLS = ("hatchling", "editables")

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


class LockError(Exception):
    """The lock or the workspace does not say what was asked; the text says what to do."""


@dataclass(frozen=True)
class Locked:
    """One requirement of the lock: its lines without notes, and the names of those who asked for it."""

    name: str
    lines: tuple[str, ...]
    asked_by: frozenset[str]


@dataclass(frozen=True)
class Member:
    """One package of the workspace: its folder from the root, and the names of what it asks for."""

    name: str
    folder: str
    asks_for: tuple[str, ...]


def normalised(name: str) -> str:
    """`PUJK_Gateway` → `pujk-gateway`, the spelling in which package names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required_name(requirement: str) -> str:
    """`faststream[rabbit]>=0.7; marker` → `faststream`."""
    found = _NAME.match(requirement.strip())
    if found is None:
        raise LockError(f"{requirement!r} is not a requirement: it begins with no package name")
    return normalised(found.group())


def read_lock(text: str) -> dict[str, Locked]:
    """The requirements of a hashed lock, by normalised name."""
    locked: dict[str, Locked] = {}
    for block in _blocks(text):
        name = required_name(block[0])
        lines = tuple(line for line in block if not line.lstrip().startswith("#"))
        if not any("--hash=" in line for line in lines):
            raise LockError(f"{block[0]!r} in the lock has no hash: write it with `uv pip compile --generate-hashes`")
        locked[name] = Locked(name, _without_dangling_backslash(lines), frozenset(_asked_by(block)))
    return locked


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.splitlines():
        if line and not line[0].isspace() and not line.startswith(("#", "-")):
            if block:
                yield block
            block = [line]
        elif block and line.strip():
            block.append(line)
    if block:
        yield block


def _asked_by(block: list[str]) -> Iterator[str]:
    for line in block:
        note = line.strip()
        if note.startswith("#"):
            note = note.lstrip("# ").removeprefix("via").strip()
            if note:
                yield normalised(note.split()[0])


def _without_dangling_backslash(lines: tuple[str, ...]) -> tuple[str, ...]:
    return (*lines[:-1], lines[-1].rstrip().removesuffix("\\").rstrip())


def read_workspace(root: Path) -> dict[str, Member]:
    """The members of the workspace at `root`, by normalised package name."""
    whole = tomllib.loads((root / "pyproject.toml").read_text())
    members: dict[str, Member] = {}
    for folder in whole["tool"]["uv"]["workspace"]["members"]:
        project = tomllib.loads((root / folder / "pyproject.toml").read_text())["project"]
        name = normalised(project["name"])
        members[name] = Member(name, folder, tuple(required_name(one) for one in project["dependencies"]))
    return members


def member_called(asked: str, members: Mapping[str, Member]) -> Member:
    """The member with this package name, or with this folder name (`notifier` for services/notifier)."""
    wanted = normalised(asked)
    for member in members.values():
        if wanted in (member.name, normalised(Path(member.folder).name)):
            return member
    known = ", ".join(sorted(Path(member.folder).name for member in members.values()))
    raise LockError(f"{asked!r} is no package of this workspace; say one of: {known}")


def members_for(member: Member, members: Mapping[str, Member]) -> list[Member]:
    """The member and the members it needs, those needed first."""
    found: dict[str, Member] = {}

    def visit(one: Member) -> None:
        for name in one.asks_for:
            if name in members and name not in found:
                visit(members[name])
        found[one.name] = one

    visit(member)
    return list(found.values())


def closure(wanted: Iterable[str], locked: Mapping[str, Locked], *, without: Iterable[str] = ()) -> list[Locked]:
    """Everything the wanted names need, and they themselves, in the lock's order."""
    left_out = {normalised(name) for name in without}
    asks_for: dict[str, set[str]] = {}
    for one in locked.values():
        for asker in one.asked_by:
            asks_for.setdefault(asker, set()).add(one.name)
    waiting, found = [normalised(name) for name in wanted], set[str]()
    while waiting:
        name = waiting.pop()
        if name in found or name in left_out:
            continue
        if name not in locked:
            raise LockError(f"{name!r} is needed and not in the lock: write the lock anew")
        found.add(name)
        waiting.extend(asks_for.get(name, ()))
    return [one for name, one in locked.items() if name in found]


def subset_for(asked: str, *, root: Path = ROOT, without: Iterable[str] = ()) -> list[Locked]:
    """What the workspace package `asked` needs from the lock at `root`. Raises LockError."""
    members = read_workspace(root)
    needed = members_for(member_called(asked, members), members)
    outside = {name for one in needed for name in one.asks_for if name not in members}
    return closure(sorted(outside), read_lock((root / "requirements.lock").read_text()), without=without)


def main(arguments: list[str] | None = None) -> int:
    """Print the subset; 0, or 2 with one line that says what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("member", nargs="?", help="a package of the workspace: intake, notifier, cli, ...")
    parser.add_argument("--build", action="store_true", help="what building a wheel needs, instead of a member")
    parser.add_argument("--members", action="store_true", help="print workspace folders instead of requirements")
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leave out (may be repeated)")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: where this file stands)")
    chosen = parser.parse_args(arguments)
    if (chosen.member is None) is not chosen.build:
        parser.error("say a package of the workspace, or --build")
    if chosen.build and chosen.members:
        parser.error("--members lists folders of one package: it does not go with --build")
    try:
        if chosen.members:
            members = read_workspace(chosen.root)
            needed = members_for(member_called(chosen.member, members), members)
            print("\n".join(f"./{one.folder}" for one in needed))
            return 0
        if chosen.build:
            found = closure(BUILD_TOOLS, read_lock((chosen.root / "requirements.lock").read_text()))
        else:
            found = subset_for(chosen.member, root=chosen.root, without=chosen.without)
    except (LockError, OSError) as trouble:
        print(f"lock_subset: {trouble}", file=sys.stderr)
        return 2
    print("\n".join(line for one in found for line in one.lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
