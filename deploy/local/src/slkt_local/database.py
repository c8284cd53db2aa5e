"""One MongoDB replica set: where it is, who runs it, and how to stop, kill or freeze it. Here: given, or native."""

import base64
from collections.abc import Mapping
from pathlib import Path
from secrets import token_bytes
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from slkt_local.addresses import OPERATOR, Login, new_password, remembered, write_private
from slkt_local.install import Say, mongod
from slkt_local.ports import LOOPBACK, free_ports
from slkt_local.processes import Program
from slkt_local.server import Given, Native, NotOurs, Server
from slkt_local.settings import inherited

REPLICA_SET = "slkt"
CACHE_GIB = 0.25
OPLOG_MIB = 256
START_SECONDS = 60

Client = MongoClient[dict[str, Any]]


class Database(Server):
    """A running replica set with access control. `operator` is its administrator."""

    def __init__(self, *, hosts: str, operator: Login, options: Mapping[str, str], scheme: str = "mongodb") -> None:
        self.hosts = hosts
        self.operator = operator
        self._options = dict(options)
        self._scheme = scheme

    @property
    def mongo_url(self) -> str:
        """The administrator's."""
        return self.url_for(self.operator)

    def url_for(self, login: Login) -> str:
        """Accounts live in `admin`; which database they may use is their role's matter."""
        query = urlencode({**self._options, "authSource": "admin"})
        return urlunsplit((self._scheme, f"{login.in_url()}@{self.hosts}", "/", query, ""))

    def client(self) -> Client:
        """The administrator's connection; close it (it is a context manager)."""
        return MongoClient(self.mongo_url, serverSelectionTimeoutMS=10_000)


class GivenDatabase(Given, Database):
    """The one the environment names."""

    setting = "SLKT_MONGO_URL"

    def __init__(self, mongo_url: str) -> None:
        parts = urlsplit(mongo_url)
        userinfo, _, hosts = parts.netloc.rpartition("@")
        self._url = mongo_url
        login = Login(parts.username or "", parts.password or "")
        if not userinfo or not login.password:
            raise NotOurs(
                "SLKT_MONGO_URL names no user and password; an administrator's are needed to make a user per service"
            )
        options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        super().__init__(hosts=hosts, operator=login, options=options, scheme=parts.scheme)

    @property
    def mongo_url(self) -> str:
        return self._url

    def start(self) -> None:
        with self.client() as client:
            hello = client.admin.command("hello")
        if "setName" not in hello:
            raise NotOurs("the database given by SLKT_MONGO_URL is not a replica set, which majority writes need")


class NativeDatabase(Native, Database):
    """A `mongod` of our own: one member, access control, a small cache; beside any other mongod.

    `failpoints=True` lets tests order failures (`configureFailPoint`).
    """

    def __init__(self, root: Path, *, say: Say = print, cache_gib: float = CACHE_GIB, failpoints: bool = False) -> None:
        self._root = root
        self._say = say
        self._cache_gib = cache_gib
        self._failpoints = failpoints
        known = remembered(root / "address.json", {"port": free_ports(1)[0], "password": new_password()})
        self._port = int(known["port"])
        super().__init__(
            hosts=f"{LOOPBACK}:{self._port}",
            operator=Login(OPERATOR, known["password"]),
            options={"replicaSet": REPLICA_SET},
        )

    def start(self) -> None:
        (self._root / "data").mkdir(parents=True, exist_ok=True)
        key = self._root / "set.key"
        if not key.exists():
            write_private(key, base64.b64encode(token_bytes(96)).decode())
        command = [
            str(mongod(self._say)),
            "--dbpath",
            "data",
            "--port",
            str(self._port),
            "--bind_ip",
            LOOPBACK,
            "--nounixsocket",
            "--replSet",
            REPLICA_SET,
            "--keyFile",
            "set.key",
            "--oplogSize",
            str(OPLOG_MIB),
            "--wiredTigerCacheSizeGB",
            str(self._cache_gib),
            "--setParameter",
            "diagnosticDataCollectionEnabled=false",
        ]
        if self._failpoints:
            command += ["--setParameter", "enableTestCommands=1"]
        self.program = Program(
            "mongod",
            command,
            env={**inherited(), "HOME": str(self._root)},
            log=self._root / "mongod.log",
            cwd=self._root,
        )
        try:
            self.program.wait_until(
                self._writable, what="taking writes", timeout_seconds=START_SECONDS, every_seconds=0.05
            )
        except BaseException:
            self.program.kill()
            raise

    def _writable(self) -> bool:
        """One step towards a primary with an administrator; True once it is there."""
        with self._local_client() as client:
            try:
                hello = client.admin.command("hello")
                if hello.get("isWritablePrimary"):
                    return self._has_operator(client)
                if "setName" not in hello:
                    client.admin.command(
                        "replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": self.hosts}]}
                    )
            except ConnectionFailure:
                return False
            except OperationFailure as refusal:
                # Not yet up, or asked twice (an initiated set that is just starting again wants a login).
                if refusal.code not in {13, 23, 94, 11600}:
                    raise
        return False

    def _has_operator(self, client: Client) -> bool:
        """MongoDB lets the first user be made from this machine without a login, and never again."""
        try:
            client.admin.command("createUser", self.operator.user, pwd=self.operator.password, roles=["root"])
        except OperationFailure as refusal:
            if refusal.code not in {13, 51003}:
                raise
        with self.client() as mine:
            mine.admin.command("ping")
        return True

    def _local_client(self) -> Client:
        return MongoClient(
            LOOPBACK, self._port, directConnection=True, serverSelectionTimeoutMS=300, connectTimeoutMS=1_000
        )
