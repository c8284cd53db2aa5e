"""The servers as containers, where a Docker engine or a compatible socket answers; the only file that knows containers.

An engine is asked on its socket (`GET /_ping`): a `docker` client without an engine would keep everybody waiting.
"""

import http.client
import socket
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from slkt_local.addresses import OPERATOR, Login, new_password
from slkt_local.broker import MAX_MESSAGE_BYTES, START_SECONDS, VHOST, Broker
from slkt_local.database import CACHE_GIB, REPLICA_SET, Database
from slkt_local.ports import LOOPBACK, free_ports
from slkt_local.settings import docker_sockets
from slkt_local.waiting import wait_until

RABBITMQ_IMAGE = "rabbitmq:4.1-management"
MONGODB_IMAGE = "mongo:7.0"
ASK_SECONDS = 1.0


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ASK_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(ASK_SECONDS)
        self.sock.connect(self._path)


def engine() -> str | None:
    """The address of an engine that answers now, or None; at most a second or so."""
    if find_spec("testcontainers") is None:
        return None
    return next((address for address in docker_sockets() if _answers(address)), None)


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    connection: http.client.HTTPConnection
    if parts.scheme == "unix":
        connection = _UnixConnection(parts.path)
    else:
        connection = http.client.HTTPConnection(parts.hostname or LOOPBACK, parts.port or 2375, timeout=ASK_SECONDS)
    try:
        connection.request("GET", "/_ping")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _container(image: str, ports: dict[int, int], environment: dict[str, str], command: list[str] | None = None) -> Any:
    """A started container, its ports bound to this machine only; its own reaper ends it when this process is gone."""
    container = import_module("testcontainers.core.container").DockerContainer(image)
    for inside, outside in ports.items():
        container.ports[inside] = (LOOPBACK, outside)
    for name, value in environment.items():
        container.with_env(name, value)
    if command is not None:
        container.with_command(command)
    return container.start()


class _Contained:
    """How a server in a container is stopped, killed, frozen."""

    container: Any = None

    def stop(self) -> None:
        self.container.get_wrapped_container().stop(timeout=30)

    def kill(self) -> None:
        self.container.get_wrapped_container().kill()

    def freeze(self) -> None:
        self.container.get_wrapped_container().pause()

    def thaw(self) -> None:
        self.container.get_wrapped_container().unpause()

    def remove(self) -> None:
        if self.container is not None:
            self.container.stop()
            self.container = None

    def _run(
        self, image: str, ports: dict[int, int], environment: dict[str, str], command: list[str] | None = None
    ) -> None:
        if self.container is None:
            self.container = _container(image, ports, environment, command)
        else:
            self.container.get_wrapped_container().start()


class ContainerBroker(_Contained, Broker):
    def __init__(self) -> None:
        amqp, self._management_port = free_ports(2)
        super().__init__(
            host=LOOPBACK,
            port=amqp,
            management_url=f"http://{LOOPBACK}:{self._management_port}",
            operator=Login(OPERATOR, new_password()),
        )

    def start(self) -> None:
        environment = {
            "RABBITMQ_DEFAULT_USER": self.operator.user,
            "RABBITMQ_DEFAULT_PASS": self.operator.password,
            "RABBITMQ_DEFAULT_VHOST": VHOST,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-rabbit max_message_size {MAX_MESSAGE_BYTES}",
        }
        self._run(RABBITMQ_IMAGE, {5672: self.port, 15672: self._management_port}, environment)
        wait_until(self.answers, what="RabbitMQ's container answers", timeout_seconds=START_SECONDS)


class ContainerDatabase(_Contained, Database):
    def __init__(self, *, failpoints: bool = False) -> None:
        self._port = free_ports(1)[0]
        self._failpoints = failpoints
        super().__init__(
            hosts=f"{LOOPBACK}:{self._port}",
            operator=Login(OPERATOR, new_password()),
            options={"directConnection": "true"},
        )

    def start(self) -> None:
        # The image makes the first user on a plain mongod; a set with access control needs a key file it does not make.
        script = (
            "head -c 96 /dev/urandom | base64 -w 0 > /data/set.key;"
            " chmod 600 /data/set.key; chown mongodb /data/set.key;"
            f" exec docker-entrypoint.sh mongod --bind_ip_all --replSet {REPLICA_SET} --keyFile /data/set.key"
            f" --wiredTigerCacheSizeGB {CACHE_GIB}"
            + (" --setParameter enableTestCommands=1" if self._failpoints else "")
        )
        environment = {
            "MONGO_INITDB_ROOT_USERNAME": self.operator.user,
            "MONGO_INITDB_ROOT_PASSWORD": self.operator.password,
        }
        self._run(MONGODB_IMAGE, {27017: self._port}, environment, ["bash", "-c", script])
        wait_until(self._writable, what="MongoDB's container takes writes", timeout_seconds=START_SECONDS)

    def _writable(self) -> bool:
        errors = import_module("pymongo.errors")
        with self.client() as client:
            try:
                hello = client.admin.command("hello")
                if "setName" not in hello:
                    member = {"_id": 0, "host": f"{LOOPBACK}:27017"}
                    client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
                return bool(hello.get("isWritablePrimary"))
            except errors.PyMongoError:
                return False
