"""The five services as programs: what is each told, when is it ready, how is one stopped, killed, started again?"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from chassis.trust import trust
from contracts.topology import OWNERS

from slkt_local.accounts import Accounts
from slkt_local.entry import SPEAKS_FROM
from slkt_local.ports import LOOPBACK, free_ports
from slkt_local.processes import Program
from slkt_local.secrets import ASKED, ASKERS, Secrets
from slkt_local.settings import inherited

READY_SECONDS = 60
GRACE_SECONDS = 20
MAIL_FROM = "slkt@contoh.example"


@dataclass(frozen=True)
class Doors:
    """Ports of one service."""

    http: int
    ops: int

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.http}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def ops_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ops}"


def doors_of_all() -> dict[str, Doors]:
    ports = free_ports(2 * len(OWNERS))
    return {name: Doors(ports[2 * i], ports[2 * i + 1]) for i, name in enumerate(OWNERS)}


def settings_of(
    name: str,
    *,
    accounts: Accounts,
    secrets: Secrets,
    doors: Mapping[str, Doors],
    smtp_url: str,
    entry_url: str,
    example_data: bool,
    log_level: str,
) -> dict[str, str]:
    """A service's environment without its prefix: what all get, then the secrets that only this one may hold."""
    told = {
        "MONGO_URL": accounts.service_mongo[name],
        "MONGO_DATABASE": name,
        "AMQP_URL": accounts.service_amqp[name],
        "HTTP_HOST": LOOPBACK,
        "HTTP_PORT": str(doors[name].http),
        "OPS_HOST": LOOPBACK,
        "OPS_PORT": str(doors[name].ops),
        "TRUSTED_PROXIES": SPEAKS_FROM,
        "LOG_LEVEL": log_level,
        "STAFF_KEYS": f"{doors['intake'].url}/staff/jwks.json {secrets.staff_keys}",
        "AUDIT_KEY": str(secrets.audit_key(name)),
        "KEY_DESK_URL": doors["intake"].url,
        "EXAMPLE_DATA": "true" if example_data else "false",
    }
    if name in ASKERS:
        told["SERVICE_KEY"] = str(secrets.service_key(name))
    if name in ASKED:
        told["SERVICE_KEYS"] = str(secrets.service_keys)
    if name in secrets.keep_keys:
        told["KEEP_KEY"] = secrets.keep_keys[name]
    if name in ("intake", "tracking"):
        told["PIN_KEY"] = secrets.pin_key
    if name in ("intake", "notifier", "tracking"):
        told["LINK_KEY"] = secrets.link_key
    if name == "intake":
        told |= {
            "TRACKING_URL": doors["tracking"].url,
            "STAFF_KEY": str(secrets.staff_key),
            "MASTER_KEY": secrets.master_key,
            "NUMBER_KEY": secrets.number_key,
            "DOOR_KEY": str(secrets.door_key),
            "CHANNELS": str(secrets.channels),
            "DIRECTORY_URL": doors["routing"].url,
            "PUBLIC_URL": entry_url,
        }
    if name == "pujk_gateway":
        told |= {
            "PUBLIC_URL": entry_url,
            "PEOPLE_KEY": str(secrets.people_key),
            "MASTER_KEY": secrets.people_master_key,
            "BROKER_API": accounts.onboarding,
        }
    if name == "notifier":
        told |= {"SMTP_URL": smtp_url, "MAIL_FROM": MAIL_FROM, "TRACKING_URL": f"{entry_url}/"}
        # Who looks on waits for no second message: what waits already still goes in one.
        told["GATHER_SECONDS"] = "0"
    return told


class Service:
    """One service as a process of its own, on the same ports and settings whenever it is started again."""

    def __init__(self, name: str, doors: Doors, told: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.doors = doors
        self.told = dict(told)
        self.log = log
        #: What is run; a test may put a program of its own around the service.
        self.command = [sys.executable, "-m", name]
        self._program: Program | None = None

    @property
    def url(self) -> str:
        return self.doors.url

    @property
    def ops_url(self) -> str:
        return self.doors.ops_url

    @property
    def pid(self) -> int | None:
        return self._program.pid if self._program and self._program.running else None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; 128 + number after a signal."""
        return self._program.exit_code if self._program else None

    def launch(self, extra: Mapping[str, str] | None = None) -> None:
        """Start without waiting; `extra` is put into the environment as it stands, for this start only."""
        if self.pid is not None:
            raise RuntimeError(f"{self.name} runs already (process {self.pid})")
        self._program = Program(
            self.name,
            self.command,
            env={**self.environment(), **(extra or {})},
            log=self.log,
            grace_seconds=GRACE_SECONDS,
        )

    def environment(self) -> dict[str, str]:
        """What the service is told; a command beside it is told the same."""
        prefix = f"{self.name.upper()}_"
        return {**inherited(), "PYTHONUNBUFFERED": "1", **{prefix + key: value for key, value in self.told.items()}}

    def wait_ready(self, timeout_seconds: float = READY_SECONDS) -> None:
        """Raises StartFailed with the end of its log."""
        self._running().wait_until(self.ready, what="ready", timeout_seconds=timeout_seconds)

    def ready(self) -> bool:
        url = f"{self.ops_url}/ready"
        try:
            return httpx.get(url, timeout=2, trust_env=False, verify=trust(url)).status_code == 200
        except httpx.HTTPError:
            return False

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        self.launch(extra)
        self.wait_ready()

    def stop(self) -> None:
        """SIGTERM: it drains and ends; SIGKILL after the grace."""
        if self._program is not None:
            self._program.stop()

    def kill(self) -> None:
        if self._program is not None:
            self._program.kill()

    def freeze(self) -> None:
        self._running().freeze()

    def thaw(self) -> None:
        self._running().thaw()

    def wait_end(self, timeout_seconds: float) -> int:
        """Until it ends by itself; its exit code. Raises subprocess.TimeoutExpired."""
        return self._running().wait(timeout_seconds)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _running(self) -> Program:
        if self._program is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._program
