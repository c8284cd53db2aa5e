"""What may be sent to a page? The fields of its form and the questions of its address, for a service's OpenAPI: the
framework cannot tell of itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.pages.forms import KIND
from chassis.pages.tables import PAGE_DIGITS, TYPED_MOST, Column
from chassis.pages.uploads import KIND as UPLOADED
from chassis.pages.walking import SPOT_MOST
from chassis.pages.words import LANGUAGES


def posted(*fields: str) -> dict[str, Any]:
    """For a route's ``openapi_extra``."""
    form = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}
    return {"requestBody": {"content": {KIND: {"schema": form}}}}


def uploaded(*fields: str, files: str) -> dict[str, Any]:
    """The same of a form that may bring files, after its fields."""
    said = posted(*fields)
    properties = {name: {"type": "string"} for name in fields}
    several = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "properties": {**properties, files: several}}
    said["requestBody"]["content"][UPLOADED] = {"schema": form}
    return said


def asked_for(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A question that an address may ask; whatever else it says is left out, never refused."""
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string", **schema}}


def searched(columns: Sequence[Column], filters: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """For the ``openapi_extra`` of a route with a table: what ``asked_of`` reads."""
    chosen: dict[str, Mapping[str, Any]] = {
        name: {"enum": ["", *allowed]} if allowed else {"maxLength": TYPED_MOST} for name, allowed in filters.items()
    }
    chosen["sort"] = {"enum": [column.key for column in columns if column.by]}
    chosen |= {"down": {"enum": ["1"]}, "page": {"pattern": f"^[0-9]{{1,{PAGE_DIGITS}}}$"}}
    chosen["spot"] = {"maxLength": SPOT_MOST}
    return {"parameters": [asked_for(name, schema) for name, schema in chosen.items()]}


#: Every page is read in either language.
IN_A_LANGUAGE = asked_for("lang", {"enum": list(LANGUAGES)})
