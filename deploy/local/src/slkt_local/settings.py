"""What this machine's environment says about where the servers are."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LocalSettings:
    """SLKT_AMQP_URL and SLKT_AMQP_MANAGEMENT_URL (administrator's), SLKT_MONGO_URL (administrator's), SLKT_SERVERS.

    SLKT_SERVERS=native leaves a Docker engine aside, =docker insists on it; anything else tries Docker, then native.
    SLKT_RABBITMQ_ROOT: the broker is the one in this private root. SLKT_DEBIAN_MIRROR: where such a root comes from.
    """

    amqp_url: str | None
    amqp_management_url: str | None
    mongo_url: str | None
    servers: str
    rabbitmq_root: Path | None = None
    debian_mirror: str | None = None


def local_settings() -> LocalSettings:
    return LocalSettings(
        amqp_url=os.environ.get("SLKT_AMQP_URL") or None,
        amqp_management_url=os.environ.get("SLKT_AMQP_MANAGEMENT_URL") or None,
        mongo_url=os.environ.get("SLKT_MONGO_URL") or None,
        servers=os.environ.get("SLKT_SERVERS", "").strip().lower(),
        rabbitmq_root=Path(root) if (root := os.environ.get("SLKT_RABBITMQ_ROOT")) else None,
        debian_mirror=os.environ.get("SLKT_DEBIAN_MIRROR") or None,
    )


PROVISIONING = ("SLKT_AMQP_URL", "SLKT_AMQP_MANAGEMENT_URL", "SLKT_MONGO_URL", "SLKT_ACCOUNTS")


def not_said_for_provisioning() -> list[str]:
    """What `slkt_local.provision` needs and nobody said."""
    return [name for name in PROVISIONING if not os.environ.get(name)]


def accounts_file() -> Path:
    """The passwords to be set, by account."""
    return Path(os.environ["SLKT_ACCOUNTS"])


def docker_sockets() -> list[str]:
    """Where an engine may listen, the one asked for first."""
    asked = os.environ.get("DOCKER_HOST")
    if asked:
        return [asked]
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    home = Path.home()
    return [
        "unix:///var/run/docker.sock",
        f"unix://{runtime}/docker.sock",
        f"unix://{home}/.docker/run/docker.sock",
        f"unix://{runtime}/podman/podman.sock",
        "unix:///run/podman/podman.sock",
    ]


def inherited() -> dict[str, str]:
    """What any program needs of the environment; nothing that could steer a server or a service by accident."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ", "SSL_CERT_FILE", "COVERAGE_PROCESS_START")
    return {name: os.environ[name] for name in kept if name in os.environ}
