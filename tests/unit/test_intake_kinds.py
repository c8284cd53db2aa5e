"""A file is what its content is: whatever it is called, and however it is cut into pieces on its way."""

import pytest
from intake.adapters import parts
from intake.adapters.kinds import Look
from intake.attachments import KINDS, AttachmentActs, AttachmentKind, shown_name
from kit import papers

OFFICE = "application/vnd.openxmlformats-officedocument"
TAKEN = {
    "application/pdf": papers.pdf(300_000),
    "image/jpeg": papers.jpeg(),
    "image/png": papers.png(),
    "image/heic": papers.heic(),
    "image/webp": b"RIFF\x10\0\0\0WEBPVP8 " + b"\xf0" * 100,
    "text/plain": "Kronologi: saldo berkurang Rp 750.000 — “tanpa” transaksi.\r\n\tSari\n".encode() * 2_000,
    f"{OFFICE}.wordprocessingml.document": papers.docx(filler=300_000),
    f"{OFFICE}.spreadsheetml.sheet": papers.xlsx(),
}
REFUSED = {
    "Windows": b"MZ\x90\0\x03\0" + b"\0" * 500,
    "ELF": b"\x7fELF\x02\x01\x01" + b"\0" * 500,
    "ZIP": papers.archive("a.exe"),
    "ZIP archive": papers.docx()[:-30],
    "Office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "HTML": b"<html><body><script>alert(1)</script></body></html>",
    "Scalable": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "no kind that is known": b"saldo\0\x01\x02" * 100,
    "no kind": "café".encode("latin-1") * 3_000,
}


def found(content: bytes, piece: int) -> str:
    look = Look()
    for start in range(0, len(content), piece):
        look.feed(content[start : start + piece])
    return look.found()


def test_there_is_an_example_of_each_kind() -> None:
    assert set(TAKEN) == set(KINDS)


@pytest.mark.parametrize("piece", [7, 8_192, 10**6])
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_known_by_its_content(kind: str, piece: int) -> None:
    assert found(TAKEN[kind], piece) == kind


@pytest.mark.parametrize("piece", [13, 10**6])
@pytest.mark.parametrize("label", REFUSED)
def test_what_is_not_taken_is_told_what_it_is(label: str, piece: int) -> None:
    with pytest.raises(AttachmentKind, match=label):
        found(REFUSED[label], piece)


RELATIONS = "word/_rels/settings.xml.rels"
TEMPLATE = papers.relation("attachedTemplate", "https://evil.example/a.dotm")
PICTURE = papers.relation("image", "//evil.example/a.png").replace('"Ext', '"&#69;xt')
HIDDEN = TEMPLATE.replace("ip Id", 'ip xmlns:Type="a>/hyperlink" Id')
INSIDE = papers.relation("oleObject", "media/a.png").replace(' TargetMode="External"', "")
PAGE = '<Types><Override PartName="/word/c.xml" ContentType="text/html"/></Types>'
ACTS = {
    "macros": papers.docx("word/vbaProject.bin"),
    "objects": papers.docx("word/embeddings/oleObject1.bin"),
    "objects in it": papers.docx("word/activeX/activeX1.xml"),
    "other files": papers.docx("word/media/evil.exe"),
    "fetches something": papers.docx(holding={RELATIONS: TEMPLATE}),
    "fetches": papers.docx(holding={RELATIONS: PICTURE}),
    "unpacks to very much": papers.docx(holding={"word/document2.xml": "0" * 2_000_000}),
    "cannot be read": papers.docx(filler=9_000).replace(b"word/media/image1.png", b"word/media/image2.png", 1),
    "cannot be": papers.docx(holding={RELATIONS: "<x/>".encode("utf-16").decode("latin-1")}),
    "scripts": papers.pdf(20_000, b"<</S /JavaScript /JS (app.alert(1))>>"),
    "scripts in": papers.pdf(20_000, papers.packed(b"<</S/J#61vaScript/JS 3 0 R>>")),
    "programs": papers.pdf(20_000, b"<</S/Launch/F(cmd.exe)>>"),
    "a PDF with other files": papers.pdf(20_000, b"<</Type/EmbeddedFile/Length 3>>"),
    "fetches something from": papers.docx(holding={RELATIONS: HIDDEN}),
    "office file with objects": papers.docx(holding={RELATIONS: INSIDE}),
    "other files in": papers.docx(holding={"word/[Content_Types].xml": PAGE}),
    "that reaches for something outside": papers.pdf(20_000, b"<</OpenAction<</S/GoToR\0/F(a)>>>>"),
    "a form that may act": papers.pdf(20_000, b"<</AcroForm<</XFA 9 0 R>>>>"),
    "a PDF that cannot be": papers.pdf(20_000, b"<</Type/ObjStm/Filter/ASCIIHexDecode>>stream\n789c>\nendstream "),
}
PEACEFUL = [
    papers.docx(holding={RELATIONS: papers.relation("hyperlink", "https://ojk.example")}),
    papers.docx("word/embeddings/Microsoft_Excel_Sheet1.xlsx", "word/charts/chart1.xml", streamed=True, filler=50_000),
    papers.docx("xl/printerSettings/printerSettings1.bin", "docProps/thumbnail.jpeg", "[trash]/0000.dat"),
    papers.pdf(20_000, b"<</OpenAction[3 0 R/XYZ]/Names<</Dests 4 0 R>>/Title(Launching JavaScript)>>"),
    papers.pdf(20_000, papers.packed(b"<</Type/Page>>")),
    papers.pdf(20_000, b"<</Type/ObjStm>>stream\nsealed\nendstream trailer<</Encrypt 7 0 R>>"),
]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "UNPACKED_MOST", 1_000_000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("piece", [13, 10**6])
@pytest.mark.parametrize("label", ACTS)
def test_what_acts_where_it_is_opened_is_not_taken(label: str, piece: int) -> None:
    with pytest.raises(AttachmentActs, match=f"{label.removesuffix(' in')}.*print it into a PDF"):
        found(ACTS[label], piece)


@pytest.mark.parametrize("piece", [13, 10**6])
@pytest.mark.parametrize("content", PEACEFUL)
def test_what_people_write_every_day_is_taken(content: bytes, piece: int) -> None:
    assert found(content, piece) in KINDS


def test_a_text_that_begins_like_something_else_is_a_text() -> None:
    assert found(b"BM adalah singkatan nama saya.\n", 100) == "text/plain"
    assert found(b"MZ itu apa?\n", 5) == "text/plain"


@pytest.mark.parametrize(
    ("said", "kind", "shown"),
    [
        ("bukti.pdf", "application/pdf", "bukti.pdf"),
        ("bukti.exe", "application/pdf", "bukti.exe.pdf"),
        ("FOTO.JPEG", "image/jpeg", "FOTO.jpeg"),
        ("D:\\gambar\\foto", "image/png", "foto.png"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("", "image/png", "lampiran.png"),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("a" * 300 + ".pdf", "application/pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_is_one_that_a_disk_and_a_reader_can_trust(said: str, kind: str, shown: str) -> None:
    assert shown_name(said, kind) == shown
