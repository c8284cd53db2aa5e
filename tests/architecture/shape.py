"""Is a service one of the five, as a newcomer expects it, and is each piece as small as it should be?"""

import ast
from collections.abc import Iterator
from pathlib import Path

from architecture.workspace import Package

#: What every service has; a module may be a package of the same name.
FILES = ("README.md", "pyproject.toml")
MODULES = ("domain", "ports", "usecases", "subscribers", "http", "adapters/mongo", "settings", "app", "__main__")

MODULE_LINES, TEST_LINES, APP_LINES, MAIN_LINES, README_LINES = 250, 300, 60, 10, 110
STORY_LINES, HANDLER_STATEMENTS = 20, 3

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(file: Path) -> int:
    return len(file.read_text().splitlines())


def too_long(file: Path, most: int, root: Path) -> list[str]:
    count = lines_of(file)
    return [f"{file.relative_to(root)} has {count} lines, at most {most}"] if count > most else []


def missing(service: Package) -> list[str]:
    """The files of the common shape that a service lacks."""
    wanted = [service.folder / name for name in FILES if not (service.folder / name).is_file()]
    modules = [service.source / name for name in MODULES]
    lacking = [one for one in modules if not one.with_suffix(".py").is_file() and not (one / "__init__.py").is_file()]
    return [f"{service.name} has no {one.relative_to(service.folder)}" for one in (*wanted, *lacking)]


def long_stories(service: Package) -> list[str]:
    """Use cases whose ``__call__`` is longer than a story should be: first to last line of its statements, without
    its docstring."""
    return [
        f"{service.module(file)}.{owner.name}.__call__ has {count} lines, at most {STORY_LINES}"
        for file in _module(service, "usecases")
        for owner, function in _methods(file)
        if function.name == "__call__" and (count := _body_lines(function)) > STORY_LINES
    ]


def stories_that_are_no_frozen_dataclass(service: Package) -> list[str]:
    return [
        f"{service.module(file)}.{owner.name} is no frozen dataclass"
        for file in _module(service, "usecases")
        for owner, function in _methods(file)
        if function.name == "__call__"
        and "dataclass(frozen=True)" not in [ast.unparse(decorator) for decorator in owner.decorator_list]
    ]


def busy_handlers(service: Package) -> list[str]:
    """Handlers of messages (``on_<fact>``) with more statements than a door needs, or that catch anything."""
    found = []
    for file in _module(service, "subscribers"):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, Function) and function.name.startswith("on_"):
                where = f"{service.module(file)}.{function.name}"
                count = sum(isinstance(node, ast.stmt) for one in _body(function) for node in ast.walk(one))
                if count > HANDLER_STATEMENTS:
                    found.append(f"{where} has {count} statements, at most {HANDLER_STATEMENTS}")
                if any(isinstance(node, ast.Try) for node in ast.walk(function)):
                    found.append(f"{where} has a try: what it refuses is the chassis' to judge")
    return found


def _module(service: Package, name: str) -> list[Path]:
    folder = service.source / name
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def _methods(file: Path) -> Iterator[tuple[ast.ClassDef, Function]]:
    for owner in ast.walk(ast.parse(file.read_text())):
        if isinstance(owner, ast.ClassDef):
            for function in owner.body:
                if isinstance(function, Function):
                    yield owner, function


def _body(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) else function.body


def _body_lines(function: Function) -> int:
    body = _body(function)
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
