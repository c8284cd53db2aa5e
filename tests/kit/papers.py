"""Files as consumers and firms bring them; small, and real as far as a look at them goes."""

import io
import os
import zipfile

#: The test file of all virus scanners: harmless, and found by every one of them. Put together here, so that no scanner
#: of this machine takes this very source away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"


def pdf(size: int = 2_000) -> bytes:
    """Each is another content."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + os.urandom(size - 15)


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + os.urandom(200)


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1" + os.urandom(200)


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + os.urandom(200)


def archive(*names: str, filler: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "<xml/>")
        if filler:
            file.writestr("word/media/image1.png", os.urandom(filler))
    return made.getvalue()


def docx(*also: str, filler: int = 0) -> bytes:
    return archive("[Content_Types].xml", "_rels/.rels", "word/document.xml", *also, filler=filler)


def xlsx() -> bytes:
    return archive("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml")
