"""Which secrets does a deployment need? All of them, made once into a private folder, for compose and Kubernetes.

    make_secrets.py .local/compose                                      for deploy/compose.yaml
    make_secrets.py .local/kind --suffix .slkt-data                     for the overlay `local`, then
    make_secrets.py .local/kind --suffix .slkt-data --objects | kubectl apply -f -

Per service NAME: NAME.env (its environment) and NAME/ (its files, seen at /run/slkt); the same for rabbitmq, mongo and
provision. keys/ holds what the operator keeps: the staff issuer's private key, and audit.jwks, the public keys
that `slkt audit verify` asks for. Channels' API keys are made by intake: `python -m intake.channel_key` beside it.
What is there already stays, so a second call changes no password. For trying and rehearsing: in production a vault
makes Secrets of the same names.
"""

import argparse
import base64
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any
from urllib.parse import urlencode

from contracts.topology import CHANNELS, OWNERS, VHOST, channel_user
from slkt_local.accounts import ONBOARDING
from slkt_local.addresses import OPERATOR, Login, new_password, remembered, write_private, write_private_json
from slkt_local.database import REPLICA_SET
from slkt_local.secrets import ASKED, ASKERS, Secrets, make_secrets

#: Where the containers see the files of this folder.
INSIDE = "/run/slkt"
SUITE, DATA = "slkt", "slkt-data"


@dataclass(frozen=True)
class Places:
    """Where broker and database are, as the containers say it."""

    broker: str
    database: str

    def amqp(self, login: Login) -> str:
        return f"amqp://{login.in_url()}@{self.broker}:5672/{VHOST}"

    def mongo(self, login: Login) -> str:
        options = urlencode({"replicaSet": REPLICA_SET, "authSource": "admin"})
        return f"mongodb://{login.in_url()}@{self.database}:27017/?{options}"


def dashed(service: str) -> str:
    """`pujk_gateway` → `pujk-gateway`: Kubernetes names take no underscore."""
    return service.replace("_", "-")


def write_all(folder: Path, places: Places) -> None:
    """Every env file and every folder of files below `folder` (0700)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    keys = make_secrets(folder / "keys")
    users = [f"broker/{name}" for name in (*OWNERS, *map(channel_user, CHANNELS), OPERATOR, ONBOARDING, "keda")]
    users += [f"database/{name}" for name in (*OWNERS, OPERATOR)]
    store = folder / "keys" / "accounts.json"
    # A user that is new since the last call gets a password, and the others keep theirs.
    accounts = {user: new_password() for user in users} | remembered(store, {})
    write_private_json(store, accounts)
    set_key = remembered(folder / "keys" / "set.json", {"key": base64.b64encode(token_bytes(96)).decode()})["key"]
    logins = {user: Login(user.partition("/")[2], accounts[user]) for user in users}
    for service in OWNERS:
        _write_env(folder / f"{dashed(service)}.env", dict(_environment(service, logins, places, keys)))
        _write_files(folder / dashed(service), dict(_files(service, keys)))
    for_services = {user: word for user, word in accounts.items() if not user.endswith((f"/{OPERATOR}", "/keda"))}
    _write_files(folder / "provision", {"accounts.json": json.dumps(for_services, indent=2)})
    _write_files(folder / "mongo", {"mongo.key": set_key})
    broker, database = logins[f"broker/{OPERATOR}"], logins[f"database/{OPERATOR}"]
    _write_env(
        folder / "provision.env",
        {
            "SLKT_AMQP_URL": places.amqp(broker),
            "SLKT_AMQP_MANAGEMENT_URL": f"http://{places.broker}:15672",
            "SLKT_MONGO_URL": places.mongo(database),
            "SLKT_ACCOUNTS": f"{INSIDE}/accounts.json",
        },
    )
    _write_env(
        folder / "rabbitmq.env",
        {"RABBITMQ_DEFAULT_USER": broker.user, "RABBITMQ_DEFAULT_PASS": broker.password},
    )
    _write_env(
        folder / "mongo.env",
        {"MONGO_INITDB_ROOT_USERNAME": database.user, "MONGO_INITDB_ROOT_PASSWORD": database.password},
    )
    _write_env(folder / "keda.env", {"HOST": f"http://{logins['broker/keda'].in_url()}@{places.broker}:15672"})


def _environment(service: str, logins: Mapping[str, Login], places: Places, keys: Secrets) -> Iterator[tuple[str, str]]:
    """The secrets among a service's settings; the rest is said by compose.yaml and by the ConfigMaps."""
    prefix = f"{service.upper()}_"
    yield f"{prefix}MONGO_URL", places.mongo(logins[f"database/{service}"])
    yield f"{prefix}AMQP_URL", places.amqp(logins[f"broker/{service}"])
    if service in keys.keep_keys:
        yield f"{prefix}KEEP_KEY", keys.keep_keys[service]
    if service in ("intake", "tracking"):
        yield f"{prefix}PIN_KEY", keys.pin_key
    if service in ("intake", "notifier", "tracking"):
        yield f"{prefix}LINK_KEY", keys.link_key
    if service == "pujk_gateway":
        yield f"{prefix}MASTER_KEY", keys.people_master_key
        yield f"{prefix}BROKER_API", f"http://{logins[f'broker/{ONBOARDING}'].in_url()}@{places.broker}:15672"
    if service == "intake":
        yield f"{prefix}MASTER_KEY", keys.master_key
        yield f"{prefix}NUMBER_KEY", keys.number_key


