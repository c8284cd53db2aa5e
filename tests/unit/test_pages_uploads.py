"""Is a form with files read as it comes: fields first, each file piece by piece, and nothing more than asked for?"""

import asyncio
from collections.abc import Sequence

import pytest
from chassis.pages import uploads as pages_uploads
from chassis.pages.forms import Form, NoForm
from chassis.pages.uploads import Upload, Uploads, uploads_of
from chassis.refusals import TooLarge, TooSlow
from chassis.rooms import Counted, Room
from intake.attachments import AttachmentKind, AttachmentTooLarge
from intake.pages import taking
from intake.pages.taking import take
from starlette.requests import Request
from starlette.types import Message

EDGE = "----edge"


def part(name: str, content: bytes, file: str | None = None) -> bytes:
    called = f'; filename="{file}"' if file is not None else ""
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{called}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def sent(*parts: bytes, end: bytes = f"--{EDGE}--\r\n".encode(), size: int = 7) -> Request:
    """In pieces of a few bytes, so that each boundary is cut somewhere."""
    whole = b"".join(parts) + end
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    return arriving([{"type": "http.request", "body": one, "more_body": True} for one in pieces] + [_END])


_END: Message = {"type": "http.request", "body": b"", "more_body": False}


def arriving(messages: Sequence[Message | Exception], kind: str = f"multipart/form-data; boundary={EDGE}") -> Request:
    waiting = list(messages)

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        message = waiting.pop(0)
        if isinstance(message, Exception):
            raise message
        return message

    headers = [(b"content-type", kind.encode())]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)


def counted(request: Request, most: int) -> Request:
    return Request(request.scope, Counted(request.receive, Room(most, 5.0)))


async def read(uploads: Uploads) -> list[tuple[str, str, bytes]]:
    return [(one.field, one.name, b"".join([piece async for piece in one])) async for one in uploads.files()]


async def test_fields_are_there_before_files_and_an_unchosen_file_is_none() -> None:
    both = [
        part("text", "Sudah dibayar – ya.".encode()),
        part("files", b"", ""),
        part("files", b"%PDF\r\n--x", "bukti ü.pdf"),
    ]
    uploads = await uploads_of(sent(*both, part("files", b"2", 'a "b".txt'.replace('"', "%22"))))
    assert uploads.form["text"] == "Sudah dibayar – ya."
    assert await read(uploads) == [("files", "bukti ü.pdf", b"%PDF\r\n--x"), ("files", 'a "b".txt', b"2")]


async def test_what_nobody_reads_is_taken_in_and_a_name_with_signs_is_none() -> None:
    uploads = await uploads_of(sent(part("files", b"x" * 500, "a\x07b"), part("files", b"y", "b.txt")))
    names = [(one.name) async for one in uploads.files()]
    assert names == ["", "b.txt"]
    await uploads.drain()
    await uploads.drain()


async def test_a_form_without_files_is_read_as_ever() -> None:
    plain = arriving([{"type": "http.request", "body": b"a=1&b=2"}], "application/x-www-form-urlencoded")
    uploads = await uploads_of(plain)
    assert (uploads.form["a"], uploads.form["b"], await read(uploads)) == ("1", "2", [])


async def test_one_that_ends_too_early_or_is_none_is_refused() -> None:
    with pytest.raises(NoForm):
        await uploads_of(sent(part("a", b"1"), end=b"--"))
    with pytest.raises(NoForm):
        await uploads_of(arriving([{"type": "http.request", "body": b"nothing of the kind"}]))
    with pytest.raises(NoForm):
        await uploads_of(arriving([_END], "multipart/form-data"))
    with pytest.raises(TooSlow):
        await uploads_of(arriving([{"type": "http.disconnect"}]))


async def test_the_longest_form_of_ours_has_its_fields_read_either_way() -> None:
    names = [f"{field}_{demand}" for demand in range(20) for field in ("answer", "why", *range(12))]
    plain = b"&".join(f"{name}=1".encode() for name in names)
    urlencoded = arriving([{"type": "http.request", "body": plain}], "application/x-www-form-urlencoded")
    for came in (urlencoded, sent(*(part(name, b"1") for name in names), size=10_000)):
        assert list((await uploads_of(came)).form) == names


