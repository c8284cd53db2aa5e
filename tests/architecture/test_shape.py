"""Does every service have the same files, and is everything as small as it should be?"""

from pathlib import Path

import pytest
from architecture import shape
from architecture.copies import add_line, copy_of_packages, source_of
from architecture.workspace import ROOT, SERVICES, packages, shared_files

PYTHON = sorted(file for file in shared_files(ROOT) if file.suffix == ".py")
TESTS = [file for file in PYTHON if file.is_relative_to(ROOT / "tests")]
MODULES = [file for file in PYTHON if not file.is_relative_to(ROOT / "tests")]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_files_of_every_service(service: str) -> None:
    assert shape.missing(packages()[service]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_app_and_main_are_a_table_of_contents_and_a_start(service: str) -> None:
    source = packages()[service].source
    app, main = source / "app.py", source / "__main__.py"
    assert [*shape.too_long(app, shape.APP_LINES, ROOT), *shape.too_long(main, shape.MAIN_LINES, ROOT)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_story_is_short_and_says_what_it_needs(service: str) -> None:
    package = packages()[service]
    assert [*shape.long_stories(package), *shape.stories_that_are_no_frozen_dataclass(package)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_handler_hands_over_and_does_no_more(service: str) -> None:
    assert shape.busy_handlers(packages()[service]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_is_for_fits_on_a_page(service: str) -> None:
    assert shape.too_long(packages()[service].folder / "README.md", shape.README_LINES, ROOT) == []


def test_no_module_is_longer_than_one_sitting() -> None:
    assert [one for file in MODULES for one in shape.too_long(file, shape.MODULE_LINES, ROOT)] == []


def test_no_test_file_is_longer_than_one_sitting() -> None:
    assert [one for file in TESTS for one in shape.too_long(file, shape.TEST_LINES, ROOT)] == []


def test_a_missing_file_is_seen(tmp_path: Path) -> None:
    root = copy_of_packages(tmp_path)
    (root / "services/routing/README.md").write_text("routing")
    assert shape.missing(packages(root)["routing"]) == []
    source_of(root, "routing.settings").unlink()
    assert shape.missing(packages(root)["routing"]) == ["routing has no src/routing/settings"]


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("pass\n" * 61)
    assert shape.too_long(tmp_path / "long.py", 61, tmp_path) == []
    assert shape.too_long(tmp_path / "long.py", 60, tmp_path) == ["long.py has 61 lines, at most 60"]


def test_a_long_story_is_seen(tmp_path: Path) -> None:
    root = copy_of_packages(tmp_path)
    head = "@dataclass(frozen=True)\nclass Long:\n    async def __call__(self) -> None:\n"
    add_line(root, "routing.usecases", head + "        print()\n" * 21)
    assert shape.long_stories(packages(root)["routing"]) == ["routing.usecases.Long.__call__ has 21 lines, at most 20"]


def test_a_story_that_can_change_is_seen(tmp_path: Path) -> None:
    root = copy_of_packages(tmp_path)
    add_line(root, "routing.usecases", "class Loose:\n    async def __call__(self) -> None: ...")
    found = shape.stories_that_are_no_frozen_dataclass(packages(root)["routing"])
    assert found == ["routing.usecases.Loose is no frozen dataclass"]


def test_a_handler_that_thinks_is_seen(tmp_path: Path) -> None:
    root = copy_of_packages(tmp_path)
    add_line(
        root,
        "routing.subscribers",
        "async def on_all(event):\n    try:\n        a()\n        b()\n    except E:\n        c()",
    )
    assert shape.busy_handlers(packages(root)["routing"]) == [
        "routing.subscribers.on_all has 4 statements, at most 3",
        "routing.subscribers.on_all has a try: what it refuses is the chassis' to judge",
    ]
