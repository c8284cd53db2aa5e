"""A mail is handed over whole and once, whether the server takes commands together, says no, or hangs up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import aiosmtplib
import pytest
from chassis.receivers import Undeliverable
from chassis.refusals import Unavailable
from notifier.adapters.post import MailServer
from notifier.adapters.smtp import Refused
from notifier.domain.mails import Addressee
from notifier.ports import Letter
from slkt_local.ports import free_ports

HANG_UP = "hang up"


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 3, 16, 12, tzinfo=UTC)


@dataclass
class Scripted:
    """A mail server that answers as ``answers`` says: by command, else as one that takes everything."""

    answers: Callable[["Scripted", str], str | None]
    together: bool
    port: int = 0
    connections: int = 0
    for_nobody: bool = False
    commands: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            self.commands.append(line)
            answer = self.answers(self, line)
            if answer is None:
                extra = "250-PIPELINING\r\n" if self.together else ""
                answer = {"EHLO": f"250-here\r\n{extra}250 HELP", "DATA": "354 go on"}.get(line[:4], "250 OK")
            if answer == HANG_UP:
                break
            if line.startswith("RCPT"):
                self.for_nobody = not answer.startswith("2")
            writer.write(f"{answer}\r\n".encode())
            if answer.startswith("421"):
                break
            if answer.startswith("354"):
                end = b".\r\n" if self.for_nobody else b"\r\n.\r\n"
                self.mails.append((await reader.readuntil(end)).decode())
                answer = self.answers(self, "text") or "250 kept"
                if answer == HANG_UP:
                    break
                writer.write(f"{answer}\r\n".encode())
        writer.close()

    def count(self, command: str) -> int:
        return sum(one.startswith(command) for one in self.commands)


@asynccontextmanager
async def scripted(
    answers: Callable[[Scripted, str], str | None] = lambda _, __: None, *, together: bool = True
) -> AsyncIterator[tuple[Scripted, MailServer]]:
    script = Scripted(answers, together, free_ports(1)[0])
    server = await asyncio.start_server(script.serve, "127.0.0.1", script.port)
    post = MailServer(f"smtp://127.0.0.1:{script.port}", "slkt@contoh.example", Noon())
    try:
        yield script, post
    finally:
        await post.close()
        server.close()


def a_letter(to: str = "siti@contoh.example", body: str = "Halo.\n") -> Letter:
    return Letter("id-1", "5043812177304", Addressee("Siti", to), "id", "Halo", body)


both_ways = pytest.mark.parametrize("together", [True, False])


@both_ways
async def test_mails_go_one_after_the_other_over_one_connection(together: bool) -> None:
    async with scripted(together=together) as (script, post):
        for _ in range(3):
            await post.send(a_letter(body="Satu.\n.\n..dua\n"))
        assert (script.connections, len(script.mails)) == (1, 3)
        assert "\r\n\r\nSatu.\r\n=2E\r\n...dua\r\n" in script.mails[0]


@both_ways
async def test_a_refused_recipient_spoils_nothing_for_the_next(together: bool) -> None:
    def answers(script: Scripted, command: str) -> str | None:
        return "550 nobody" if command.startswith("RCPT TO:<no") else None

    async with scripted(answers, together=together) as (script, post):
        with pytest.raises(Undeliverable):
            await post.send(a_letter("nobody@contoh.example"))
        await post.send(a_letter())
        assert script.connections == 1
        # Where commands go together this server wanted a text for nobody: it got an empty one.
        assert [len(mail) > 10 for mail in script.mails] == ([False, True] if together else [True])


@both_ways
@pytest.mark.parametrize(("at", "answer"), [("RCPT", "451 later"), ("text", "452 full"), ("RCPT", "421 not now")])
async def test_a_no_for_now_is_this_mails_own(together: bool, at: str, answer: str) -> None:
    async with scripted(lambda _, command: answer if command.startswith(at) else None, together=together) as (_, post):
        with pytest.raises(Refused):
            await post.send(a_letter())


@both_ways
@pytest.mark.parametrize("answer", ["421 too many mails", HANG_UP])
async def test_a_connection_at_its_end_is_followed_by_another(together: bool, answer: str) -> None:
    def answers(script: Scripted, command: str) -> str | None:
        return answer if command.startswith("MAIL") and script.count("MAIL") == 2 else None

    async with scripted(answers, together=together) as (script, post):
        await post.send(a_letter())
        await post.send(a_letter())
        assert (script.connections, len(script.mails)) == (2, 2)


async def test_who_hangs_up_during_the_text_may_have_it_and_is_not_asked_again_at_once() -> None:
    async with scripted(lambda script, command: HANG_UP if command == "text" else None) as (script, post):
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await post.send(a_letter())
        assert (script.connections, len(script.mails)) == (1, 1)


@pytest.mark.parametrize(
    ("at", "answer"), [("MAIL RCPT DATA", "451 out of order"), ("MAIL", "421 too busy"), ("EHLO", HANG_UP)]
)
async def test_a_server_that_takes_nothing_is_unavailable(at: str, answer: str) -> None:
    async with scripted(lambda _, command: answer if command[:4] in at.split() else None) as (_, post):
        with pytest.raises(Unavailable):
            await post.send(a_letter())


async def test_nobody_there_is_unavailable() -> None:
    post = MailServer(f"smtp://127.0.0.1:{free_ports(1)[0]}", "slkt@contoh.example", Noon())
    with pytest.raises(Unavailable):
        await post.send(a_letter())


async def test_long_and_foreign_headers_are_folded() -> None:
    async with scripted() as (script, post):
        letter = a_letter()
        long = Letter(letter.id, letter.number, letter.to, "id", "Pengaduan " * 12, letter.body)
        await post.send(long)
        head = script.mails[0].partition("\r\n\r\n")[0]
        assert max(map(len, head.split("\r\n"))) <= 78
        assert f"Subject: {'Pengaduan ' * 12}".strip() in head.replace("\r\n ", " ")


@pytest.mark.parametrize("name", ["Siti", "Sití", "Siti, S.H.", ""])
async def test_a_mailbox_in_any_letters_gets_mail_where_the_server_takes_it(name: str) -> None:
    def answers(script: Scripted, command: str) -> str | None:
        return "250-here\r\n250-PIPELINING\r\n250 SMTPUTF8" if command.startswith("EHLO") else None

    async with scripted(answers) as (script, post):
        await post.send(replace(a_letter(), to=Addressee(name, "sití@contoh.example")))
        assert "MAIL FROM:<slkt@contoh.example> SMTPUTF8 BODY=8BITMIME" in script.commands
        assert "sití@contoh.example" in script.mails[0].partition("\r\nSubject")[0]
    async with scripted() as (script, post):
        with pytest.raises(Undeliverable):
            await post.send(replace(a_letter(), to=Addressee(name, "sití@contoh.example")))
