"""compose.yaml is what the Compose specification says, and its services are confined, ordered and told everything."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml
from deploy.rendering import ROOT

COMPOSE = ROOT / "deploy" / "compose.yaml"
SERVICES = ("intake", "routing", "pujk_gateway", "notifier", "tracking")
ONCE = ("setup", "replica-set")


def interpolated(text: str) -> str:
    """`${NAME:-default}` → default, as Compose does without NAME; a variable without a default is an error."""
    said = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", text)
    assert "${" not in said, "a variable without a default stops `docker compose up`"
    return said


@pytest.fixture
def services() -> dict[str, Any]:
    them: dict[str, Any] = yaml.safe_load(interpolated(COMPOSE.read_text()))["services"]
    return them


def check(text: str) -> None:
    """Raises ValueError where the specification is broken."""
    # The validator reads no merge keys: they are resolved by a loader first.
    document = yaml.safe_dump(yaml.safe_load(interpolated(text)), sort_keys=False)
    compose_spec.PyCompose.from_yaml(document).validate()


def test_it_keeps_the_specification() -> None:
    check(COMPOSE.read_text())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("service_completed_successfully", "service_finished"),
        ("read_only: true", 'read_only: "perhaps"'),
        ("healthcheck: *ready", "healthchek: *ready"),
        ("internal: true", "internal: 7"),
        ("stop_grace_period: 60s", "stop_grace_period: a minute"),
    ],
)
def test_a_slip_is_found(was: str, now: str) -> None:
    text = COMPOSE.read_text()
    assert was in text
    with pytest.raises(ValueError):
        check(text.replace(was, now))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined(services: dict[str, Any], name: str) -> None:
    one = services[name]
    assert one["user"] == "10001:10001"
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["tmpfs"][0].startswith("/tmp:size=")
    assert one["mem_limit"] and one["pids_limit"]
    assert not one.get("privileged") and "cap_add" not in one
    assert one["stop_grace_period"] == "60s"
    assert all(volume.endswith(":ro") for volume in one["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_after_broker_database_and_setup(services: dict[str, Any], name: str) -> None:
    needs = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
    assert needs["rabbitmq"] == needs["mongo"] == "service_healthy"
    assert needs["setup"] == "service_completed_successfully"
    assert services["setup"]["depends_on"]["replica-set"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_built_by_the_one_recipe_and_told_in_its_own_name(services: dict[str, Any], name: str) -> None:
    one, prefix = services[name], name.upper()
    assert one["build"]["args"] == {"SERVICE": name}
    assert one["build"]["dockerfile"] == "deploy/Dockerfile"
    assert all(key.startswith(f"{prefix}_") for key in one["environment"])
    assert one["environment"][f"{prefix}_OPS_PORT"] == "9000"
    assert one["environment"][f"{prefix}_HTTP_PORT"] == "8000"
    folder = name.replace("_", "-")
    assert one["env_file"] == [f"../.local/compose/{folder}.env"]
    assert one["volumes"] == [f"../.local/compose/{folder}:/run/slkt:ro"]


def test_everything_that_stays_is_asked_after_and_what_runs_once_is_not_started_again(services: dict[str, Any]) -> None:
    for name, one in services.items():
        if name in ONCE:
            assert one["restart"] == "no" and "healthcheck" not in one
        else:
            assert one["restart"] == "unless-stopped" and one["healthcheck"]["test"][0] == "CMD"


def test_doors_are_on_this_machine_only_and_broker_and_database_have_none(services: dict[str, Any]) -> None:
    for name, one in services.items():
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", [])), name
    for name in ("rabbitmq", "mongo", *ONCE):
        assert "ports" not in services[name]
        assert services[name]["networks"] == ["inside"]
    assert "ports" not in services["notifier"] and services["notifier"]["networks"] == ["inside", "front"]
    networks = yaml.safe_load(interpolated(COMPOSE.read_text()))["networks"]
    assert networks["inside"]["internal"] and networks["front"]["internal"]


def test_no_password_stands_in_it() -> None:
    assert not re.search(r"(PASS\w*|MASTER_KEY|KEEP_KEY|NUMBER_KEY|PIN_KEY|_URL): *\S*[:/]\S*@", COMPOSE.read_text())
    assert not re.search(r"(PASSWORD|DEFAULT_PASS|(MASTER|KEEP|NUMBER|PIN|LINK)_KEY):", COMPOSE.read_text())


def test_what_it_mounts_from_the_repository_is_there(services: dict[str, Any]) -> None:
    mounted = {one.split(":")[0] for service in services.values() for one in service.get("volumes", [])}
    for source in mounted:
        if source.startswith("./"):
            assert (ROOT / "deploy" / source).is_file(), source


def test_docker_compose_reads_it_where_there_is_one(tmp_path: Path) -> None:
    """`config` needs no engine. Without the client the specification's check above is all there is."""
    try:
        client = subprocess.run(["docker", "compose", "version"], capture_output=True, text=True)
    except FileNotFoundError:
        return
    if client.returncode != 0:
        return
    secrets = tmp_path / "secrets"
    made = subprocess.run([sys.executable, str(ROOT / "deploy" / "make_secrets.py"), str(secrets)], capture_output=True)
    assert made.returncode == 0
    said = subprocess.run(
        ["docker", "compose", "-f", str(COMPOSE), "config", "--quiet"],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "SLKT_SECRETS": str(secrets), "HOME": str(tmp_path)},
    )
    assert said.returncode == 0, said.stderr
