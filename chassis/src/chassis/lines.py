"""What is one line that a person types, a name or a line of an address? Plain signs alone: none that controls a screen,
none that breaks the line or turns the direction of what is read."""

from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError

#: The same at JSON doors and behind the fields of pages; each says how long it may be.
Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+$"
    ),
]
_LINE: TypeAdapter[str] = TypeAdapter(Line)


def line_of(typed: str) -> str | None:
    """What counts of it; None for what is no line."""
    try:
        return _LINE.validate_python(typed)
    except ValidationError:
        return None
