"""What is in an office file, and does any of it act? Its parts are looked at while they pass, unpacked as far as is
needed: macros, objects, other files, and what is fetched from elsewhere where it is opened, are not taken."""

import re
import struct
import zlib
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, ParseError, fromstring

MACROS, OBJECTS = "an office file with macros", "an office file with objects in it"
OTHERS, ELSEWHERE = "an office file with other files in it", "an office file that fetches something from elsewhere"
PACKED, NOT_READ = "an office file that unpacks to very much", "an office file that cannot be read"
#: A file of 10 MiB with pictures unpacks to some 12; what is made to burst, to a thousand times as much.
UNPACKED_MOST = 100 * 1024 * 1024
STEP_BYTES, READ_MOST = 256 * 1024, 1024 * 1024
_PART, _LISTED, _ENDS = b"PK\x03\x04", b"PK\x01\x02", (b"PK\x05\x06", b"PK\x06\x06")
_DESCRIBED = b"PK\x07\x08"
_KNOWN = frozenset(
    b"xml rels vml png jpg jpeg jfif gif bmp tif tiff emf wmf svg webp wdp odttf ttf otf fntdata psmdcp dat".split()
)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
#: Types of relationships, by their last word; and what types of content hold.
_ACTING = {
    "oleobject": OBJECTS,
    "control": OBJECTS,
    "activexcontrolbinary": OBJECTS,
    "vbaproject": MACROS,
    "afchunk": OTHERS,
    "subdocument": OTHERS,
    "frame": OTHERS,
}
_TYPED = {
    "macroenabled": MACROS,
    "vbaproject": MACROS,
    "oleobject": OBJECTS,
    "activex": OBJECTS,
    "html": OTHERS,
    "rtf": OTHERS,
    "message/": OTHERS,
}


class Acts(Exception):
    """It does something where it is opened, or nobody can say. The text is what it is called."""


class OfficeParts:
    """Of one file; ``feed`` and ``end`` raise Acts."""

    def __init__(self) -> None:
        self._came, self._at = b"", 0
        #: Each part by its name, with the place where it begins.
        self._found: dict[bytes, int] = {}
        self._take = self._head
        self._left, self._unpacking = 0, zlib.decompressobj(-zlib.MAX_WBITS)
        self._unpacked, self._described = 0, False
        #: What is read of the part that passes, and by whom.
        self._whole: bytearray | None = None
        self._read: Callable[[bytes], None] | None = None

    def feed(self, piece: bytes) -> None:
        self._came += piece
        while self._take():
            pass

    def end(self, listed: Mapping[bytes, int]) -> None:
        """``listed``: by the list at the file's end, which is what programs go by: it must tell the same."""
        if self._take != self._rest or listed != self._found:
            raise Acts(NOT_READ)

    def _drop(self, size: int) -> bytes:
        taken, self._came = self._came[:size], self._came[size:]
        self._at += len(taken)
        return taken

    def _head(self) -> bool:
        if self._came[:4] in (_LISTED, *_ENDS):
            self._take = self._rest
            return True
        if len(self._came) < 30:
            return False
        flags, method = struct.unpack("<HH", self._came[6:10])
        packed, name_size, extra = struct.unpack("<I4xHH", self._came[18:30])
        if self._came[:4] != _PART or flags & 1 or method not in (0, 8) or (flags & 8 and method == 0 and packed):
            raise Acts(NOT_READ)
        if len(self._came) < 30 + name_size + extra:
            return False
        at, name = self._at, self._drop(30 + name_size + extra)[30 : 30 + name_size]
        _judge(name.lower())
        if name in self._found:
            raise Acts(NOT_READ)
        self._found[name] = at
        self._read = next((read for end, read in _READ.items() if name.lower().endswith(end)), None)
        self._whole = bytearray() if self._read else None
        self._left, self._described = packed, bool(flags & 8)
        self._unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        self._take = self._packed if method == 8 else self._stored
        return True

    def _stored(self) -> bool:
        taken = self._drop(self._left)
        self._left -= len(taken)
        self._kept(taken)
        return not self._left and self._over()

    def _packed(self) -> bool:
        data, before = self._came, len(self._came)
        try:
            while True:
                out = self._unpacking.decompress(data, STEP_BYTES)
                data = self._unpacking.unconsumed_tail
                self._kept(out)
                if self._unpacking.eof or (not out and not data):
                    break
        except zlib.error as error:
            raise Acts(NOT_READ) from error
        self._came = self._unpacking.unused_data
        self._at += before - len(self._came)
        return self._unpacking.eof and self._over()

    def _kept(self, unpacked: bytes) -> None:
        self._unpacked += len(unpacked)
        if self._unpacked > UNPACKED_MOST:
            raise Acts(PACKED)
        if self._whole is not None:
            self._whole += unpacked
            if len(self._whole) > READ_MOST:
                raise Acts(PACKED)

    def _over(self) -> bool:
        if self._read is not None and self._whole is not None:
            self._read(bytes(self._whole))
        self._take = self._descriptor if self._described else self._head
        return True

    def _descriptor(self) -> bool:
        """Sizes behind a part, of four bytes each or eight, with a mark before them or none."""
        if len(self._came) < 28:
            return False
        for size in (16, 24) if self._came.startswith(_DESCRIBED) else (12, 20):
            if self._came[size : size + 4] in (_PART, _LISTED):
                self._drop(size)
                self._take = self._head
                return True
        raise Acts(NOT_READ)

    def _rest(self) -> bool:
        self._drop(len(self._came))
        return False


def _judge(name: bytes) -> None:
    folder, _, last = name.rpartition(b"/")
    ending = last.rpartition(b".")[2]
    if last in (b"vbaproject.bin", b"vbadata.xml"):
        raise Acts(MACROS)
    # A chart has its figures in a workbook of its own.
    chart = folder.endswith(b"/embeddings") and ending == b"xlsx"
    if b"activex" in name or (b"embeddings" in folder and not chart):
        raise Acts(OBJECTS)
    printer = ending == b"bin" and b"printersettings" in last
    if last and ending not in _KNOWN and not chart and not printer:
        raise Acts(OBJECTS if ending == b"bin" else OTHERS)


def _tree(content: bytes) -> Element:
    """Read as programs read it. Nothing is expanded: what declares something of its own is not read."""
    said = _ENCODING.search(content[:200])
    if b"\0" in content or b"<!" in content.replace(b"<!--", b"") or (said and said[1].lower() != b"utf-8"):
        raise Acts(NOT_READ)
    try:
        return fromstring(content)
    except ParseError as error:
        raise Acts(NOT_READ) from error


def _relations(content: bytes) -> None:
    """Only a link that a person clicks may lead elsewhere, and no part is an object or another file."""
    for one in _tree(content):
        kind = one.get("Type", "").strip().rpartition("/")[2].lower()
        if one.get("TargetMode", "").strip().lower() == "external" and kind != "hyperlink":
            raise Acts(ELSEWHERE)
        if kind in _ACTING:
            raise Acts(_ACTING[kind])


def _types(content: bytes) -> None:
    """What a part is called does not say what it is: this does."""
    for one in _tree(content):
        kind = one.get("ContentType", "").lower()
        for part, acts in _TYPED.items():
            if part in kind:
                raise Acts(acts)


_READ: Mapping[bytes, Callable[[bytes], None]] = {b".rels": _relations, b"[content_types].xml": _types}
