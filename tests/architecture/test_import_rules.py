"""Do imports point down? import-linter says so, and says no to every import below that breaks one of its rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from architecture.copies import Linter, copy_of_packages, with_line
from architecture.workspace import OWN, ROOT
from importlinter.api import read_configuration

PACKAGES = "Packages point down, and services never import each other"
OUTSIDE = "The command and the local stack import no service"
SHAPE = "Inside a service imports point down, and every module has its layer"
CHASSIS = "The chassis knows no particular message"
CONTRACTS = "Contracts are spoken with pydantic alone"
DOMAIN = "A domain knows its rules and nothing else"
INSIDE = "No use case reaches the broker, the database, HTTP or a key"
HANDLERS = "Handlers need no key and never call the outside"
WEB = "FastAPI is named at the HTTP doors only"
DRIVER = "The database driver is named in few files (docs/decisions/0002)"
BROKER = "The broker's libraries are named in few files (docs/decisions/0003)"
CYCLES = "No module needs one that needs it"

#: A rule, the module that breaks it, and the line with which it does.
BREAKS = [
    (PACKAGES, "intake.domain", "import routing.domain"),
    (PACKAGES, "tracking", "from pujk_gateway.settings import Settings"),
    (PACKAGES, "chassis.clock", "import slkt.cfpb"),
    (PACKAGES, "chassis.clock", "import notifier.domain"),
    (PACKAGES, "contracts.base", "import chassis.ids"),
    (PACKAGES, "slkt_local.stack", "import slkt.cfpb"),
    (OUTSIDE, "slkt.cfpb", "import intake.domain"),
    (OUTSIDE, "slkt_local.stack", "from routing import domain"),
    (SHAPE, "intake.domain", "import intake.usecases.services"),
    (SHAPE, "routing.ports", "import routing.usecases"),
    (SHAPE, "routing.usecases.tickets", "import routing.adapters.mongo"),
    (SHAPE, "routing.usecases.tickets", "from routing import settings"),
    (SHAPE, "notifier.http", "import notifier.jobs"),
    (SHAPE, "notifier.subscribers", "import notifier.http"),
    (SHAPE, "notifier.adapters.texts", "import notifier.settings"),
    (SHAPE, "intake.subscribers", "import intake.app"),
    (SHAPE, "intake.app", "import intake.__main__"),
    (SHAPE, "pujk_gateway.domain.case", "import pujk_gateway.ports"),
    (SHAPE, "routing.service_levels", "import routing.domain"),
    (SHAPE, "routing.helpers", "HELPS = 1"),
    (CHASSIS, "chassis.relay", "import contracts.intake"),
    (CHASSIS, "chassis.topology", "from contracts.topology import suite"),
    (CONTRACTS, "contracts.intake", "import httpx"),
    (CONTRACTS, "contracts.base", "import pydantic_settings"),
    (DOMAIN, "intake.domain", "import pydantic"),
    (DOMAIN, "pujk_gateway.domain.case", "from chassis.refusals import Invalid"),
    (DOMAIN, "routing.service_levels", "import contracts.routing"),
    (INSIDE, "intake.usecases.services", "from chassis.messaging import Publisher"),
    (INSIDE, "pujk_gateway.usecases.acting", "import chassis.repository"),
    (INSIDE, "routing.usecases", "import httpx"),
    (HANDLERS, "notifier.subscribers", "from chassis.keydesk import KeyDesk"),
    (HANDLERS, "intake.subscribers", "import httpx"),
    (WEB, "intake.usecases.services", "import fastapi"),
    (WEB, "routing.domain", "from starlette.requests import Request"),
    (WEB, "notifier.subscribers", "from fastapi import Depends"),
    (DRIVER, "chassis.relay", "import motor.motor_asyncio"),
    (DRIVER, "chassis.repository", "from motor import motor_asyncio"),
    (DRIVER, "intake.usecases.services", "import bson"),
    (DRIVER, "tracking.adapters.statistics", "from pymongo import UpdateOne"),
    (DRIVER, "contracts.base", "import pymongo"),
    (BROKER, "intake.subscribers", "from faststream.rabbit import RabbitRouter"),
    (BROKER, "chassis.relay", "import aio_pika"),
    (BROKER, "pujk_gateway.adapters.queues", "import aiormq"),
    (BROKER, "slkt_local.broker", "import pamqp"),
    (CYCLES, "chassis.ids", "import chassis.relay"),
    (CYCLES, "pujk_gateway.domain.parts", "import pujk_gateway.domain.case"),
    (CYCLES, "contracts.base", "import contracts.topology"),
]


def test_every_import_of_the_suite_keeps_the_rules() -> None:
    linter = Linter(ROOT)
    code, said = linter.lint()
    linter.close()
    assert code == 0, said


def test_every_package_of_the_workspace_is_judged() -> None:
    assert set(read_configuration(str(ROOT / ".importlinter"))["session_options"]["root_packages"]) == set(OWN)


def test_every_rule_is_broken_by_something_below() -> None:
    rules = {one["name"] for one in read_configuration(str(ROOT / ".importlinter"))["contracts_options"]}
    assert rules == {rule for rule, _, _ in BREAKS}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_packages(tmp_path_factory.mktemp("packages"))


@pytest.fixture(scope="module")
def linter(copy: Path) -> Iterator[Linter]:
    linter = Linter(copy)
    yield linter
    linter.close()


def test_the_copy_in_which_rules_are_broken_keeps_them_at_first(linter: Linter) -> None:
    code, said = linter.lint()
    assert code == 0, said


@pytest.mark.parametrize(("rule", "module", "line"), BREAKS)
def test_a_forbidden_import_is_seen(rule: str, module: str, line: str, copy: Path, linter: Linter) -> None:
    with with_line(copy, module, line):
        code, said = linter.lint()
    assert code == 1, said
    assert f"{rule} BROKEN" in said


def test_nothing_of_what_was_broken_is_left(linter: Linter) -> None:
    """Or one break would have been seen where another was made."""
    code, said = linter.lint()
    assert code == 0, said
