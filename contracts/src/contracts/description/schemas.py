"""What does a body have to look like? One JSON Schema (draft 2020-12) per message, envelope included."""

from typing import Any

from contracts.description.messages import Message, on_one_line

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def schema_of(message: Message) -> Schema:
    """The schema of the whole body, as its reader takes it; ``type`` and a fact's ``source`` are fixed."""
    schema: Schema = _plain(message.adapter.json_schema(mode="validation"))
    if message.envelope != "bare":
        properties = schema["properties"]
        _fix(properties["specversion"], "1.0")
        _fix(properties["type"], message.type)
        if message.envelope == "fact":
            _fix(properties["source"], f"/slkt/{message.said_by[0]}")
    return {
        "$schema": DIALECT,
        "$id": f"urn:slkt:{message.key}",
        **schema,
        "title": message.type,
        "description": message.said,
    }


def _fix(schema: Schema, value: str) -> None:
    for keyword in ("pattern", "default"):
        schema.pop(keyword, None)
    schema["const"] = value


def _plain(schema: Any) -> Any:
    """Without the titles that pydantic makes of the names, and with descriptions on one line."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        keyword: (
            {name: _plain(one) for name, one in value.items()}
            if keyword in ("properties", "$defs")
            else on_one_line(value)
            if keyword == "description"
            else _plain(value)
        )
        for keyword, value in schema.items()
        if keyword != "title"
    }
