"""What could a message look like? A body made from its schema: the least that is valid, or everything it may hold."""

import re
from typing import Any

#: One of these fits every pattern in the contracts.
ACCOUNT = "account-6f1d0c8e5b7a49d2836e0f94c1ab57d3"
TEXTS = (
    "21:00",
    "5043812177304",
    "0" * 32,
    "0" * 64,
    "12345678",
    "31",
    "abc",
    "a@b.id",
    "BANK-002",
    "+62 811 2233 44",
    "1.0",
    ACCOUNT,
)
FORMATS = {"date-time": "2026-03-02T08:15:30.125Z", "date": "2026-03-02"}
LOWEST = ("minimum", "minItems")


class NothingFits(AssertionError):
    """No text of the list fits a pattern: add one."""


def sample(schema: dict[str, Any], *, full: bool = False) -> Any:
    """A valid body; ``full`` fills what may be missing, too."""
    return _made(schema, schema, full)


def _made(root: dict[str, Any], schema: dict[str, Any], full: bool) -> Any:
    if "$ref" in schema:
        return _made(root, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], full)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][-1 if full else 0]
    if "anyOf" in schema:
        return _made(root, schema["anyOf"][0], full) if full else None
    match schema.get("type"):
        case "object":
            return _an_object(root, schema, full)
        case "array":
            return [_made(root, schema["items"], full)] if full else []
        case "string":
            return _a_text(schema)
        case "integer":
            return max(schema.get("minimum", 0), 1 if full else 0)
        case "boolean":
            return full
    return {}


def _an_object(root: dict[str, Any], schema: dict[str, Any], full: bool) -> dict[str, Any]:
    properties = schema.get("properties", {})
    # Of what excludes each other, the first.
    needed = [*schema.get("required", []), *(schema["oneOf"][0]["required"] if "oneOf" in schema else [])]
    excluded = {name for one in schema.get("oneOf", [])[1:] for name in one["required"]}
    chosen = [name for name in properties if name in needed or (full and name not in excluded)]
    return {name: _made(root, properties[name], full or name in needed) for name in chosen}


def _a_text(schema: dict[str, Any]) -> str:
    if "format" in schema:
        return FORMATS[schema["format"]]
    pattern = schema.get("pattern", "")
    for text in TEXTS:
        if re.search(pattern, text):
            return text
    raise NothingFits(f"no sample text fits {pattern}")
