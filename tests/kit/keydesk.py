"""A stand-in for intake's key desk: hands out the keys that a test gave it, and can be shut."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chassis.sealing import b64


class StandInKeyDesk:
    """``keys[number] = secret``; a number without a key was forgotten. ``asked``: numbers in the order asked for."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.keys: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.shut = False


@contextmanager
def key_desk() -> Iterator[StandInKeyDesk]:
    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            numbers = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["numbers"]
            signed = self.headers.get("Authorization", "").startswith("Bearer ")
            desk.asked += numbers
            keys = {number: b64(desk.keys[number]) for number in numbers if number in desk.keys}
            body = json.dumps({"keys": keys}).encode()
            self.send_response(503 if desk.shut else 200 if signed and self.path == "/keys" else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Quiet: a test says what it saw when it fails."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    desk = StandInKeyDesk(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
