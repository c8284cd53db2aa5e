"""How does a RabbitMQ of another release run here? Its files lie in a folder of their own, and it alone sees them.

`python -m slkt_local.private_root FOLDER` makes the folder: Debian's packages, resolved by apt against an empty list of
installed ones and only unpacked, so that no package's script runs and nobody need be root. The broker is started in a
mount namespace where the folder's `usr` stands in the place of `/usr`; data, ports and process ids are shared.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from slkt_local.install import RABBITMQ_SERVER, Missing, Say
from slkt_local.settings import LocalSettings, local_settings

#: Brings RabbitMQ 4.0.
RELEASE = "trixie"
#: What the server's own scripts call is needed beside it.
PACKAGES = ("rabbitmq-server", "coreutils", "dash", "grep", "hostname", "libc-bin", "mawk", "sed")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NEEDED = ("apt-get", "dpkg-deb", "unshare", "mount")
HOW = (
    " -- or give SLKT_RABBITMQ_ROOT, the folder of another root (whose usr/lib/rabbitmq/bin/rabbitmq-server is there)."
)


def version(root: Path) -> tuple[int, ...]:
    """Of the server in `root`. Raises Missing."""
    for place in (root / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*"):
        return tuple(int(part) for part in place.name.partition("-")[2].split(".") if part.isdigit())
    raise Missing(f"{root} tidak berisi / holds no RabbitMQ. Buat / make it: python -m slkt_local.private_root {root}")


def command(root: Path, program: str = RABBITMQ_SERVER.name) -> list[str]:
    """Starts the server of `root`, or a tool beside it; what is started becomes it. Raises Missing.

    More words may follow: they are the program's own.
    """
    version(root)
    root = root.resolve()
    if root.is_relative_to("/usr"):
        raise Missing(f"{root} lies below /usr, which the root itself is to cover; move it elsewhere")
    inside = 'mount --rbind "$1" /usr && shift && exec "$@"'
    return [*_namespace(), "sh", "-c", inside, "sh", str(root / "usr"), str(RABBITMQ_SERVER.with_name(program))]


def _namespace() -> list[str]:
    """As whoever we are where that may mount, else as root of a namespace of our own. Raises Missing."""
    ways = [["unshare", "--user", "--map-root-user", "--mount"]]
    if os.geteuid() == 0:
        ways.insert(0, ["unshare", "--mount"])
    for way in ways:
        if shutil.which("unshare") and _said([*way, "mount", "--rbind", "/usr", "/usr"]).returncode == 0:
            return way
    raise Missing(
        "ruang nama mount tidak diizinkan / no mount namespace allowed here (unshare --user --mount, util-linux):"
        " a container needs CAP_SYS_ADMIN, Ubuntu 24.04 kernel.apparmor_restrict_unprivileged_userns=0"
    )


def make(root: Path, say: Say) -> None:
    """Have a RabbitMQ 4.x in `root`; nothing is done where it is. Raises Missing."""
    if (root / "usr/lib/rabbitmq/lib").exists():
        return
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking:
        raise Missing(f"{', '.join(lacking)} tidak ditemukan / not found; a private root needs Debian's tools{HOW}")
    root = root.resolve()
    root.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, not in /tmp: it is moved there as a whole, complete or not at all.
    with TemporaryDirectory(dir=root.parent, prefix=f".{root.name}.") as scratch:
        apt = _Apt(Path(scratch, "apt"), _mirror(local_settings()))
        say(f"RabbitMQ 4: daftar paket / reading the list of packages of Debian {RELEASE}")
        apt.run("update")
        say("RabbitMQ 4: mengunduh / downloading some 70 MB of packages (once)")
        apt.run("install", "--yes", "--download-only", *PACKAGES)
        say("RabbitMQ 4: membongkar / unpacking")
        half = Path(scratch, "root")
        for package in apt.packages():
            _must(["dpkg-deb", "--extract", str(package), str(half)], f"{package.name} cannot be unpacked")
        version(half)
        half.replace(root)


class _Apt:
    """apt with lists, cache and status of its own, and the machine's settings for everything else, such as a proxy."""

    def __init__(self, home: Path, mirror: str) -> None:
        self._archives = home / "cache/archives"
        for folder in (home / "lists/partial", self._archives / "partial"):
            folder.mkdir(parents=True)
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        (home / "sources.list").write_text(f"deb {signed}{mirror} {RELEASE} main\n")
        (home / "status").touch()
        own = {
            "Dir::State::status": home / "status",
            "Dir::State::lists": home / "lists",
            "Dir::Cache": home / "cache",
            "Dir::Etc::sourcelist": home / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Acquire::Languages": "none",
            "APT::Install-Recommends": "false",
            "APT::Default-Release": RELEASE,
            "APT::Sandbox::User": "",
            "APT::Update::Error-Mode": "any",
        }
        self._options = [word for name, value in own.items() for word in ("-o", f"{name}={value}")]

    def run(self, *what: str) -> None:
        _must(["apt-get", "-q", *self._options, *what], f"apt-get {what[0]} for a private root failed{HOW}")

    def packages(self) -> list[Path]:
        return sorted(self._archives.glob("*.deb"))


def _mirror(settings: LocalSettings) -> str:
    """Where this machine's own Debian comes from, unless another is said. Raises Missing."""
    if settings.debian_mirror:
        return settings.debian_mirror
    system = platform.freedesktop_os_release()
    if system.get("ID") == "debian":
        own = {system.get("VERSION_CODENAME"), "stable", "oldstable", "testing"}
        # --no-release-info: also where no list was fetched yet, as in a fresh image.
        said = _said(
            ["apt-get", "indextargets", "--no-release-info", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)"]
        )
        for line in said.stdout.splitlines():
            release, component, address = line.split(" ", 2)
            if release in own and component == "main":
                return address
    raise Missing(
        "apt mesin ini tidak menyebut cermin Debian / this machine's apt names no mirror of Debian:"
        f" set SLKT_DEBIAN_MIRROR to one's address, and install debian-archive-keyring{HOW}"
    )


def _said(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _must(command: Sequence[str], otherwise: str) -> None:
    said = _said(command)
    if said.returncode != 0:
        raise Missing(f"{otherwise}\n{said.stderr.strip() or said.stdout.strip()}")


def main(arguments: Sequence[str]) -> int:
    root = Path(arguments[0])
    try:
        make(root, print)
        print(f"RabbitMQ {'.'.join(map(str, version(root)))}: {root}")
        command(root)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
