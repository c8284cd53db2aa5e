"""Is there a token that nobody logged in for? None is made at the start, and no setting of any service takes one."""

import json
import re
from importlib import import_module

import pytest
from architecture.workspace import SERVICES
from kit.running import Suite

JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")


@pytest.mark.parametrize("service", SERVICES)
def test_no_setting_takes_a_token(service: str) -> None:
    fields = import_module(f"{service}.settings").Settings.model_fields
    assert [name for name in fields if "token" in name] == []


def test_a_running_stack_holds_no_token(running: Suite) -> None:
    told = json.dumps(running.stack.description(), default=str)
    assert JWT.findall(told) == []
    for service in SERVICES:
        environment = running.stack.services[service].environment()
        assert [name for name, value in environment.items() if JWT.search(value)] == []


def test_the_files_of_the_start_hold_none(running: Suite) -> None:
    files = [one for one in running.stack.secrets.folder.rglob("*") if one.is_file()]
    assert files
    assert [one.name for one in files if JWT.search(one.read_text(errors="replace"))] == []
