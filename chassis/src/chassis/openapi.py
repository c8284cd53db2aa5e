"""What may each door answer? A service's OpenAPI with every status and content type: those of every door, those of who
asks for credentials, those that a route names."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from chassis.access import Access, Rule
from chassis.refusals import PROBLEM_TYPE

#: No HTTP, too slow, too large, too long, a defect, not now: whatever is asked.
OF_EVERY_DOOR = (400, 408, 413, 414, 431, 500, 503)
#: How credentials come.
TOKEN, API_KEY = "token", "channel"
CREDENTIALS = {
    TOKEN: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    API_KEY: {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
#: Machines, which may ask so often a minute.
COUNTED = frozenset({"channel", "system"})
#: Who comes with a browser is led to a form, where they are not known, and reads a page, where they may not.
PAGES = ("page", "log-in page", "staff page")
_TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457; `type` is a stable code, `problems` say field by field what came and what is expected.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "came", "expected"],
                "properties": {"field": _TEXT, "came": _TEXT, "expected": _TEXT},
                "additionalProperties": False,
            },
        },
        "retry_after": {"type": "integer", "description": "seconds"},
    },
}
#: The framework's own words for 422, which no door of ours says.
_NOT_OURS = ("HTTPValidationError", "ValidationError")


def refuses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: what it refuses besides what every door does, and what needs no telling."""
    return {status: _with_problem(status, {}) for status in statuses}


def described(app: FastAPI, access: Access) -> dict[str, Any]:
    """The OpenAPI document of a service's doors, made when it is asked for: a start has no time for it."""
    page: dict[str, Any] = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for path, operations in page["paths"].items():
        for method, operation in operations.items():
            _complete(operation, access[f"{method.upper()} {path}"])
    components = page.setdefault("components", {})
    schemas = {name: one for name, one in components.get("schemas", {}).items() if name not in _NOT_OURS}
    components["schemas"] = schemas | {"Problem": PROBLEM}
    components["securitySchemes"] = CREDENTIALS
    return page


def _complete(operation: dict[str, Any], rule: Rule) -> None:
    answers = operation["responses"]
    statuses = [*OF_EVERY_DOOR]
    if "parameters" in operation or "requestBody" in operation:
        statuses.append(422)
    if rule.who:
        operation["x-may"] = str(rule)
        schemes = {API_KEY if kind == "channel" else TOKEN for kind in rule.kinds if kind not in PAGES}
        if schemes:
            operation["security"] = [{name: []} for name in sorted(schemes)]
            statuses += (401, 403)
        if COUNTED.intersection(rule.kinds):
            statuses.append(429)
    if "application/json" in answers.get("422", {}).get("content", {}):
        del answers["422"]
    for status in statuses:
        answers[str(status)] = _with_problem(status, answers.get(str(status), {}))


def _with_problem(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    content = {**answer.get("content", {}), PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, **answer, "content": content}
