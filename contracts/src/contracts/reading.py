"""What does a fact say, whichever release reads it? What is not said and what is said by default are the same: fields
that are added later change nothing of what was said before."""

from functools import cache
from typing import Any

from contracts.base import Fact
from contracts.topology import by_type


@cache
def _facts() -> dict[str, type[Fact]]:
    return by_type()


def said(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    """``data`` of the fact ``type_`` without what its contract takes for granted; as it is where no contract is known.

    Errors: pydantic.ValidationError where it is not such a fact.
    """
    fact = _facts().get(type_)
    if fact is None:
        return data
    return fact.model_validate(data).model_dump(mode="json", exclude_defaults=True, exclude_none=True)
