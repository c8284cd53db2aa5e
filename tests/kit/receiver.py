"""An HTTP receiver of messages, as a provider of SMS or push is one: takes them, says no, or never answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import unquote

from slkt_local.ports import free_ports

NEVER = 0


@dataclass
class Receiver:
    """Answers each message with the next of ``answers``, the last one again and again; ``NEVER``: not at all."""

    answers: list[int]
    port: int = 0
    got: list[tuple[str, str]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def url(self, more: str = "") -> str:
        return f"json://user:rahasia@127.0.0.1:{self.port}/send/{{to}}{more}"

    def answer(self, path: str, said: bytes) -> int:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == NEVER:
            self.over.wait()
        else:
            self.got.append((unquote(path).removeprefix("/send/"), json.loads(said)["message"]))
        return answer


@contextmanager
def receiving(*answers: int) -> Iterator[Receiver]:
    receiver = Receiver([*answers], free_ports(1)[0])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            if answer := receiver.answer(self.path, said):
                self.send_response(answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", receiver.port), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
