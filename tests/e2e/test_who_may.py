"""Every door of the suite, asked by everybody: who is let in, who is known and refused, who is not known at all; as the
page of doors says it."""

import re

import httpx
import pytest
from architecture.workspace import SERVICES
from kit.callers import Caller, Door, callers, doors
from kit.openapi import operations, page_of
from kit.running import Suite

DOORS = list(doors())
#: A body that no door takes, an object that nowhere is: whoever is let in does nothing.
MARKER = "nothing that fits"
NOWHERE = {"number": "5043812177304", "code": "BANK-999", "account": "nobody.here", "name": "none.css"}


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda one: NOWHERE.get(one[1], "none-such"), path)


def led_to_log_in(answer: httpx.Response) -> bool:
    """What a page answers whom it does not know; who logs out is led there too, and loses the cookie."""
    to = answer.headers.get("location", "").partition("?")[0]
    # By way of the issuer, which knows them or does not; a form is sent there, too.
    if answer.status_code in (303, 307) and to == "/staff/enter":
        return True
    # Whoever sent a form to no avail is told so by a cookie of a minute.
    kept = "-session=" in answer.headers.get("set-cookie", "")
    return answer.status_code == 303 and to.endswith("/log-in") and not kept


@pytest.fixture(scope="module")
def everybody(running: Suite) -> list[Caller]:
    return list(callers(running))


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_names_every_door_of_a_running_service(running: Suite, service: str) -> None:
    there = {(method, path, one.get("x-may", "anybody")) for method, path, one in operations(page_of(running, service))}
    assert there == {(one.method, one.path, one.said) for one in DOORS if one.service == service}


@pytest.mark.parametrize("door", DOORS, ids=lambda one: f"{one.method} {one.path}")
def test_a_door_lets_in_whom_the_page_names_and_nobody_else(
    running: Suite, everybody: list[Caller], door: Door
) -> None:
    wrong = {}
    for caller in everybody:
        url, way = f"{running.url(door.service)}{filled(door.path)}", caller.asks(door, MARKER)
        answer = running.http.request(door.method, url, **way)
        # What the one was given is not the next one's.
        running.http.cookies.clear()
        status, expected = 401 if led_to_log_in(answer) else answer.status_code, door.answers(caller)
        fits = status < 500 and status not in (401, 403) if expected == 200 else status == expected
        if not fits:
            wrong[caller.name] = f"{status} instead of {expected}: {answer.text[:80]}"
    assert wrong == {}
