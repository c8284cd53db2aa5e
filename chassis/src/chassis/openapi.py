"""What may each door answer? A service's OpenAPI with every status and content type: those of every door, those of who
asks for credentials, those that a route names."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

PROBLEM_TYPE = "application/problem+json"
#: No HTTP, too slow, too large, too long, a defect, not now: whatever is asked.
OF_EVERY_DOOR = (400, 408, 413, 414, 431, 500, 503)
#: The header in which credentials come → its name here, the scheme, and how it is refused.
CREDENTIALS: dict[str, tuple[str, dict[str, str], tuple[int, ...]]] = {
    "authorization": ("token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}, (401, 403)),
    "x-api-key": ("channel", {"type": "apiKey", "in": "header", "name": "X-API-Key"}, (401,)),
}
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


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of a service's doors, made when it is asked for: a start has no time for it."""
    page: dict[str, Any] = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for operations in page["paths"].values():
        for operation in operations.values():
            _complete(operation)
    components = page.setdefault("components", {})
    schemas = {name: one for name, one in components.get("schemas", {}).items() if name not in _NOT_OURS}
    components["schemas"] = schemas | {"Problem": PROBLEM}
    components["securitySchemes"] = {name: scheme for name, scheme, _ in CREDENTIALS.values()}
    return page


def _complete(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    parameters = operation.pop("parameters", [])
    asked = [one["name"].lower() for one in parameters if one["in"] == "header" and one["name"].lower() in CREDENTIALS]
    kept = [one for one in parameters if one["name"].lower() not in asked]
    statuses = [*OF_EVERY_DOOR]
    if kept:
        operation["parameters"] = kept
    if kept or "requestBody" in operation:
        statuses.append(422)
    for header in asked:
        name, _, refused = CREDENTIALS[header]
        operation.setdefault("security", []).append({name: []})
        statuses += refused
    if "application/json" in answers.get("422", {}).get("content", {}):
        del answers["422"]
    for status in statuses:
        answers[str(status)] = _with_problem(status, answers.get(str(status), {}))


def _with_problem(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    content = {**answer.get("content", {}), PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, **answer, "content": content}
