"""How is a validation error told? Field, what came, what is expected; never more of the value than its kind if it may
be personal."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

#: Only the values of these fields are quoted, and only short ones: codes, numbers, days. Anything else may be
#: somebody's, also where it stands by mistake, and is described.
QUOTED = frozenset(
    {
        *("amount", "answer", "basis", "code", "consent", "decision", "demand", "form", "in_court", "issue", "kind"),
        *("language", "limit", "loss", "on", "power_of_attorney", "product", "promised_by", "region", "round"),
        *("tell_by", "transaction_date", "type"),
    }
)
QUOTED_MOST = 40
#: What the name of a field may look like; another one may be anything.
_NAME = re.compile(r"[A-Za-z0-9_.()-]*")

#: An answer tells this many problems and this much of a field's name: both come from outside and have no end.
TOLD_MOST, NAME_MOST = 100, 120

#: Errors about the shape: what came may be a whole other message.
_ABOUT_SHAPE = ("extra_forbidden", "model_type", "model_attributes_type", "dict_type", "tuple_type", "list_type")
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
    field = ".".join(place)[:NAME_MOST] or "(whole)"
    return {
        "field": field if _NAME.fullmatch(field) else "(a field with another name)",
        "came": _came(one, place[-1] if place else ""),
        "expected": _PLAIN.get(one["type"]) or str(one["msg"]).removeprefix("Value error, "),
    }


def _json_error(one: dict[str, Any]) -> str:
    """Where it broke: the parser's words, which quote nothing of what came."""
    return str(one.get("ctx", {}).get("error") or one["msg"])


def _came(one: dict[str, Any], field: str) -> str:
    if one["type"] == "missing":
        return "nothing"
    value = one.get("input")
    if value is None:
        return "null"
    if isinstance(value, dict | list | tuple):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    text = str(value)
    if field in QUOTED and len(text) <= QUOTED_MOST and one["type"] not in _ABOUT_SHAPE:
        return text.encode(errors="replace").decode()
    return f"a value of {len(text)} characters"
