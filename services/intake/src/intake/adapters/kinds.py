"""Of which kind is a file? Found in its content as it comes, whatever was said of it: by its first bytes, of office
files by what is in them, of plain text by each of its characters. What acts where it is opened is not taken."""

import codecs
import re
import struct
from collections.abc import Callable
from typing import NoReturn, TypeVar

import puremagic

from intake.adapters.parts import Acts, OfficeParts
from intake.adapters.pdf_names import PdfNames
from intake.attachments import KINDS, AttachmentActs, AttachmentKind

T = TypeVar("T")
HEAD_BYTES = 8 * 1024
#: The list at the end of a ZIP has some 80 bytes for each thing in it.
TAIL_BYTES = 128 * 1024
_PDF = b"%PDF-"
_ZIP, _END_OF_LIST, _IN_LIST = b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02"
_OFFICE = {
    b"word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SAME = {"image/heif": "image/heic"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
#: The library's figure for a sign of four bytes; a shorter one also begins many a text.
SURE = 0.4
TAKEN = "taken are PDF, JPEG, PNG, HEIC, WebP, DOCX, XLSX and plain text (UTF-8)"


class Look:
    """Looks at one file while it passes."""

    def __init__(self) -> None:
        self._head, self._tail, self._size = b"", b"", 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        #: Until the head is there; then a kind, or "zip" or "text" until the end.
        self._kind, self._label = "", "no kind that is known"
        self._parts, self._pdf = OfficeParts(), PdfNames()
        #: What an office file does, if it is one: its list at the end tells.
        self._acts: Acts | None = None

    def feed(self, piece: bytes) -> None:
        """Refuses AttachmentKind, AttachmentActs as soon as it is sure."""
        self._size += len(piece)
        if self._kind == "":
            self._head += piece
            if len(self._head) < HEAD_BYTES:
                return
            piece = self._begin()
        self._go_on(piece)

    def found(self) -> str:
        """The kind, at the end. Refuses AttachmentKind, AttachmentActs."""
        if self._kind == "":
            self._go_on(self._begin())
        if self._kind == "text":
            self._text(b"", final=True)
            return "text/plain"
        if self._kind == "application/pdf" and (acts := _found(lambda _: self._pdf.end(), b"")):
            raise _refused(acts)
        return self._office() if self._kind == "zip" else self._kind

    def _begin(self) -> bytes:
        head, self._head = self._head, b""
        self._kind = "zip" if head.startswith(_ZIP) else self._by_head(head[:HEAD_BYTES])
        if self._kind == "text" and _PDF in head[:HEAD_BYTES]:
            # Programs open it as one: they look for its beginning in the first thousand bytes.
            self._label = "a PDF with something before it"
            self._refuse()
        return head

    def _go_on(self, piece: bytes) -> None:
        if self._kind == "text":
            self._text(piece)
        elif self._kind == "zip":
            self._tail = (self._tail + piece)[-TAIL_BYTES:]
            if self._acts is None:
                self._acts = _found(self._parts.feed, piece)
        elif self._kind == "application/pdf" and (acts := _found(self._pdf.feed, piece)):
            raise _refused(acts)

    def _by_head(self, head: bytes) -> str:
        try:
            found = puremagic.magic_string(head)
        except (puremagic.PureError, ValueError):
            return "text"
        best = [one for one in found if one.confidence == found[0].confidence]
        kinds = [_SAME.get(one.mime_type, one.mime_type) for one in best]
        if kind := next((kind for kind in kinds if kind in KINDS and kind != "text/plain"), ""):
            return kind
        # Of many names for one beginning, the plainest.
        program = next((one for one in found if one.extension == ".exe" and one.confidence >= SURE), None)
        if best[0].confidence >= SURE:
            self._label = (program or best[0]).name
        if best[0].confidence > SURE and not kinds[0].startswith("text/plain"):
            self._refuse()
        return "text"

    def _text(self, piece: bytes, *, final: bool = False) -> None:
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError:
            self._refuse()
        if _CONTROLS.search(text):
            self._refuse()

    def _office(self) -> str:
        listed = _listed(self._tail)
        kind = next((kind for name, kind in _OFFICE.items() if name in listed), None)
        if kind is None or b"[Content_Types].xml" not in listed:
            self._label = "a ZIP archive"
            self._refuse()
        if acts := self._acts or _found(self._parts.end, listed):
            raise _refused(acts)
        return kind

    def _refuse(self) -> NoReturn:
        raise AttachmentKind(f"by its content this is {self._label}; {TAKEN}", came=self._label)


def _listed(tail: bytes) -> dict[bytes, int]:
    """All that is in a ZIP, and where it begins; nothing where the list is not there as a whole."""
    end = tail.rfind(_END_OF_LIST)
    if end < 0 or len(tail) < end + 20:
        return {}
    count, size = struct.unpack("<HI", tail[end + 10 : end + 16])
    at, found = end - size, dict[bytes, int]()
    for _ in range(count):
        if at < 0 or tail[at : at + 4] != _IN_LIST or len(tail) < at + 46:
            return {}
        name, extra, comment, begins = struct.unpack("<HHH8xI", tail[at + 28 : at + 46])
        found[tail[at + 46 : at + 46 + name]] = begins
        at += 46 + name + extra + comment
    return found if at == end and len(found) == count else {}


def _found(look: Callable[[T], None], at: T) -> Acts | None:
    try:
        look(at)
    except Acts as acts:
        return acts
    return None


def _refused(acts: Acts) -> AttachmentActs:
    return AttachmentActs(f"this is {acts}; print it into a PDF, and bring that", came=str(acts))
