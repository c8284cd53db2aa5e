"""What may each package import? Allow-lists: whatever is not named in ``architecture.rules`` is red."""

from collections.abc import Callable
from pathlib import Path

import pytest
from architecture import rules
from architecture.copies import copy_of_packages, with_line
from architecture.workspace import SERVICES, Package, packages

Rule = Callable[[Package], list[str]]


def declared(package: Package) -> list[str]:
    return rules.everything_is_declared(package, packages())


JUDGED: list[tuple[Rule, str]] = [
    (rules.contracts_stay_plain, "contracts"),
    (rules.chassis_knows_no_message, "chassis"),
    (rules.knows_no_service, "slkt"),
    (rules.knows_no_service, "slkt_local"),
    *((rules.domain_stays_pure, one) for one in ("chassis", *SERVICES)),
    *((rules.service_stays_alone, service) for service in SERVICES),
    *((rules.nothing_is_declared_in_vain, service) for service in SERVICES),
    *((declared, name) for name in packages()),
]

#: A rule, a package's module that breaks it, and the line with which it does.
BREAKS: list[tuple[Rule, str, str]] = [
    (rules.contracts_stay_plain, "contracts.intake", "import httpx"),
    (rules.contracts_stay_plain, "contracts.intake", "import orjson"),
    (rules.contracts_stay_plain, "contracts.intake", "import intake.domain"),
    (rules.chassis_knows_no_message, "chassis.relay", "from contracts.intake import ServiceRegistered"),
    (rules.chassis_knows_no_message, "chassis.relay", "from contracts import intake"),
    (rules.chassis_knows_no_message, "chassis.relay", "import contracts.topology"),
    (rules.knows_no_service, "slkt.cfpb", "import intake"),
    (rules.knows_no_service, "slkt_local.stack", "def f():\n    from routing import settings"),
    (rules.domain_stays_pure, "intake.domain", "import pydantic"),
    (rules.domain_stays_pure, "intake.domain", "import orjson"),
    (rules.domain_stays_pure, "intake.domain", "from intake import usecases"),
    (rules.domain_stays_pure, "chassis.working_days", "import holidays"),
    (rules.domain_stays_pure, "routing.domain", "import chassis.calendar"),
    (rules.domain_stays_pure, "pujk_gateway.domain.case", "from contracts.pujk import Propose"),
    (rules.service_stays_alone, "routing.domain", "import intake"),
    (rules.service_stays_alone, "routing.adapters.mongo", "from intake.settings import Settings"),
    (rules.service_stays_alone, "routing.adapters.mongo", "import slkt_local.ports"),
    (declared, "routing.adapters.mongo", "import stdnum"),
    (declared, "intake.adapters.mongo", "import aiosmtplib"),
    (declared, "contracts.base", "import fastapi"),
    (declared, "chassis.relay", "import rich"),
    (declared, "chassis.relay", "import intake"),
]


@pytest.mark.parametrize(("rule", "name"), JUDGED)
def test_a_package_imports_what_it_may(rule: Rule, name: str) -> None:
    assert rule(packages()[name]) == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_packages(tmp_path_factory.mktemp("packages"))


@pytest.mark.parametrize(("rule", "module", "line"), BREAKS)
def test_any_other_import_is_seen(rule: Rule, module: str, line: str, copy: Path) -> None:
    with with_line(copy, module, line):
        (found,) = rule(packages(copy)[module.split(".")[0]])
    assert found.startswith(f"{module}, line ")


def test_a_need_that_nothing_imports_is_seen(tmp_path: Path) -> None:
    root = copy_of_packages(tmp_path)
    project = root / "services" / "routing" / "pyproject.toml"
    project.write_text(project.read_text().replace('"slkt-chassis",', '"slkt-chassis", "jinja2>=3",'))
    assert rules.nothing_is_declared_in_vain(packages(root)["routing"]) == [
        "routing declares jinja2 and imports nothing of it"
    ]


def test_the_chassis_names_no_fact_even_as_text() -> None:
    """Not by import only: no module of the chassis holds the key, type or class name of a fact."""
    assert rules.named_messages(packages()["chassis"]) == []


@pytest.mark.parametrize(
    "line",
    ['KEY = "intake.service-registered.v1"', 'TYPE = "slkt.routing.ticket-parked.v1"', "SAID: ServiceRegistered"],
)
def test_a_fact_named_in_the_chassis_is_seen(line: str, copy: Path) -> None:
    with with_line(copy, "chassis.relay", line):
        (found,) = rules.named_messages(packages(copy)["chassis"])
    assert found.startswith("chassis.relay, line ")
