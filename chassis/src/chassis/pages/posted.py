"""What may be sent to a page? The fields of its form, for a service's OpenAPI: the framework cannot tell of itself."""

from typing import Any


def posted(*fields: str) -> dict[str, Any]:
    """For a route's ``openapi_extra``."""
    form = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}
    return {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}}}
