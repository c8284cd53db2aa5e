"""Does a node know what it runs on, and nothing else?"""

from pathlib import Path

import pytest
from slkt_local.plugins import needed, only_needed

APPLICATION = """%% what it is
{{application, {name}, [
    {{vsn, "3.10.8"}},
    {{applications, [kernel,stdlib,{needs}]}},
    {{env, [{{applications_of_others, [federation]}}]}}
]}}.
"""


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    """A server's, with one that nobody asked for."""
    needs = {
        "rabbit": "ra,\n    mnesia",
        "ra": "",
        "rabbitmq_management": "rabbit,cowboy",
        "cowboy": "",
        "federation": "rabbit",
    }
    for name, of in needs.items():
        folder = tmp_path / "plugins" / f"{name}-3.10.8" / "ebin"
        folder.mkdir(parents=True)
        (folder / f"{name}.app").write_text(APPLICATION.format(name=name, needs=of))
    return tmp_path / "plugins"


def test_what_runs_and_all_that_it_stands_on_is_needed(plugins: Path) -> None:
    found = {one.name.partition("-")[0] for one in needed(plugins)}
    assert found == {"rabbit", "ra", "rabbitmq_management", "cowboy"}


def test_a_node_is_told_of_links_to_them_as_often_as_it_starts(plugins: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "ra-3.9.0").symlink_to(tmp_path / "gone")
    for _ in range(2):
        told = only_needed(plugins, tmp_path / "own")
    links = {one.name: one.resolve() for one in Path(told["RABBITMQ_PLUGINS_DIR"]).iterdir()}
    assert links == {one.name: one for one in needed(plugins)}


def test_where_plugins_are_packed_a_node_knows_them_all(plugins: Path, tmp_path: Path) -> None:
    (plugins / "rabbitmq_management-3.10.8").rename(plugins / "gone")
    (plugins / "rabbitmq_management-3.10.8.ez").touch()
    assert only_needed(plugins, tmp_path / "own") == {}
    assert only_needed(tmp_path / "nowhere", tmp_path / "own") == {}
