"""Do the documents tell the truth where a machine can see it? Links, commands, settings, doors, and their length."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from architecture.documents import Document, broken_links, documents, doors_named, named, paths_named, settings_named
from architecture.workspace import ROOT, SERVICES, packages
from chassis.crash import POINTS
from chassis.settings import ServiceSettings
from slkt.main import COMMANDS

DOCUMENTS = documents()
#: One page, in lines.
PAGE = {"README.md": 120, "chassis/README.md": 140, "cli/README.md": 120} | {
    f"services/{service}/README.md": 110 for service in SERVICES
}
SMALLEST_MOST = 40


def readme(service: str) -> Document:
    return Document.read(ROOT / "services" / service / "README.md")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))


def commands() -> set[str]:
    return {*COMMANDS}


def fields(service: str) -> dict[str, bool]:
    """Each setting that only this service has → whether it is required."""
    own: type[ServiceSettings] = import_module(f"{service}.settings").Settings
    common = ServiceSettings.model_fields
    return {name: one.is_required() for name, one in own.model_fields.items() if name not in common}


def routes(service: str) -> set[tuple[str, str]]:
    """(method, path) of each door: no other opens, as a service's start makes sure."""
    doors = (door.split(" ", 1) for door in import_module(f"{service}.access").ACCESS)
    return {(method.lower(), path) for method, path in doors}


def test_every_link_leads_somewhere() -> None:
    assert [line for one in DOCUMENTS for line in broken_links(one)] == []


def test_every_file_that_is_named_is_there() -> None:
    named_there = {(str(one.path), path) for one in DOCUMENTS for path in paths_named(one)}
    assert {(page, path) for page, path in named_there if not any((at / path).exists() for at in above(page))} == set()


def above(page: str) -> list[Path]:
    """Where a path that a page names may begin: at its own folder, at the repository's, or where packages begin."""
    return [Path(page).parent, ROOT, *(package.folder / "src" for package in packages().values())]


def test_the_index_names_every_document() -> None:
    index = Document.read(ROOT / "docs" / "README.md")
    named_there = {(index.path.parent / link.partition("#")[0]).resolve() for link in index.links}
    below = {one.path for one in DOCUMENTS if one.path.is_relative_to(index.path.parent)}
    assert below - named_there - {index.path} == set()


def test_every_make_target_that_is_named_exists() -> None:
    assert {(str(one.path), name) for one in DOCUMENTS for name in named(one, "make") - targets()} == set()


def test_every_command_of_slkt_that_is_named_exists_and_each_is_told() -> None:
    assert {(str(one.path), name) for one in DOCUMENTS for name in named(one, "slkt") - commands()} == set()
    assert commands() - named(Document.read(ROOT / "cli" / "README.md"), "slkt") == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_readme_names_the_settings_there_are_and_each_that_is_required(service: str) -> None:
    told = settings_named(readme(service).part("Settings"), f"{service.upper()}_")
    known = fields(service)
    assert told - known.keys() - ServiceSettings.model_fields.keys() == set()
    assert {name for name, required in known.items() if required} - told == set()


def test_the_chassis_tells_the_settings_of_every_service() -> None:
    page = Document.read(ROOT / "chassis" / "README.md")
    rows = [line.split("|")[1] for line in page.text.partition("## Settings")[2].splitlines() if line.startswith("|")]
    told = settings_named("\n".join(rows), "")
    assert told == set(ServiceSettings.model_fields)


@pytest.mark.parametrize("service", SERVICES)
def test_a_readme_names_doors_that_are_there_and_leaves_none_out(service: str) -> None:
    everywhere = set().union(*(routes(one) for one in SERVICES))
    page = readme(service)
    assert doors_named(page) - everywhere == set()
    assert {path for _, path in routes(service) if path not in page.text and not path.startswith("/static/")} == set()


@pytest.mark.parametrize(("path", "most"), PAGE.items())
def test_what_should_be_one_page_is_one_page(path: str, most: int) -> None:
    assert Document.read(ROOT / path).lines <= most


def test_the_smallest_service_stands_in_the_readme_as_it_runs() -> None:
    blocks = Document.read(ROOT / "chassis" / "README.md").blocks("python")
    running = (ROOT / "tests" / "kit" / "smallest.py").read_text()
    assert [block for block in blocks if block not in running] == []
    assert len(blocks[0].splitlines()) <= SMALLEST_MOST


def test_every_point_of_dying_is_explained() -> None:
    page = Document.read(ROOT / "docs" / "way-of-one-message.md")
    assert [point for point in POINTS if f"`{point}`" not in page.text] == []


def test_a_picture_has_words_for_who_cannot_see_it() -> None:
    shown = [(one.path, text) for one in DOCUMENTS for text in re.findall(r"!\[([^\]]*)\]\(", one.prose)]
    assert shown
    assert [path for path, text in shown if len(text) < 20] == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    other, page = tmp_path / "other.md", tmp_path / "page.md"
    other.write_text("# One heading, `with code`\n\n```\n# no heading\n```\n")
    page.write_text(
        "[a](other.md) [b](other.md#one-heading-with-code) [c](#here) [d](https://example.org/x.md) `[e](no.md)`\n"
        "[f](missing.md) [g](other.md#no-heading) [h](../outside.md)\n\n# Here\n\n"
        "`make fly NOW=1`, `.venv/bin/slkt sing`, we make it; `GREETER_SMTP_URL`, `LOG_LEVEL=INFO`,\n"
        "`GET /x?y=`, `docs/gone.md`\n"
    )
    document = Document.read(page)
    wrong = ["page.md: missing.md", "page.md: other.md#no-heading", "page.md: ../outside.md"]
    assert [line.rpartition(" (")[0] for line in broken_links(document, tmp_path)] == wrong
    assert (named(document, "make"), named(document, "slkt")) == ({"fly"}, {"sing"})
    assert settings_named(document.text, "GREETER_") == {"smtp_url", "log_level"}
    assert doors_named(document) == {("get", "/x")}
    assert paths_named(document) == {"docs/gone.md"}
