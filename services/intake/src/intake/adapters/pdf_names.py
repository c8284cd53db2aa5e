"""Does a PDF run a script or a program, or bring other files along? Its names are looked at while it passes, also those
in packed lists of objects; what is encrypted is left to a scanner."""

import re
import zlib

from intake.adapters.parts import UNPACKED_MOST, Acts

PACKED, NOT_READ = "a PDF that unpacks to very much", "a PDF that cannot be read"
OUTSIDE = "a PDF that reaches for something outside"
CALLED = {
    b"JavaScript": "a PDF with scripts",
    b"Launch": "a PDF that starts programs",
    b"EmbeddedFile": "a PDF with other files in it",
    b"EmbeddedFiles": "a PDF with other files in it",
    b"FileAttachment": "a PDF with other files in it",
    b"RichMedia": "a PDF with films or sounds in it",
    b"XFA": "a PDF with a form that may act",
    b"SubmitForm": OUTSIDE,
    b"ImportData": OUTSIDE,
    b"GoToR": OUTSIDE,
    b"GoToE": OUTSIDE,
}
STEP_BYTES = 256 * 1024
#: So much of what passed is looked at again: a name, or what is said of a stream, may be cut in two.
KEPT_BYTES = 20 * 1024


def _spelt(name: bytes) -> bytes:
    """Each sign of a name may be written as #xx."""
    return b"".join(b"(?:%c|#%02x|#%02X)" % (one, one, one) for one in name)


_NAMED = re.compile(rb"/(?:%s)(?=[\s\0/<>\[\](){}%%])" % b"|".join(b"(%s)" % _spelt(name) for name in CALLED))
_ENCRYPTED = re.compile(rb"/%s(?=[\s\0/<\d])" % _spelt(b"Encrypt"))
_LABELS = tuple(CALLED.values())
_OBJECTS = re.compile(rb"/%s(?:(?!endobj).){0,16384}?stream\r?\n" % _spelt(b"ObjStm"), re.DOTALL)


class PdfNames:
    """Of one file; ``feed`` raises Acts."""

    def __init__(self) -> None:
        self._kept = b""
        self._unpacked = 0
        self._unpacking: zlib._Decompress | None = None
        #: A list of objects that is packed in a way not known here; encrypted ones are.
        self._closed = self._encrypted = False

    def end(self) -> None:
        """Raises Acts where objects could not be looked at, and not because they are encrypted."""
        if self._closed and not self._encrypted:
            raise Acts(NOT_READ)

    def feed(self, piece: bytes) -> None:
        while piece:
            piece = self._clear(piece) if self._unpacking is None else self._packed(piece)

    def _clear(self, piece: bytes) -> bytes:
        """Until a packed list of objects begins; the rest is that."""
        seen = self._kept + piece
        begins = _OBJECTS.search(seen)
        _look(seen[: begins.end()] if begins else seen)
        self._encrypted = self._encrypted or _ENCRYPTED.search(seen) is not None
        if begins is None:
            self._kept = seen[-KEPT_BYTES:]
            return b""
        self._kept, self._unpacking = b"", zlib.decompressobj()
        return seen[begins.end() :]

    def _packed(self, piece: bytes) -> bytes:
        """Until the list ends. What is packed otherwise, or encrypted, is passed over, and remembered."""
        unpacking, data, last = self._unpacking, piece, self._kept
        assert unpacking is not None
        try:
            while True:
                out = unpacking.decompress(data, STEP_BYTES)
                data = unpacking.unconsumed_tail
                self._unpacked += len(out)
                if self._unpacked > UNPACKED_MOST:
                    raise Acts(PACKED)
                _look(last + out)
                last = (last + out)[-KEPT_BYTES:]
                if unpacking.eof or (not out and not data):
                    break
        except zlib.error:
            self._kept, self._unpacking, self._closed = b"", None, True
            return piece
        self._kept = last
        if unpacking.eof:
            self._kept, self._unpacking = b"", None
        return unpacking.unused_data


def _look(seen: bytes) -> None:
    if found := _NAMED.search(seen):
        raise Acts(_LABELS[(found.lastindex or 1) - 1])
