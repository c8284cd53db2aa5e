"""Does every answer of every door of every service say what a browser may not do with it?"""

import re
from typing import Any

import httpx
import pytest
from architecture.test_docs import routes
from architecture.workspace import SERVICES
from kit.openapi import everybody, operations, page_of
from kit.running import Suite

NUMBER = "5043812177304"


def is_safe(answer: httpx.Response) -> list[str]:
    """Everything that is missing on an answer."""
    headers = answer.headers
    policy = headers.get("content-security-policy", "")
    wanted = {
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        # A page with forms tells its address to its own host: older browsers prove by it where a form stands.
        "no referrer": headers.get("referrer-policy") in ("no-referrer", "same-origin"),
        "nothing from elsewhere": "default-src 'none'" in policy and "unsafe" not in policy,
        "no frame": "frame-ancestors 'none'" in policy,
        "kept by nobody": headers.get("cache-control") == "no-store",
        "each once": all(len(headers.get_list(name)) == 1 for name in ("cache-control", "content-security-policy")),
        "nothing about the server": "server" not in headers,
        "no word of TLS without it": "strict-transport-security" not in headers,
    }
    where = f"{answer.request.method} {answer.url.path} → {answer.status_code}"
    return [f"{where}: {what}" for what, there in wanted.items() if not there]


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda one: {"number": NUMBER, "name": "style.css"}.get(one[1], "BANK-002"), path)


@pytest.mark.parametrize("service", SERVICES)
def test_on_every_route_for_whoever_asks(running: Suite, service: str) -> None:
    tried, found, statuses = set(), list[str](), set[int]()
    for method, path, _ in operations(page_of(running, service)):
        url = f"{running.url(service)}{filled(path)}"
        tried.add((method, path))
        ways: list[dict[str, Any]] = [{}, {"headers": everybody(running, service, path)}, {"content": b"{no"}]
        for way in ways if method in ("get", "post") else ways[:1]:
            # Of one that goes on for ever the head is enough.
            with running.http.stream(method, url, **way) as answer:
                statuses.add(answer.status_code)
                found += is_safe(answer)
    assert found == []
    # Nothing is left out of the document, so nothing is left out here.
    assert tried == routes(service)
    assert len(statuses) > 1


@pytest.mark.parametrize("service", SERVICES)
def test_where_there_is_no_route_and_for_operators(running: Suite, service: str) -> None:
    url, ops = running.url(service), running.known["ops"][service]
    asked = [("GET", f"{url}/nowhere"), ("PATCH", f"{url}/"), ("OPTIONS", f"{url}/nowhere"), ("TRACE", f"{url}/")]
    asked += [("GET", f"{ops}/{name}") for name in ("live", "ready", "metrics", "openapi.json", "docs", "nowhere")]
    assert [line for method, where in asked for line in is_safe(running.http.request(method, where))] == []
