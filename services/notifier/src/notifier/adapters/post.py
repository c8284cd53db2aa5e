"""How does a mail leave? Over connections to the mail server that stay open: 20 of them carry hundreds a second."""

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.policy import SMTPUTF8 as WIRE_UTF8
from email.utils import format_datetime, parseaddr
from time import monotonic
from urllib.parse import unquote, urlsplit

import aiosmtplib
from chassis.clock import Clock
from chassis.deliveries import Undeliverable

from notifier.adapters.texts import one_line
from notifier.domain import REFUSED
from notifier.ports import Letter

TIMEOUT_SECONDS = 20
#: Mail servers hang up on who says nothing for a while.
IDLE_SECONDS = 20
SENDER_NAME = "Layanan Konsumen OJK"
_ADDRESS = re.compile(r"[^@\s<>(),:;\"\[\]\\\x00-\x1f\x7f]+@[^@\s<>(),:;\"\[\]\\\x00-\x1f\x7f]+")


def _address(text: str, name: str) -> Address:
    """Errors: Undeliverable for what is no address: nobody could take the mail."""
    try:
        if not _ADDRESS.fullmatch(text):
            raise ValueError(text)
        return Address(display_name=one_line(name)[:100], addr_spec=text)
    except (ValueError, HeaderParseError, IndexError) as error:
        raise Undeliverable(REFUSED) from error


class MailServer:
    """Writes letters as mails and hands them to the server of ``smtp_url``."""

    def __init__(self, smtp_url: str, mail_from: str, clock: Clock) -> None:
        self._url = urlsplit(smtp_url)
        name, self._sender = parseaddr(mail_from)
        self._from = Address(display_name=name or SENDER_NAME, addr_spec=self._sender)
        self._clock = clock
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []

    async def send(self, letter: Letter) -> None:
        """Errors: Undeliverable where the server refuses this recipient or this mail for good; aiosmtplib's own."""
        to = _address(letter.to.email, letter.to.name)
        text = self._written(letter, to)
        international = not to.addr_spec.isascii()
        wire = text.as_bytes(policy=WIRE_UTF8 if international else WIRE)
        options = ("SMTPUTF8", "BODY=8BITMIME") if international else ()
        connection = await self._connected()
        try:
            await self._hand_over(connection, to.addr_spec, wire, options)
        except Undeliverable:
            self._idle.append((monotonic(), connection))
            raise
        except BaseException:
            connection.close()
            raise
        self._idle.append((monotonic(), connection))

    async def _hand_over(self, connection: aiosmtplib.SMTP, to: str, wire: bytes, options: Sequence[str]) -> None:
        try:
            await connection.sendmail(self._sender, [to], wire, mail_options=options)
        except aiosmtplib.SMTPNotSupported as error:
            raise Undeliverable(REFUSED) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            if any(one.code >= 500 for one in error.recipients):
                raise Undeliverable(REFUSED) from error
            raise
        except aiosmtplib.SMTPDataError as error:
            if error.code >= 500:
                raise Undeliverable(REFUSED) from error
            raise

    def _written(self, letter: Letter, to: Address) -> EmailMessage:
        mail = EmailMessage()
        domain = self._from.domain
        mail["From"] = self._from
        mail["To"] = to
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = f"<{letter.id}@{domain}>"
        # Mail readers show all mails of one matter as one conversation.
        mail["References"] = f"<matter-{letter.number}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body, charset="utf-8", cte="quoted-printable")
        mail["Content-Language"] = letter.language
        return mail

    async def _connected(self) -> aiosmtplib.SMTP:
        while self._idle:
            since, connection = self._idle.pop()
            if connection.is_connected and monotonic() - since < IDLE_SECONDS:
                return connection
            connection.close()
        url = self._url
        connection = aiosmtplib.SMTP(
            hostname=url.hostname,
            port=url.port,
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            local_hostname=self._from.domain,
            timeout=TIMEOUT_SECONDS,
        )
        await connection.connect()
        return connection

    async def close(self) -> None:
        for _, connection in self._idle:
            connection.close()
        self._idle.clear()
