"""Compose and the Ingress lead where this machine's entry leads: all are made of one table of ways, and up to date."""

import importlib.util
import re
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from deploy.rendering import OVERLAYS, ROOT, SERVICES, Manifest, of_kind, rendered
from deploy.test_compose import COMPOSE, interpolated
from slkt_local.install import nginx
from slkt_local.ports import LOOPBACK, free_ports
from slkt_local.ways import CLOSED, WAYS, Way

MADE = ROOT / "deploy" / "make_entry.py"
CONF = ROOT / "deploy" / "entry.conf"
IN_NGINX = re.compile(r"location (?:= |~ \^)(/[\w./-]*)(\(\?:/\|\$\))? \{\s+if[^}]+}\s+set \$target (\w+):8000;")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_entry", MADE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(interpolated(COMPOSE.read_text()))
    return document


def of_ingress(objects: list[Manifest]) -> set[Way]:
    """The ways that an overlay's Ingresses open, all of them together."""
    rules = [rule for one in of_kind(objects, "Ingress").values() for rule in one["spec"]["rules"]]
    paths = [path for rule in rules for path in rule["http"]["paths"]]
    assert all(path["backend"]["service"]["port"] == {"name": "http"} for path in paths)
    names = [path["backend"]["service"]["name"].replace("-", "_") for path in paths]
    return {Way(one["path"], name, one["pathType"] == "Prefix") for one, name in zip(paths, names, strict=True)}


def test_what_is_made_of_the_table_is_up_to_date(maker: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert maker.main(["--check"]) == 0, capsys.readouterr().out


def test_a_file_that_differs_is_named(
    maker: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maker, "files", lambda: {CONF: CONF.read_text() + "# more\n"})
    assert maker.main(["--check"]) == 1
    assert "deploy/entry.conf differs" in capsys.readouterr().out


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_ingress_leads_where_the_table_says(overlay: str) -> None:
    objects = rendered(overlay)
    assert of_ingress(objects) == set(WAYS)
    assert {way.service.replace("_", "-") for way in WAYS} <= set(of_kind(objects, "Service"))
    assert "defaultBackend" not in of_kind(objects, "Ingress")["entry"]["spec"]


def test_compose_leads_where_the_table_says() -> None:
    assert {Way(path, service, bool(below)) for path, below, service in IN_NGINX.findall(CONF.read_text())} == set(WAYS)


def test_the_page_tells_the_same_table() -> None:
    part = (ROOT / "deploy" / "README.md").read_text().partition("## One host\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in part.splitlines() if line.startswith("| `/")]
    told = {(path, service.strip()) for paths, service in rows for path in re.findall(r"`(/[^`]*)`", paths)}
    assert told == {(way.path, way.service) for way in WAYS}


def test_a_way_too_many_is_noticed() -> None:
    objects = rendered("production")
    paths = of_kind(objects, "Ingress")["entry"]["spec"]["rules"][0]["http"]["paths"]
    paths.append({**paths[0], "path": next(iter(CLOSED))})
    assert of_ingress(objects) != set(WAYS)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_links_in_mails_and_notices_name_the_ingresses_host(overlay: str) -> None:
    objects = rendered(overlay)
    host = of_kind(objects, "Ingress")["entry"]["spec"]["rules"][0]["host"]
    told: dict[str, str] = {}
    for one in of_kind(objects, "ConfigMap").values():
        told |= {name: value for name, value in one["data"].items() if name in ("TRACKING_URL", "PUBLIC_URL")}
    assert told == {"TRACKING_URL": f"https://{host}/", "PUBLIC_URL": f"https://{host}"}


def test_in_compose_too_they_name_the_entry(compose: dict[str, Any]) -> None:
    services = compose["services"]
    (port,) = services["entry"]["ports"]
    entry = f"http://localhost:{port.split(':')[1]}"
    assert services["notifier"]["environment"]["NOTIFIER_TRACKING_URL"] == f"{entry}/"
    assert services["pujk_gateway"]["environment"]["PUJK_GATEWAY_PUBLIC_URL"] == entry


def test_nginx_reads_what_compose_gives_it(tmp_path: Path) -> None:
    conf = tmp_path / "entry.conf"
    here = f"{LOOPBACK}:{free_ports(1)[0]}"
    conf.write_text(CONF.read_text().replace("/tmp", str(tmp_path)).replace("0.0.0.0:8000", here))
    command = [str(nginx(print)), "-t", "-e", "stderr", "-c", str(conf)]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    conf.write_text(conf.read_text().replace("proxy_pass", "proxy_parse", 1))
    assert subprocess.run(command, capture_output=True).returncode != 0


def test_composes_entry_is_confined_and_meets_nobody_but_the_services(compose: dict[str, Any]) -> None:
    entry, networks = compose["services"]["entry"], compose["networks"]
    assert (entry["read_only"], entry["cap_drop"], entry["user"]) == (True, ["ALL"], "101:101")
    assert entry["security_opt"] == ["no-new-privileges:true"] and entry["mem_limit"] and entry["pids_limit"]
    assert all(volume.endswith(":ro") for volume in entry["volumes"])
    assert set(entry["networks"]) == {"front", "way-in"} and networks["front"]["internal"]
    there = {name for name, one in compose["services"].items() if "front" in one["networks"]}
    assert there == {"entry", *(name.replace("-", "_") for name in SERVICES)}
    assert [name for name, one in compose["services"].items() if "way-in" in one["networks"]] == ["entry"]


def test_in_compose_each_service_believes_the_entry_alone(compose: dict[str, Any]) -> None:
    address = compose["services"]["entry"]["networks"]["front"]["ipv4_address"]
    (pool,) = compose["networks"]["front"]["ipam"]["config"]
    assert ip_address(address) in ip_network(pool["subnet"])
    # Nobody else is given it by chance.
    assert ip_address(address) not in ip_network(pool["ip_range"])
    for service in (name.replace("-", "_") for name in SERVICES):
        told = compose["services"][service]["environment"]
        assert told[f"{service.upper()}_TRUSTED_PROXIES"] == address
