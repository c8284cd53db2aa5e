"""How is one mail handed over on a connection that stands? In one turn where the server takes commands together
(PIPELINING, RFC 2920), else one command after the other.

Connecting, STARTTLS and logging in are aiosmtplib's; it takes 0.2 ms of processor time for one mail where this takes
0.1 ms.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import aiosmtplib

OK, FORWARDED, GO_ON, CLOSING, PERMANENT = 250, 251, 354, 421, 500
LONGEST_ANSWER = 64 * 1024


class Refused(Exception):
    """The server said no to this ``command``; the connection can carry another mail, unless it was closed."""

    def __init__(self, command: str, code: int) -> None:
        super().__init__(f"{command} {code}")
        self.command = command
        self.code = code

    @property
    def for_good(self) -> bool:
        return self.code >= PERMANENT


class Dialogue(asyncio.Protocol):
    """Commands and answers, in this order, on the transport of a connection that is logged in."""

    def __init__(self, connection: aiosmtplib.SMTP) -> None:
        transport: Any = connection.transport
        self._connection = connection
        self._transport: asyncio.Transport = transport
        self._together = connection.supports_extension("pipelining")
        #: Mails that it carried; ``sending``: of the present one the text is on its way, and may be taken.
        self.carried = 0
        self.sending = False
        self.any_mailbox = connection.supports_extension("smtputf8")
        self._buffer = b""
        self._waiting: deque[asyncio.Future[int]] = deque()
        transport.set_protocol(self)

    @property
    def open(self) -> bool:
        return not self._transport.is_closing()

    async def hand_over(self, sender: bytes, recipient: bytes, options: bytes, mail: bytes) -> None:
        """``mail`` has CRLF line ends. Errors: Refused; SMTPServerDisconnected, after which this is closed."""
        self.sending = False
        commands = (b"MAIL FROM:<%s>%s" % (sender, options), b"RCPT TO:<%s>" % recipient, b"DATA")
        try:
            await self._hand_over(commands, mail)
        except Refused:
            with suppress(aiosmtplib.SMTPServerDisconnected):
                await self._said(b"RSET")
            raise
        finally:
            self.carried += 1

    async def _hand_over(self, commands: Sequence[bytes], mail: bytes) -> None:
        # A server that hangs up after its first answer has answered all the same.
        together = await asyncio.gather(*self._say(*commands), return_exceptions=True) if self._together else []
        for place, (command, allowed) in enumerate(zip(commands, ((OK,), (OK, FORWARDED), (GO_ON,)), strict=True)):
            code = together[place] if together else await self._said(command)
            if isinstance(code, BaseException):
                raise code
            if code not in allowed:
                if together[2:] == [GO_ON]:
                    # It waits for the text of a mail that has no recipient: an empty one ends that.
                    await self._said(b".")
                raise Refused(command[:4].decode(), code)
        self.sending = True
        code = await self._said(mail.replace(b"\r\n.", b"\r\n..") + b".")
        if code != OK:
            raise Refused("text", code)

    async def _said(self, line: bytes) -> int:
        (answer,) = self._say(line)
        return await answer

    def _say(self, *lines: bytes) -> list[asyncio.Future[int]]:
        if self._transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        loop = asyncio.get_running_loop()
        answers = [loop.create_future() for _ in lines]
        self._waiting.extend(answers)
        self._transport.write(b"\r\n".join(lines) + b"\r\n")
        return answers

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            if line[3:4] == b"-":
                continue
            if not line[:3].isdigit() or not self._waiting:
                # Nothing was asked, or this is not SMTP: 421 before the connection ends, for one.
                self.close()
                return
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_result(int(line[:3]))
        if len(self._buffer) > LONGEST_ANSWER:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._give_up()

    def close(self) -> None:
        self._transport.close()
        self._connection.close()
        self._give_up()

    def _give_up(self) -> None:
        while self._waiting:
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_exception(aiosmtplib.SMTPServerDisconnected("Connection lost"))
                # Marked as seen: whoever waited for the first of several is gone with it.
                answer.exception()
