"""What was typed into a form, and what is wrong with it? Each error stands beside its field, and all at the top."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs

from starlette.requests import Request

from chassis.lines import line_of
from chassis.refusals import Invalid

#: What the forms of pages come as; a browser sends nothing else.
KIND = "application/x-www-form-urlencoded"
#: The most that a page of ours has: each of 20 demands has an answer of 4 fields and 10 files that may show it.
FIELDS_MOST = 400
#: The error of a whole form.
WHOLE = ""

#: A key of the catalogue and what it is filled in with.
Error = tuple[str, Mapping[str, object]]
#: Signs that nobody sees and no keyboard types: without them it would be another value than the one that came.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
#: A browser counts the end of a line as one sign, and sends it as two.
_LINE_END = re.compile(r"\r\n?")


class NoForm(Invalid):
    """What came to a page is no form of a browser."""

    page = (415, "refused.no_form")


class Form:
    """Fields as they came, "" for a missing one, the end of a line always one sign; errors in the order in which they
    were found. A field with signs that nobody sees is "", and wrong, as soon as somebody looks at it."""

    def __init__(self, fields: Mapping[str, list[str]] | None = None) -> None:
        self._fields = {name: [_LINE_END.sub("\n", one) for one in all_] for name, all_ in (fields or {}).items()}
        self.errors: dict[str, Error] = {}
        #: Of a field that takes several things, what else is wrong with it.
        self.more: dict[str, list[Error]] = {}

    def __getitem__(self, name: str) -> str:
        return (self.all(name) or [""])[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def all(self, name: str) -> list[str]:
        values = self._fields.get(name, [])
        if any(map(_UNSEEN.search, values)):
            self.wrong(name, "form.unseen")
            return []
        return values

    def wrong(self, name: str, key: str, **values: object) -> None:
        """``name`` is the field's, or WHOLE; the first error of a field is the one that is shown."""
        self.errors.setdefault(name, (key, values))

    def also(self, name: str, key: str, **values: object) -> None:
        """As ``wrong``, of a field that takes several things: each of its errors is shown."""
        if name in self.errors:
            self.more.setdefault(name, []).append((key, values))
        else:
            self.wrong(name, key, **values)

    def needs(self, *names: str) -> None:
        """Each must have been filled in; ``<name>.missing`` or ``form.missing`` says so."""
        for name in names:
            if not self[name].strip():
                self.wrong(name, "form.missing")

    def line(self, name: str, most: int) -> str:
        """What was typed as one line of so many characters at most; "" with an error of the field where it is none."""
        line = line_of(self[name])
        if not self[name].strip():
            self.wrong(name, "form.missing")
        elif line is None:
            self.wrong(name, "form.no_line")
        elif len(line) > most:
            self.wrong(name, "form.too_long", most=most)
        return line or ""

    @property
    def first(self) -> str | None:
        """The field that the cursor goes to."""
        return next((name for name in self.errors if name != WHOLE), None)


async def form_of(request: Request) -> Form:
    """Of what is no form at all nothing is read. Errors: NoForm, where something else came."""
    return form_in(request, await request.body())


def form_in(request: Request, body: bytes) -> Form:
    """What a body holds that was read already. Errors: NoForm."""
    if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise NoForm("send a form")
    try:
        return Form(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MOST))
    except ValueError:
        return Form()
