"""A mail server that keeps what it receives: one file per mail, written whole before the sender hears 250.

Run as `python -m slkt_local.mail PORT FOLDER`. A recipient whose local part begins with `refuse-` is refused for good
(550), with `later-` for now (451), so that tests can ask for either.
"""

import asyncio
import email
import email.policy
import os
import re
import signal
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from slkt_local.ports import LOOPBACK, free_ports, listens
from slkt_local.processes import Program
from slkt_local.settings import inherited

START_SECONDS = 20
MAX_MAIL_BYTES = 32 * 1024 * 1024


class Keeper:
    """aiosmtpd's handler: decides on recipients, keeps mails as `<sequence>-<process>.eml`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(sum(1 for _ in folder.glob("*.eml")) + 1)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if address.startswith("refuse-"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later-"):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        # Who it was for stands in the envelope only; a test that looks for it finds it here.
        to = ", ".join(re.sub(r"[\r\n]", "", each) for each in envelope.rcpt_tos)
        name = f"{next(self._numbers):08d}-{os.getpid()}.eml"
        half = self._folder / f".{name}"
        half.write_bytes(f"X-Envelope-To: {to}\r\n".encode() + raw)
        half.rename(self._folder / name)
        return "250 2.0.0 Kept"


def mails(folder: Path) -> Iterator[EmailMessage]:
    """Every mail kept there, oldest first; whom it was for is its header X-Envelope-To."""
    for file in sorted(folder.glob("[0-9]*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        yield message


def told_in(mail: EmailMessage) -> list[str]:
    """Ids of the facts that a mail of the suite tells: one message may tell several."""
    return str(mail["X-Slkt-Tells"] or "").split()


def text_of(mail: EmailMessage) -> str:
    """What is read where a mail is shown without its looks."""
    body = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""


class MailServer:
    """The mail server as a process of its own."""

    def __init__(self, root: Path) -> None:
        self.mail_dir = root / "mail"
        self._log = root / "logs" / "mail.log"
        self.port = free_ports(1)[0]
        self._program: Program | None = None

    @property
    def smtp_url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._program.pid if self._program and self._program.running else None

    def start(self) -> None:
        self.mail_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._program = Program(
            "mail",
            [sys.executable, "-m", "slkt_local.mail", str(self.port), str(self.mail_dir)],
            env=inherited(),
            log=self._log,
            grace_seconds=3,
        )
        self._program.wait_until(
            lambda: listens(self.port), what="listening", timeout_seconds=START_SECONDS, every_seconds=0.05
        )

    def stop(self) -> None:
        if self._program is not None:
            self._program.stop()

    def kill(self) -> None:
        if self._program is not None:
            self._program.kill()


async def _serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, done.set)
    keeper = Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="localhost", loop=loop, data_size_limit=MAX_MAIL_BYTES, enable_SMTPUTF8=True),
        LOOPBACK,
        port,
    )
    await done.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
