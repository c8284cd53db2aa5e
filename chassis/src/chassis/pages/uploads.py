"""What comes with a form that brings files? Its fields first, read whole; then each file as it comes, never held in
memory or on a disk here. Fields of a form must stand before its files: what comes behind them is left out."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from chassis.limits import MAX_BODY_BYTES
from chassis.lines import line_of
from chassis.pages.forms import FIELDS_MOST, Form, NoForm, form_in
from chassis.refusals import TooLarge, TooSlow

KIND = "multipart/form-data"
#: How long an answer waits for what is not read any more.
DRAIN_SECONDS = 20.0
_DISPOSITION = b"content-disposition"


@dataclass(frozen=True)
class _Part:
    """The head of a part; ``file`` is what the browser calls the file, None where it is a field."""

    name: str
    file: str | None


#: What the parser tells, in its order: a part's head, some of its content, its end (None).
_Told = _Part | bytes | None


@dataclass
class Upload:
    """One file on its way; it is read once, before the next one. ``field`` is the form's, ``name`` what the file is
    called on the person's disk, "" where that is no line of text."""

    field: str
    name: str
    _uploads: "Uploads"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Errors: TooLarge where more came than the door has room for; TooSlow where it ended too early."""
        while (told := await self._uploads.told()) is not None:
            if isinstance(told, bytes):
                yield told


class Uploads:
    """A form with its files. ``form`` is there at once."""

    def __init__(self, form: Form, request: Request | None = None, boundary: bytes = b"") -> None:
        self.form = form
        self._receive = request.receive if request else None
        self._parser = _Parser(boundary) if request else None
        self._first: _Part | None = None
        self._whole = request is None

    async def read_fields(self) -> None:
        """Errors: NoForm, TooLarge, TooSlow."""
        fields: dict[str, list[str]] = {}
        size = count = 0
        while (part := await self._part()) is not None and part.file is None:
            value = bytearray()
            while isinstance(told := await self.told(), bytes):
                value += told
                size += len(told)
                if size > MAX_BODY_BYTES:
                    raise TooLarge(f"the fields of a form have {MAX_BODY_BYTES} bytes at most")
            count += 1
            if count > FIELDS_MOST:
                raise NoForm("a form of fewer fields")
            try:
                fields.setdefault(part.name, []).append(bytes(value).decode())
            except UnicodeDecodeError as error:
                raise NoForm("send a form in UTF-8") from error
        self._first, self.form = part, Form(fields)

    async def files(self) -> AsyncIterator[Upload]:
        """Each file that was chosen. Errors: as of one file."""
        part, self._first = self._first, None
        while part is not None:
            if part.file:
                yield Upload(part.name, line_of(part.file) or "", self)
            part = await self._part()

    async def drain(self) -> None:
        """Takes in what is left and keeps nothing of it: whoever is answered while sending may never see the answer.
        It is waited for until its end, until nobody sends any more, and for ``DRAIN_SECONDS`` at most."""
        if self._receive is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self._whole:
                    with suppress(TooLarge):
                        message = await self._receive()
                        self._whole = message["type"] != "http.request" or not message.get("more_body", False)

    async def told(self) -> _Told:
        assert self._parser is not None
        while not self._parser.told:
            if self._whole:
                raise NoForm("the form ended before it was whole")
            await self._more()
        return self._parser.told.popleft()

    async def _part(self) -> _Part | None:
        """The next part's head, past whatever of the one before nobody read; None at the end."""
        if self._parser is None:
            return None
        while self._parser.told or not (self._whole or self._parser.over):
            if not self._parser.told:
                await self._more()
            elif isinstance(told := self._parser.told.popleft(), _Part):
                return told
        return None

    async def _more(self) -> None:
        assert self._receive is not None and self._parser is not None
        message = await self._receive()
        if message["type"] != "http.request":
            self._whole = True
            raise TooSlow("the form ended before it was whole; send it again")
        self._whole = not message.get("more_body", False)
        self._parser.feed(message.get("body", b""))


class _Parser:
    """What the library tells by callbacks, as a queue. ``over``: the last boundary has come."""

    def __init__(self, boundary: bytes) -> None:
        self.told: deque[_Told] = deque()
        self.over = False
        self._name, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._head,
                "on_part_data": lambda data, start, end: self.told.append(data[start:end]),
                "on_part_end": lambda: self.told.append(None),
                "on_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Errors: NoForm."""
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise NoForm("send a form") from error

    def _begin(self) -> None:
        self._headers = {}

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _head(self) -> None:
        _, said = parse_options_header(self._headers.get(_DISPOSITION, b""))
        name, file = said.get(b"name", b""), said.get(b"filename")
        called = None if file is None else file.decode(errors="replace").replace("%22", '"')
        self.told.append(_Part(name.decode(errors="replace"), called))

    def _end(self) -> None:
        self.over = True


async def uploads_of(request: Request) -> Uploads:
    """Of a door that has room (``roomy``): a form with files, or without any. Errors: NoForm, TooLarge, TooSlow."""
    kind, said = parse_options_header(request.headers.get("content-type", ""))
    if kind != KIND.encode():
        return Uploads(form_in(request, await _letter(request)))
    boundary = said.get(b"boundary", b"")
    if not 0 < len(boundary) <= 70:
        raise NoForm("send a form with a boundary")
    uploads = Uploads(Form(), request, boundary)
    await uploads.read_fields()
    return uploads


async def _letter(request: Request) -> bytes:
    """The whole of a form without files, which needs no room. Errors: TooLarge, TooSlow."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY_BYTES:
                raise TooLarge(f"a form without files has {MAX_BODY_BYTES} bytes at most")
    except ClientDisconnect as error:
        raise TooSlow("the form ended before it was whole; send it again") from error
    return bytes(body)
