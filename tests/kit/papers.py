"""Files as consumers and firms bring them; small, and real as far as a look at them goes."""

import io
import os
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

Parts = Mapping[str, str]
NOTHING: Parts = {}

#: The test file of all virus scanners: harmless, and found by every one of them. Put together here, so that no scanner
#: of this machine takes this very source away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"


def pdf(size: int = 2_000, holding: bytes = b"") -> bytes:
    """Each is another content."""
    half = os.urandom((size - 15) // 2)
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + half + holding + os.urandom(size - 15 - len(half))


def packed(objects: bytes) -> bytes:
    """A list of objects of a PDF, as most programs write it."""
    stream = zlib.compress(b"9 0 " + objects)
    return b"8 0 obj<</Type/ObjStm/N 1/Filter/FlateDecode>>stream\r\n" + stream + b"\r\nendstream endobj"


def relation(kind: str, target: str) -> str:
    """What leads from an office file to elsewhere."""
    way = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    return f'<Relationships><Relationship Id="a" Type="{way}" Target="{target}" TargetMode="External"/></Relationships>'


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + os.urandom(200)


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1" + os.urandom(200)


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + os.urandom(200)


class _Streamed(io.RawIOBase):
    """Nobody goes back in it: what a part holds is told behind it, as some programs do."""

    def __init__(self) -> None:
        self.made = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.made += bytes(data)
        return len(data)


def archive(*names: str, filler: int = 0, streamed: bool = False, holding: Parts = NOTHING) -> bytes:
    made: Any = _Streamed() if streamed else io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in (dict.fromkeys(names, "<xml/>") | {**holding}).items():
            file.writestr(name, text.encode("latin-1"))
        if filler:
            file.writestr("word/media/image1.png", os.urandom(filler))
    return bytes(made.made if streamed else made.getvalue())


def docx(*also: str, filler: int = 0, streamed: bool = False, holding: Parts = NOTHING) -> bytes:
    names = ("[Content_Types].xml", "_rels/.rels", "word/document.xml", *also)
    return archive(*names, filler=filler, streamed=streamed, holding=holding)


def xlsx() -> bytes:
    return archive("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
