"""Where servers come from is decided in the order environment, engine, own programs; and quickly where nothing is."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic
from types import SimpleNamespace

import pytest
from slkt_local import install, ports
from slkt_local.broker import GivenBroker
from slkt_local.containers import engine
from slkt_local.database import GivenDatabase
from slkt_local.install import Missing
from slkt_local.ports import free_ports
from slkt_local.server import NotOurs
from slkt_local.servers import start_broker


@pytest.fixture
def engine_socket(tmp_path: Path) -> Iterator[Path]:
    """A socket that answers one ping as an engine does."""
    path = tmp_path / "engine.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield path
        thread.join(5)


def test_an_engine_is_found_by_its_answer(engine_socket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{engine_socket}")
    assert engine() == f"unix://{engine_socket}"


@pytest.mark.parametrize("address", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:9", "ssh://nowhere"])
def test_a_client_without_an_engine_is_noticed_quickly(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    before = monotonic()
    assert engine() is None
    assert monotonic() - before < 3


def test_a_socket_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/silent.sock")
        before = monotonic()
        assert engine() is None
        assert monotonic() - before < 3


def test_a_given_broker_is_taken_apart_into_who_and_where() -> None:
    given = GivenBroker("amqp://boss:p%40ss@mq.example:5673/slkt", "http://mq.example:15673/")
    assert given.amqp_url == "amqp://boss:p%40ss@mq.example:5673/slkt"
    assert given.management_url == "http://mq.example:15673"
    with pytest.raises(NotOurs):
        given.kill()


def test_a_given_database_needs_an_administrator() -> None:
    with pytest.raises(NotOurs, match="no user and password"):
        GivenDatabase("mongodb://127.0.0.1:27017/?replicaSet=rs0")


def test_a_given_broker_without_its_management_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLKT_AMQP_URL", "amqp://boss:pass@127.0.0.1:5672/slkt")
    monkeypatch.delenv("SLKT_AMQP_MANAGEMENT_URL", raising=False)
    with pytest.raises(Missing, match="SLKT_AMQP_MANAGEMENT_URL"):
        start_broker(tmp_path, say=lambda _: None)


def test_who_may_not_install_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "RABBITMQ_SERVER", tmp_path / "nothing")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Missing, match="apt-get install rabbitmq-server"):
        install.rabbitmq_server(lambda _: None)


def test_who_lacks_nginx_and_may_not_install_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "NGINX", tmp_path / "nothing")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="apt-get install nginx"):
        install.nginx(lambda _: None)


def test_two_that_install_at_once_start_nothing_either_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy, installing, may_end = tmp_path / "policy", Event(), Event()
    monkeypatch.setattr(install, "POLICY", policy)
    monkeypatch.setattr(install, "NGINX", tmp_path / "nginx")
    monkeypatch.setattr(install, "RABBITMQ_SERVER", tmp_path / "rabbitmq-server")
    monkeypatch.setattr(install, "ONE_AT_A_TIME", tmp_path / "lock")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    forbidden: dict[str, bool] = {}

    def installed(package: str) -> None:
        installing.set()
        may_end.wait(10)
        forbidden[package] = policy.exists()
        (tmp_path / package).touch()

    monkeypatch.setattr(install, "_install", installed)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(install.rabbitmq_server, lambda _: None)
        installing.wait(10)
        second = pool.submit(install.nginx, lambda _: None)
        may_end.set()
        assert (first.result(10), second.result(10)) == (tmp_path / "rabbitmq-server", tmp_path / "nginx")
    assert forbidden == {"rabbitmq-server": True, "nginx": True} and not policy.exists()


def test_free_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20


def test_a_port_that_another_process_drew_is_drawn_by_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both start servers that need seconds to listen."""
    says = "import sys; from slkt_local.ports import free_ports; print(*free_ports(9), flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", says], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdin
        theirs = list(map(int, other.stdout.readline().split()))
        monkeypatch.setattr(ports, "_draw", SimpleNamespace(sample=lambda known, _: [*theirs, *known]))
        assert len(theirs) == 9 and not {*free_ports(9)} & {*theirs}
        other.stdin.close()
        other.wait()
        assert free_ports(1) == theirs[:1], "who has ended holds nothing"
