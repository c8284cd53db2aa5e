"""What is one line that a person types, a name or a line of an address? Plain signs alone: none that controls a screen,
none that breaks the line or turns the direction of what is read, none that takes no room: two names that look alike are
one, and none looks like nothing."""

import re
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Annotated

from contracts.base import NOT_IN_A_LINE
from pydantic import StringConstraints, TypeAdapter, ValidationError

#: The same at JSON doors and behind the fields of pages; each says how long it may be.
Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        pattern=f"^[^{NOT_IN_A_LINE}]+$",
    ),
]
_LINE: TypeAdapter[str] = TypeAdapter(Line)


def line_of(typed: str) -> str | None:
    """What counts of it; None for what is no line."""
    try:
        return _LINE.validate_python(typed)
    except ValidationError:
        return None


def as_line(said: str) -> str:
    """What another house says, as one line: whatever stands in none is left out; "" where nothing is left."""
    return line_of(" ".join(re.sub(f"[{NOT_IN_A_LINE}]", " ", said).split())) or ""


def file_name(said: str | None) -> str:
    """The file's name of a Content-Disposition (RFC 6266); what is no line of text counts as nothing said."""
    message = Message()
    # A header comes as Latin-1; a name in UTF-8 is meant where it reads as such.
    message["Content-Disposition"] = (said or "attachment").replace("\r", " ").replace("\n", " ")
    found = message.get_param("filename", "", "Content-Disposition")
    try:
        name = collapse_rfc2231_value(found) if found else ""
    except (LookupError, ValueError):
        name = ""
    return line_of(name) or ""