async def test_fields_without_end_are_too_large() -> None:
    with pytest.raises(TooLarge):
        await uploads_of(sent(part("a", b"x" * 300_000), size=10_000))


def _more(size: int = 100, more: bool = True) -> Message:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


_BEGUN = {"type": "http.request", "body": part("f", b"", "f.txt")[:-2], "more_body": True}
_GONE: Message = {"type": "http.disconnect"}


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param([_more(500, more=False)], id="the last piece is too much"),
        pytest.param([_more(500), _more(), _more(more=False)], id="more comes, and its end"),
        pytest.param([_more(500), _more(), _GONE, _GONE], id="the person gives up"),
        pytest.param([_more(500), *[_more()] * 9], id="without end"),
    ],
)
async def test_a_file_without_room_is_too_large_and_what_is_left_of_it_has_an_end(rest: list[Message]) -> None:
    """The real count of the door; a fake that has nothing more to give would wait for ever, as a browser does."""
    uploads = await uploads_of(counted(arriving([_BEGUN, *rest]), most=400))
    with pytest.raises(TooLarge):
        await read(uploads)
    async with asyncio.timeout(5):
        await uploads.drain()
        await uploads.drain()


async def test_whoever_sends_too_much_and_then_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_uploads, "DRAIN_SECONDS", 0.01)
    uploads = await uploads_of(counted(arriving([_BEGUN, _more(500)]), most=400))
    with pytest.raises(TooLarge):
        await read(uploads)
    async with asyncio.timeout(5):
        await uploads.drain()


def several(*files: tuple[str, int]) -> list[bytes]:
    return [part("files", b"x" * size, name) for name, size in files]


async def add(file: Upload) -> None:
    size = 0
    async for piece in file:
        size += len(piece)
        if size > 1_000:
            raise AttachmentTooLarge("too large", most=10 * 2**20)
    if file.name.endswith(".exe"):
        raise AttachmentKind("no such kind")


async def wrong_with(request: Request, most: int = 9) -> tuple[list[str], list[tuple[str, object]]]:
    uploads, form = await uploads_of(request), Form()
    async with asyncio.timeout(5):
        taken = await take(uploads, form, "files", "f.", most, add)
    first = [form.errors["files"]] if form.errors else []
    return taken, [(key, said["file"]) for key, said in [*first, *form.more.get("files", [])]]


async def test_what_is_wrong_with_one_file_keeps_no_other_out() -> None:
    files = several(("satu.txt", 9), ("dua.exe", 9), ("besar.jpg", 5_000), ("tiga.txt", 900), ("empat.exe", 1))
    taken, wrong = await wrong_with(sent(*files))
    assert taken == ["satu.txt", "tiga.txt"]
    assert wrong == [("f.kind", "dua.exe"), ("f.large", "besar.jpg"), ("f.kind", "empat.exe")]


async def test_each_file_too_many_is_named_and_after_many_of_them_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "NAMED_MOST", 2)
    taken, wrong = await wrong_with(sent(*several(*[(f"{name}.txt", 1) for name in "abcdefg"])), most=2)
    assert taken == ["a.txt", "b.txt"]
    assert wrong == [("f.many", "c.txt"), ("f.many", "d.txt"), ("f.rest", "e.txt")]


async def test_what_the_form_has_no_room_for_is_told_and_what_came_before_stays() -> None:
    files = several(("satu.txt", 300), ("dua.txt", 700), ("tiga.txt", 10))
    assert await wrong_with(counted(sent(*files, size=50), most=900)) == (["satu.txt"], [("f.together", "dua.txt")])
    # Nothing is read of one that is refused; the room ends in it all the same.
    files = several(("satu.txt", 300), ("besar.jpg", 5_000), ("tiga.txt", 10))
    taken, wrong = await wrong_with(counted(sent(*files, size=50), most=3_000))
    assert (taken, wrong) == (["satu.txt"], [("f.large", "besar.jpg"), ("f.together", "besar.jpg")])
