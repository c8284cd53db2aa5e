"""How is a validation error told? Field, what came, what is expected; never more of the value than its kind if it may
be personal."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

#: Below these, a value is somebody's: it is described, not quoted.
PERSONAL = ("private", "consumer", "representative", "story", "sealed", "note", "text", "reason", "account_number")

#: An answer tells this many problems and this much of a field's name: both come from outside and have no end.
TOLD_MOST, NAME_MOST = 100, 120

_PLAIN = {"missing": "a value; this field is required", "extra_forbidden": "no such field; see the contract's schema"}


def problems_of(error: ValidationError | Iterable[Any]) -> list[dict[str, str]]:
    """Every problem of a pydantic error (or of FastAPI's list of them) as field, came, expected."""
    found = list(error.errors(include_url=False) if isinstance(error, ValidationError) else error)
    told = [_problem(one) for one in found[:TOLD_MOST]]
    if len(found) > TOLD_MOST:
        told.append({"field": "(whole)", "came": f"{len(found)} problems", "expected": f"see the first {TOLD_MOST}"})
    return told


def _problem(one: dict[str, Any]) -> dict[str, str]:
    place = [str(part) for part in one["loc"] if part != "body"]
    if one["type"] == "json_invalid":
        return {"field": "(whole)", "came": "something that is no JSON", "expected": f"JSON; {_json_error(one)}"}
    return {
        "field": ".".join(place)[:NAME_MOST] or "(whole)",
        "came": _came(one, personal=any(part in PERSONAL for part in place)),
        "expected": _PLAIN.get(one["type"]) or str(one["msg"]).removeprefix("Value error, "),
    }


def _json_error(one: dict[str, Any]) -> str:
    """Where it broke: the parser's words, which quote nothing of what came."""
    return str(one.get("ctx", {}).get("error") or one["msg"])


def _came(one: dict[str, Any], *, personal: bool) -> str:
    if one["type"] == "missing":
        return "nothing"
    value = one.get("input")
    if value is None:
        return "null"
    if isinstance(value, dict | list | tuple):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    text = str(value)
    if personal or one["type"] == "extra_forbidden":
        return f"a value of {len(text)} characters"
    return text if len(text) <= 80 else f"{text[:77]}…"
