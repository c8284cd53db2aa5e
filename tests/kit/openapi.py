"""What does a running service say that its doors are, and who may knock? For tests that try every one of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chassis.auth import ServiceTokens
from kit.running import Suite
from kit.tokens import ROLES, have_account, staff_token, system_token

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


class Now:
    """The clock of whoever signs a token for a test."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def page_of(running: Suite, service: str) -> dict[str, Any]:
    """The service's OpenAPI, from the port for operators."""
    answer = running.http.get(f"{running.known['ops'][service]}/openapi.json")
    page: dict[str, Any] = answer.raise_for_status().json()
    return page


def operations(page: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of each."""
    for path, item in page["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield method, path, operation


def everybody(running: Suite, service: str, path: str) -> dict[str, str]:
    """Credentials that every door of this service takes: of a person with all roles, a service, a channel, a system."""
    secrets = running.stack.secrets
    if (service, path) == ("intake", "/keys"):
        token = ServiceTokens(secrets.service_key("notifier"), "notifier", Now()).token("intake", "a test")
    elif service == "intake" and path.startswith("/dossiers"):
        token = ServiceTokens(secrets.service_key("pujk_gateway"), "pujk_gateway", Now()).token("intake", "a test")
    elif (service, path) == ("tracking", "/status/{number}"):
        token = ServiceTokens(secrets.service_key("intake"), "intake", Now()).token("tracking", "a test")
    elif path.startswith("/pujk/tickets"):
        token = system_token(running.mongo["pujk_gateway"], secrets, "BANK-999", "tickets:read", "tickets:act")
    else:
        have_account(running.mongo["intake"], secrets, f"{ROLES[0]}-1")
        token = staff_token(secrets, *ROLES)
    return {"Authorization": f"Bearer {token}", "X-API-Key": running.stack.channel_keys["web"]}
