"""What compose and Kubernetes tell a service is all that its settings ask for, in the types it asks."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from chassis.settings import ServiceSettings
from deploy.rendering import OVERLAYS, ROOT, SERVICES, of_kind, rendered
from deploy.test_compose import COMPOSE, interpolated
from pydantic import ValidationError


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets") / "all"
    command = [sys.executable, str(ROOT / "deploy" / "make_secrets.py"), str(folder)]
    assert subprocess.run(command, capture_output=True).returncode == 0
    return folder


def settings_class(service: str) -> type[ServiceSettings]:
    module = import_module(f"{service.replace('-', '_')}.settings")
    own = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    return next(one for one in own if issubclass(one, ServiceSettings))


def secret_environment(folder: Path, service: str) -> dict[str, str]:
    lines = (folder / f"{service}.env").read_text().splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def told_by_kubernetes(overlay: str, service: str) -> dict[str, str]:
    objects = rendered(overlay)
    config = of_kind(objects, "ConfigMap")
    sources = of_kind(objects, "Deployment")[service]["spec"]["template"]["spec"]["containers"][0]["envFrom"]
    return {
        source["prefix"] + name: value
        for source in sources
        if "configMapRef" in source
        for name, value in config[source["configMapRef"]["name"]]["data"].items()
    }


def told_by_compose(service: str) -> dict[str, str]:
    services = yaml.safe_load(interpolated(COMPOSE.read_text()))["services"]
    told: dict[str, str] = services[service.replace("-", "_")]["environment"]
    return told


def read(service: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings_class(service)()


def files_named_in(settings: ServiceSettings) -> Iterator[str]:
    for name, value in settings:
        if isinstance(value, Path) and name != "keys_folder":
            yield str(value)
    yield from (word for word in settings.staff_keys.split() if word.startswith("/"))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("way", [*OVERLAYS, "compose"])
def test_a_service_can_read_its_settings(
    way: str, service: str, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_by_compose(service) if way == "compose" else told_by_kubernetes(way, service)
    settings = read(service, told | secret_environment(secrets, service), monkeypatch)
    assert settings.mongo_database == service.replace("-", "_")
    assert (settings.http_port, settings.ops_port) == (8000, 9000)
    assert settings.http_host == settings.ops_host == "0.0.0.0"
    assert settings.example_data is (way != "production")


@pytest.mark.parametrize("service", SERVICES)
def test_every_file_that_its_settings_name_is_in_its_folder(
    service: str, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read(service, told_by_compose(service) | secret_environment(secrets, service), monkeypatch)
    named = set(files_named_in(settings))
    assert named == {f"/run/slkt/{one.name}" for one in (secrets / service).iterdir()}


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_told_that_no_setting_asks_for(service: str, secrets: Path) -> None:
    known = settings_class(service).model_fields.keys()
    prefix = service.upper().replace("-", "_") + "_"
    told = told_by_compose(service) | told_by_kubernetes("production", service) | secret_environment(secrets, service)
    unknown = {name for name in told if name.removeprefix(prefix).lower() not in known}
    # Said to all alike: only those who ask the key desk have a setting for it.
    assert unknown - {f"{prefix}KEY_DESK_URL"} == set()


def test_a_setting_that_is_not_told_is_found(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = told_by_kubernetes("production", "notifier") | secret_environment(secrets, "notifier")
    del told["NOTIFIER_MAIL_FROM"]
    with pytest.raises(ValidationError, match="mail_from"):
        read("notifier", told, monkeypatch)
