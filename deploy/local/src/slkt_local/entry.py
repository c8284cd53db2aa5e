"""The one local entry: nginx as a process of ours in front of the five services, as the Ingress is in a cluster."""

import grp
import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from slkt_local.entry_configuration import Place, configuration
from slkt_local.install import Say, nginx
from slkt_local.ports import LOOPBACK, free_ports, listens
from slkt_local.processes import Program
from slkt_local.server import Native
from slkt_local.settings import inherited

START_SECONDS = 10
#: The entry speaks to the services from an address of its own (all of 127.0.0.0/8 is this machine's): they believe what
#: comes from there, and of nobody else on this machine, whoever knocks at their own doors.
SPEAKS_FROM = "127.0.0.2"


class Entry(Native):
    """On one port from start to start. ``targets``: service → host:port of its door."""

    def __init__(self, root: Path, targets: Mapping[str, str], say: Say) -> None:
        self._say = say
        self.folder = root / "entry"
        self._log = root / "logs" / "entry.log"
        self.port = free_ports(1)[0]
        self._place = Place(
            listen=f"{LOOPBACK}:{self.port}",
            folder=str(self.folder),
            log=str(root / "logs" / "entry-outcomes.log"),
            errors=str(self._log),
            targets=targets,
            speaks_from=SPEAKS_FROM,
            user=_ourselves() if os.geteuid() == 0 else None,
        )

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Raises Missing where there is no nginx and none may be installed, StartFailed."""
        program = nginx(self._say)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = self.folder / "nginx.conf"
        told.write_text(configuration(self._place))
        self.program = Program(
            "entry",
            [str(program), "-e", str(self._log), "-p", str(self.folder), "-c", str(told)],
            env=inherited(),
            log=self._log,
            grace_seconds=5,
        )
        self.program.wait_until(
            lambda: listens(self.port), what="listening", timeout_seconds=START_SECONDS, every_seconds=0.02
        )

    def stop(self) -> None:
        if self.program is not None:
            self.program.stop()

    def kill(self) -> None:
        if self.program is not None:
            self.program.kill()


def _ourselves() -> str:
    """Started by a superuser, nginx would make its worker somebody who cannot enter our folder."""
    return f"{pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name}"
