"""Where do RabbitMQ and MongoDB come from? URLs in the environment, else a Docker engine, else programs of our own."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from slkt_local.broker import Broker, GivenBroker, NativeBroker
from slkt_local.containers import ContainerBroker, ContainerDatabase, engine
from slkt_local.database import CACHE_GIB, Database, GivenDatabase, NativeDatabase
from slkt_local.install import Missing, Say
from slkt_local.settings import LocalSettings, local_settings

Choice = Callable[[], Broker | Database]


def _contained_first(settings: LocalSettings) -> bool:
    if settings.servers == "native":
        return False
    found = engine()
    if settings.servers == "docker" and found is None:
        raise Missing("SLKT_SERVERS=docker, but no engine answers, or the Python package testcontainers is missing")
    return found is not None


def start_broker(root: Path, *, say: Say = print) -> Broker:
    """A running broker whose data, if it is ours, lies below `root`/broker. Raises Missing, StartFailed, NotOurs."""
    settings = local_settings()
    if settings.amqp_url and settings.rabbitmq_root:
        raise Missing("SLKT_AMQP_URL and SLKT_RABBITMQ_ROOT name two brokers; give one of them")
    if settings.amqp_url:
        if not settings.amqp_management_url:
            raise Missing("SLKT_AMQP_URL is given without SLKT_AMQP_MANAGEMENT_URL (http://user:password@host:15672)")
        given = GivenBroker(settings.amqp_url, settings.amqp_management_url)
        say(f"Broker: dari / given by SLKT_AMQP_URL, {given.host}:{given.port}")
        given.start()
        return given
    if settings.rabbitmq_root is None and _contained_first(settings):
        container = ContainerBroker()
        say("RabbitMQ: menunggu kontainer / waiting for a container")
        try:
            container.start()
            return container
        except Exception as problem:
            _give_up_container(container.remove, "RabbitMQ", problem, settings, say)
    native = NativeBroker(root / "broker", say=say, private_root=settings.rabbitmq_root)
    say(f"RabbitMQ: menunggu simpul sendiri / waiting for a private node, port {native.port}")
    native.start()
    return native


def start_database(root: Path, *, say: Say = print, failpoints: bool = False, cache_gib: float = CACHE_GIB) -> Database:
    """A running replica set whose data, if it is ours, lies below `root`/database. Raises as start_broker."""
    settings = local_settings()
    if settings.mongo_url:
        given = GivenDatabase(settings.mongo_url)
        say(f"MongoDB: dari / given by SLKT_MONGO_URL, {given.hosts}")
        given.start()
        return given
    if _contained_first(settings):
        container = ContainerDatabase(failpoints=failpoints)
        say("MongoDB: menunggu kontainer / waiting for a container")
        try:
            container.start()
            return container
        except Exception as problem:
            _give_up_container(container.remove, "MongoDB", problem, settings, say)
    native = NativeDatabase(root / "database", say=say, failpoints=failpoints, cache_gib=cache_gib)
    say(f"MongoDB: menunggu mongod sendiri / waiting for a private replica set, {native.hosts}")
    native.start()
    return native


def _give_up_container(
    remove: Callable[[], None], name: str, problem: Exception, settings: LocalSettings, say: Say
) -> None:
    """An engine that cannot fetch or run the image (no registry, no room) must not bar the native way."""
    remove()
    if settings.servers == "docker":
        raise problem
    reason = f"{type(problem).__name__}: {problem}"
    say(f"{name}: kontainer gagal / the container failed ({reason}); memakai / using a private one")


def end(server: Broker | Database) -> None:
    """Leave nothing of it running, at once; servers given by URL are left as they are."""
    if isinstance(server, ContainerBroker | ContainerDatabase):
        server.remove()
    elif isinstance(server, NativeBroker | NativeDatabase) and server.pid is not None:
        server.kill()


@contextmanager
def broker(root: Path, *, say: Say = print) -> Iterator[Broker]:
    """`with broker(root) as b: b.amqp_url`: running inside, gone afterwards."""
    running = start_broker(root, say=say)
    try:
        yield running
    finally:
        end(running)


@contextmanager
def database(root: Path, *, say: Say = print, failpoints: bool = False) -> Iterator[Database]:
    """`with database(root) as d: d.mongo_url`: running inside, gone afterwards."""
    running = start_database(root, say=say, failpoints=failpoints)
    try:
        yield running
    finally:
        end(running)


def start_both(root: Path, *, say: Say = print, failpoints: bool = False) -> tuple[Broker, Database]:
    """Both at the same time: one waits for Erlang, the other for its journal. If one fails, the other is ended."""
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(start_broker, root, say=say)
        second = pool.submit(start_database, root, say=say, failpoints=failpoints)
        try:
            return first.result(), second.result()
        except BaseException:
            # Also when interrupted: neither may be left behind by a caller that never got to know it.
            for future in (first, second):
                if future.exception() is None:
                    end(future.result())
            raise


@contextmanager
def both(root: Path, *, say: Say = print, failpoints: bool = False) -> Iterator[tuple[Broker, Database]]:
    """A broker and a database, running inside, gone afterwards."""
    running = start_both(root, say=say, failpoints=failpoints)
    try:
        yield running
    finally:
        for server in running:
            end(server)


def forget(root: Path) -> None:
    """Remove what servers of our own kept below `root`."""
    for name in ("broker", "database", "mail"):
        shutil.rmtree(root / name, ignore_errors=True)
