"""A private root is told apart from an empty folder, made once, and what is missing for it is said."""

import platform
import shutil
from pathlib import Path

import pytest
from slkt_local import private_root
from slkt_local.install import Missing
from slkt_local.servers import start_broker


def silently(_: str) -> None:
    """What is said while a root is made is for people."""


@pytest.fixture
def a_root(tmp_path: Path) -> Path:
    (tmp_path / "usr/lib/rabbitmq/lib/rabbitmq_server-4.0.5").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def no_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "ubuntu", "VERSION_CODENAME": "noble"})
    monkeypatch.delenv("SLKT_DEBIAN_MIRROR", raising=False)


def test_a_root_says_which_release_it_holds(a_root: Path) -> None:
    assert private_root.version(a_root) == (4, 0, 5)


def test_a_folder_without_a_server_is_no_root(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="holds no RabbitMQ"):
        private_root.command(tmp_path)


def test_a_root_that_is_there_is_not_made_again(a_root: Path, no_mirror: None) -> None:
    private_root.make(a_root, silently)


def test_a_machine_without_a_mirror_of_debian_is_asked_for_one(tmp_path: Path, no_mirror: None) -> None:
    with pytest.raises(Missing, match="set SLKT_DEBIAN_MIRROR"):
        private_root.make(tmp_path / "root", silently)
    assert list(tmp_path.iterdir()) == []


def test_a_mirror_that_does_not_answer_leaves_no_half_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLKT_DEBIAN_MIRROR", "http://127.0.0.1:9/debian")
    with pytest.raises(Missing, match=r"apt-get update .* failed"):
        private_root.make(tmp_path / "root", silently)
    assert list(tmp_path.iterdir()) == []


def test_a_machine_without_its_tools_is_told_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "unshare" else f"/usr/bin/{name}")
    with pytest.raises(Missing, match="unshare tidak ditemukan / not found"):
        private_root.make(tmp_path / "root", silently)


def test_two_brokers_asked_for_at_once_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLKT_AMQP_URL", "amqp://boss:pass@127.0.0.1:5672/slkt")
    monkeypatch.setenv("SLKT_RABBITMQ_ROOT", str(tmp_path))
    with pytest.raises(Missing, match="name two brokers"):
        start_broker(tmp_path, say=silently)
