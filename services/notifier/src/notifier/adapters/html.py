"""What does a mail look like where it is shown as a page? The same text: nothing from elsewhere, no script, and only
our own addresses are links. What a firm or an officer wrote leads nowhere."""

import re
from collections.abc import Sequence
from html import escape

#: A part of a message: its heading, "" where it has none, and its text.
Section = tuple[str, str]


def document(subject: str, inner: str, language: str) -> str:
    """``inner`` as a whole document; light and dark as the reader has it."""
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(subject)}</title></head>\n"
        '<body style="max-width:38em;margin:1em auto;padding:0 1em;font:1em/1.5 sans-serif">\n'
        f"{inner}</body></html>\n"
    )


class Markings:
    """``base`` is what our own addresses begin with."""

    def __init__(self, base: str) -> None:
        # Not the full stop behind an address.
        self._link = re.compile(re.escape(base) + r"(?:[^\s<>\"']*[^\s<>\"'.,;:!?)])?")

    def of(self, sections: Sequence[Section]) -> str:
        """Headings, paragraphs, lists and links; all that stands in the text is only text."""
        found = []
        for heading, text in sections:
            found += [f"<h2>{escape(heading)}</h2>\n"] if heading else []
            found += [self._block(block.split("\n")) for block in text.strip().split("\n\n") if block.strip()]
        return "".join(found)

    def _block(self, lines: Sequence[str]) -> str:
        if all(line.startswith("- ") for line in lines):
            return "<ul>" + "".join(f"<li>{self._linked(line[2:])}</li>" for line in lines) + "</ul>\n"
        return "<p>" + "<br>\n".join(map(self._linked, lines)) + "</p>\n"

    def _linked(self, line: str) -> str:
        parts, end = [], 0
        for found in self._link.finditer(line):
            address = escape(found[0])
            parts += [escape(line[end : found.start()]), f'<a href="{address}">{address}</a>']
            end = found.end()
        return "".join([*parts, escape(line[end:])])