def _files(service: str, keys: Secrets) -> Iterator[tuple[str, str]]:
    yield "audit.jwk", keys.audit_key(service).read_text()
    if service in ASKERS:
        yield "service.jwk", keys.service_key(service).read_text()
    if service in ASKED:
        yield "services.jwks", keys.service_keys.read_text()
    if service == "intake":
        yield "door.jwk", keys.door_key.read_text()
        yield "staff.jwk", keys.staff_key.read_text()
        yield "channels.json", keys.channels.read_text()
    else:
        yield "staff.jwks", keys.staff_keys.read_text()
    if service == "pujk_gateway":
        yield "people.jwk", keys.people_key.read_text()


def _write_env(path: Path, values: Mapping[str, str]) -> None:
    write_private(path, "".join(f"{name}={value}\n" for name, value in values.items()))


def _write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Readable by the container's user, who is nobody on this machine; the folder around keeps everybody else out."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o644)
    folder.chmod(0o755)


def objects(folder: Path) -> dict[str, Any]:
    """What `folder` holds as a List of Secrets: NAME.env as NAME-env, NAME/ as NAME-files."""
    secrets = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".env":
            pairs = (line.partition("=") for line in path.read_text().splitlines())
            secrets.append(_secret(path.stem, "env", {name: value for name, _, value in pairs}))
        elif path.is_dir() and path.name != "keys":
            secrets.append(_secret(path.name, "files", {one.name: one.read_text() for one in path.iterdir()}))
    return {"apiVersion": "v1", "kind": "List", "items": secrets}


def _secret(name: str, what: str, data: dict[str, str]) -> dict[str, Any]:
    namespace = DATA if name in ("rabbitmq", "mongo") else SUITE
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"{name}-{what}", "namespace": namespace, "labels": {"app.kubernetes.io/part-of": SUITE}},
        "stringData": data,
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the folder; with --objects print it as Secrets too."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suffix", default="", help="after `rabbitmq` and `mongo` (default: none, as in compose)")
    parser.add_argument("--objects", action="store_true", help="print the Secrets as JSON for `kubectl apply -f -`")
    chosen = parser.parse_args(arguments)
    write_all(chosen.folder, Places(f"rabbitmq{chosen.suffix}", f"mongo{chosen.suffix}"))
    if chosen.objects:
        json.dump(objects(chosen.folder), sys.stdout, indent=2)
    else:
        print(f"{chosen.folder}: secrets of {', '.join(map(dashed, OWNERS))}, broker, database and provisioning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
