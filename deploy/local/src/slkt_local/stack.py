"""Everything running together on this machine: servers, accounts, topology, five services; stopped in order."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from chassis.topology import declare
from contracts.broker import Topology
from contracts.topology import OWNERS

from contracts import topology
from slkt_local.accounts import Accounts, add_firms, declare_accounts
from slkt_local.addresses import write_private_json
from slkt_local.broker import Broker
from slkt_local.channels import keys_of
from slkt_local.database import Database
from slkt_local.entry import Entry
from slkt_local.firms import People, named, onboard
from slkt_local.install import Say
from slkt_local.mail import MailServer
from slkt_local.member import Kept
from slkt_local.secrets import Secrets, make_secrets
from slkt_local.servers import end, forget, start_both
from slkt_local.services import Service, doors_of_all, settings_of
from slkt_local.staff import staff_of

DESCRIPTION = "stack.json"
LOCK = "stack.lock"


class AlreadyRunning(RuntimeError):
    """Another process runs a stack in this folder."""


class Stack:
    """One stack below `root`; any number side by side in different roots. `with Stack(root) as stack: ...`

    Data of an earlier stack in `root` is removed, unless `keep` is said. `environment` adds settings by service,
    without prefix. `say` gets one line before each wait.
    """

    broker: Broker
    database: Database
    mail: MailServer
    entry: Entry
    secrets: Secrets
    accounts: Accounts

    def __init__(
        self,
        root: Path,
        *,
        say: Say = print,
        firms: Iterable[str] = (),
        services: Iterable[str] = OWNERS,
        environment: Mapping[str, Mapping[str, str]] | None = None,
        example_data: bool = False,
        log_level: str = "INFO",
        failpoints: bool = False,
        keep: bool = False,
    ) -> None:
        self.root = root.resolve()
        self.services: dict[str, Service] = {}
        self._say = say
        self._firms = list(firms)
        self._names = list(services)
        self._environment = environment or {}
        self._example_data = example_data
        self._log_level = log_level
        self._failpoints = failpoints
        self._keep = keep
        self._lock: TextIO | None = None
        self._staff: dict[str, Kept] = {}
        self._people: dict[str, People] = {}
        #: API key by channel; none where intake does not run.
        self.channel_keys: dict[str, str] = {}

    def start(self) -> Self:
        """Returns when every service is ready. Raises AlreadyRunning, Missing, StartFailed; then nothing runs."""
        self._take_lock()
        try:
            self._start_servers()
            self._start_services()
            self.describe()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """The entry first, then services, then what they stand on; at the end nothing runs and stack.json is gone."""
        (self.root / DESCRIPTION).unlink(missing_ok=True)
        entry: Entry | None = getattr(self, "entry", None)
        if entry is not None:
            entry.stop()
        with ThreadPoolExecutor(max(1, len(self.services))) as pool:
            list(pool.map(Service.stop, self.services.values()))
        for name in ("broker", "database"):
            server: Broker | Database | None = getattr(self, name, None)
            if server is not None:
                server.stop() if self._keep and server.pid is not None else end(server)
        mail: MailServer | None = getattr(self, "mail", None)
        if mail is not None:
            mail.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def add_firm(self, code: str) -> str:
        """User and queues of one more firm with a queue endpoint; its AMQP URL."""
        return self.add_firms([code])[code]

    def add_firms(self, codes: Iterable[str]) -> dict[str, str]:
        """Code → AMQP URL; stack.json is written anew. Where staff work they onboard them, and the people of the first
        one log in; ``codes`` may say their names."""
        names = named(codes)
        if self._staff and "pujk_gateway" in self.services:
            urls, self._people = onboard(self.services, self._staff, self.broker, self._account_store, names)
        else:
            urls = add_firms(self.broker, self._account_store, names)
            queues = tuple(queue for code in urls for queue in topology.firm(code).queues)
            _run(declare(self.broker.amqp_url, Topology(queues=queues), dead_exchange=topology.DEAD))
        self.accounts.firm_amqp |= urls
        self.describe()
        return urls

    def description(self) -> dict[str, Any]:
        """What scripts need of the running stack."""
        return {
            "amqp": self.broker.amqp_url,
            "amqp_management": self.broker.management_url,
            "mongo": self.database.mongo_url,
            "entry": self.entry.url,
            "services": {name: service.url for name, service in self.services.items()},
            "ops": {name: service.ops_url for name, service in self.services.items()},
            "smtp": self.mail.smtp_url,
            "mail_dir": str(self.mail.mail_dir),
            "door_key": str(self.secrets.door_public_key),
            "audit_keys": str(self.secrets.audit_keys),
            "audit_roots": str(self._audit_roots),
            "credentials": {
                "channels": self.accounts.channels(self.channel_keys),
                "pujk": self.accounts.firms(self._people),
                "staff": self._staff,
            },
            "logs": {name: str(service.log) for name, service in self.services.items()},
            "pids": {
                "stack": os.getpid(),
                "broker": self.broker.pid,
                "database": self.database.pid,
                "mail": self.mail.pid,
                "entry": self.entry.pid,
                **{name: service.pid for name, service in self.services.items()},
            },
        }

    def describe(self) -> None:
        """Write stack.json (0600); again after a process was started anew."""
        write_private_json(self.root / DESCRIPTION, self.description())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._say("Menghentikan semua / stopping everything")
        self.stop()

    @property
    def _account_store(self) -> Path:
        return self.root / "secrets" / "accounts.json"

    @property
    def _audit_roots(self) -> Path:
        return self.root / "audit"

    def _take_lock(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = (self.root / LOCK).open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise AlreadyRunning(f"a stack runs already in {self.root}; stop it first (`slkt down`)") from None
        (self.root / DESCRIPTION).unlink(missing_ok=True)
        if not self._keep:
            forget(self.root)
            for name in ("secrets", "logs", "audit", "keys"):
                shutil.rmtree(self.root / name, ignore_errors=True)

    def _start_servers(self) -> None:
        self.secrets = make_secrets(self.root / "secrets")
        self.mail = MailServer(self.root)
        self._say(f"Surat: menunggu server surat / waiting for the mail server, port {self.mail.port}")
        with ThreadPoolExecutor(1) as pool:
            mail = pool.submit(self.mail.start)
            self.broker, self.database = start_both(self.root, say=self._say, failpoints=self._failpoints)
            mail.result()
        self._say("Akun: membuat pengguna dan hak / making users and rights on both servers")
        self.accounts = declare_accounts(self.broker, self.database, self._account_store, firms=self._firms)
        self._say("Topologi: membuat antrean / declaring exchanges and queues")
        for page in (topology.suite(), *(topology.firm(code) for code in self._firms)):
            _run(declare(self.broker.amqp_url, page, dead_exchange=topology.DEAD))

    def _start_services(self) -> None:
        doors = doors_of_all()
        self._audit_roots.mkdir(exist_ok=True, mode=0o700)
        self.entry = Entry(self.root, {name: door.address for name, door in doors.items()}, self._say)
        for name in self._names:
            told = settings_of(
                name,
                accounts=self.accounts,
                secrets=self.secrets,
                doors=doors,
                smtp_url=self.mail.smtp_url,
                entry_url=self.entry.url,
                example_data=self._example_data,
                log_level=self._log_level,
            )
            told["AUDIT_ROOTS"] = str(self._audit_roots)
            told["KEYS_FOLDER"] = str(self.root / "keys" / name)
            told |= self._environment.get(name, {})
            self.services[name] = Service(name, doors[name], told, self.root / "logs" / f"{name}.log")
        for service in self.services.values():
            service.launch()
        self._say(f"Pintu masuk: menunggu nginx / waiting for the one entry, {self.entry.url}/")
        self.entry.start()
        if "intake" in self.services:
            store = self.root / "secrets" / "channel_keys.json"
            self.channel_keys = keys_of(self.services["intake"], topology.CHANNELS, store)
        for service in self.services.values():
            self._say(f"{service.name}: menunggu siap / waiting until it is ready, {service.ops_url}/ready")
            service.wait_ready()
        if self._example_data and "intake" in self.services:
            self._say("Petugas: membuat akun / making accounts of the staff")
            self._staff = staff_of(self.services["intake"], self.root / "secrets" / "staff.json")


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Also from inside somebody's event loop: it gets a thread and a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
