"""The secrets of a deployment: complete, each with its owner only, the same at the second call, and valid objects."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from deploy.rendering import SERVICES, rendered

ROOT = Path(__file__).resolve().parents[2]


def make(folder: Path, *more: str) -> str:
    command = [sys.executable, str(ROOT / "deploy" / "make_secrets.py"), str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("secrets") / "kind"
    make(made)
    return made


def env(folder: Path, name: str) -> dict[str, str]:
    lines = (folder / f"{name}.env").read_text().splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def everything(folder: Path) -> dict[str, str]:
    return {str(one.relative_to(folder)): one.read_text() for one in folder.rglob("*") if one.is_file()}


def test_a_second_call_changes_nothing(folder: Path) -> None:
    before = everything(folder)
    make(folder)
    assert everything(folder) == before


def test_nobody_else_on_this_machine_reads_them(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(one.stat().st_mode & 0o077 == 0 for one in folder.glob("*.env"))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_logs_in_as_itself_with_the_password_that_provisioning_sets(folder: Path, service: str) -> None:
    user = service.replace("-", "_")
    accounts = json.loads((folder / "provision" / "accounts.json").read_text())
    told = env(folder, service)
    assert told[f"{user.upper()}_AMQP_URL"] == f"amqp://{user}:{accounts['broker/' + user]}@rabbitmq:5672/slkt"
    assert f"mongodb://{user}:{accounts['database/' + user]}@mongo:27017/?" in told[f"{user.upper()}_MONGO_URL"]
    assert all(name.startswith(f"{user.upper()}_") for name in told)


def test_what_a_service_keeps_for_itself_is_sealed_with_a_key_of_its_own(folder: Path) -> None:
    keys = {name: env(folder, name).get(f"{name.upper().replace('-', '_')}_KEEP_KEY") for name in SERVICES}
    assert keys["intake"] and keys["pujk-gateway"] and keys["intake"] != keys["pujk-gateway"]
    assert [name for name, key in keys.items() if key] == ["intake", "pujk-gateway"]


def test_a_key_that_some_share_is_with_these_alone(folder: Path) -> None:
    secret = env(folder, "intake") | env(folder, "notifier")
    texts = everything(folder)
    for name, holders in (
        ("INTAKE_MASTER_KEY", {"intake"}),
        ("INTAKE_PIN_KEY", {"intake", "tracking"}),
        ("NOTIFIER_LINK_KEY", {"intake", "notifier", "tracking"}),
    ):
        found = {path for path, text in texts.items() if secret[name] in text and not path.startswith("keys/")}
        assert found == {f"{holder}.env" for holder in holders}


def test_private_keys_go_to_their_owners_only(folder: Path) -> None:
    holds = {one: {file.name for file in (folder / one).iterdir()} for one in SERVICES}
    assert holds["intake"] == {
        *("staff.jwk", "audit.jwk", "service.jwk", "services.jwks", "door.jwk", "channels.json"),
    }
    assert holds["routing"] == {"staff.jwks", "audit.jwk"}
    assert holds["pujk-gateway"] == {"staff.jwks", "audit.jwk", "service.jwk", "people.jwk"}
    assert holds["notifier"] == {"staff.jwks", "audit.jwk", "service.jwk"}
    assert holds["tracking"] == {"staff.jwks", "audit.jwk", "service.jwk", "services.jwks"}
    for asker in ("intake", "notifier", "tracking"):
        assert json.loads((folder / asker / "service.jwk").read_text())["kid"] == asker.replace("-", "_")
    audit = {one: json.loads((folder / one / "audit.jwk").read_text()) for one in SERVICES}
    assert {one: key["kid"] for one, key in audit.items()} == {one: f"{one.replace('-', '_')}:1" for one in SERVICES}
    assert len({key["d"] for key in audit.values()}) == len(SERVICES)
    assert not any("d" in key for key in json.loads((folder / "intake" / "services.jwks").read_text())["keys"])


def test_provisioning_is_not_told_the_operators_password_twice(folder: Path) -> None:
    accounts = json.loads((folder / "provision" / "accounts.json").read_text())
    assert not [user for user in accounts if user.endswith(("/operator", "/keda"))]
    assert {f"broker/channel-{name}" for name in ("web", "phone")} <= accounts.keys()


@pytest.mark.parametrize("overlay", ["local", "staging", "production"])
def test_every_secret_that_the_manifests_name_is_made(folder: Path, overlay: str) -> None:
    made = {(one["metadata"]["namespace"], one["metadata"]["name"]) for one in secret_objects(folder)}
    named = {(one["metadata"]["namespace"], name) for one in rendered(overlay) for name in secrets_named_in(one)}
    assert len(named) > 10
    assert named <= made


def secrets_named_in(value: Any) -> set[str]:
    """Names below every secretRef, secretName and secretTargetRef."""
    if isinstance(value, list):
        return set().union(*(secrets_named_in(one) for one in value))
    if not isinstance(value, dict):
        return set()
    found = set[str]()
    for key, below in value.items():
        if key == "secretRef":
            found.add(below["name"])
        elif key == "secretName":
            found.add(below)
        elif key == "secretTargetRef":
            found |= {one["name"] for one in below}
        else:
            found |= secrets_named_in(below)
    return found


def secret_objects(folder: Path) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(make(folder, "--objects"))["items"]
    return items


def test_the_printed_secrets_are_valid_objects(folder: Path) -> None:
    for one in secret_objects(folder):
        kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)


def test_the_hosts_can_be_given_a_suffix(tmp_path: Path) -> None:
    make(tmp_path / "kind", "--suffix", ".slkt-data")
    assert "@mongo.slkt-data:27017/" in env(tmp_path / "kind", "routing")["ROUTING_MONGO_URL"]
    assert env(tmp_path / "kind", "provision")["SLKT_AMQP_MANAGEMENT_URL"] == "http://rabbitmq.slkt-data:15672"
