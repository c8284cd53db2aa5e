"""Do the example publishers, Python and Node.js, submit a complaint and tell every outcome, over a real broker?"""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
from contract.intake_part import answering
from contract.nodes import NODE, install
from contracts.base import Problem, Refused, Request
from contracts.channel import Private, Receipt, Submission
from joserfc.jwk import OKPKey
from kit.servers import Suite

from contracts import topology

EXAMPLES = Path(__file__).resolve().parents[2] / "contracts" / "examples"
COMPLAINT = json.loads((EXAMPLES / "complaint.json").read_text())
CHANNEL = "mobile"


@dataclass(frozen=True)
class Ended:
    """What an example left behind."""

    code: int
    out: str
    err: str

    @property
    def receipt(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.out.splitlines()[-1])
        return found


@dataclass(frozen=True)
class Example:
    """One publisher and how it is run; without what the environment might say."""

    command: tuple[str, ...]

    async def run(self, *arguments: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            *self.command, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={}
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate()
        return Ended(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture(scope="session")
def node_example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    place = install(EXAMPLES, tmp_path_factory.mktemp("node-example"))
    return Example((str(NODE), str(place / "publish_submission.mjs")))


@pytest.fixture(params=["python", "node"])
def example(request: pytest.FixtureRequest) -> Example:
    if request.param == "python":
        return Example((sys.executable, str(EXAMPLES / "publish_submission.py")))
    found: Example = request.getfixturevalue("node_example")
    return found


@pytest.fixture(scope="module")
def door_key() -> OKPKey:
    return OKPKey.generate_key("X25519", {"kid": "door-1", "use": "enc", "alg": "ECDH-ES"})


@pytest.fixture(scope="module")
def key_file(door_key: OKPKey, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("door") / "door.jwk"
    path.write_text(json.dumps(door_key.as_dict(private=False)))
    return str(path)


@pytest.fixture(scope="module")
def key_url(key_file: str) -> Iterator[str]:
    """The key as intake's HTTP door gives it."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/door-key" else 404)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(Path(key_file).read_bytes())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: a test says what it misses."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/door-key"
        server.shutdown()


@pytest.fixture
async def bare(empty_vhost: str) -> str:
    """A virtual host with the exchange and a reply queue of the administrator, where nothing is bound to anything."""
    async with await aio_pika.connect(empty_vhost) as connection:
        channel = await connection.channel()
        await channel.declare_exchange(topology.SUBMISSIONS, aio_pika.ExchangeType.TOPIC, durable=True)
        await channel.declare_queue("reply.operator", durable=True)
    return empty_vhost


def receipt(_: Request[Submission]) -> Receipt:
    moment = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    shown = "P 5043 8121 7730 4"
    return Receipt(number="5043812177304", shown=shown, pin="40718836", kind="complaint", received_at=moment)


def refusal(_: Request[Submission]) -> Refused:
    problem = Problem(field="product", came="debit_card", expected="one of the taxonomy")
    return Refused(code="invalid", detail="The submission is not complete", problems=(problem,))


@pytest.mark.parametrize("place", ["key_file", "key_url"])
async def test_a_complaint_is_sealed_submitted_and_its_receipt_printed(
    example: Example, suite: Suite, door_key: OKPKey, place: str, request: pytest.FixtureRequest
) -> None:
    amqp, key = suite.accounts.channel_amqp[CHANNEL], str(uuid4())
    async with answering(suite.accounts.service_amqp["intake"], CHANNEL, door_key, receipt) as heard:
        at_door = request.getfixturevalue(place)
        ended = await example.run("--amqp", amqp, "--door-key", at_door, "--channel", CHANNEL, "--key", key)
    assert ended.code == 0, ended.err
    assert ended.receipt == {"number": "5043812177304", "pin": "40718836"}
    [message], [sent] = heard.messages, heard.requests
    assert (sent.id, sent.type, sent.source) == (key, Submission.type(), f"/channel/{CHANNEL}")
    assert (message.message_id, message.type, message.user_id) == (key, Submission.type(), f"channel-{CHANNEL}")
    assert message.content_type == "application/cloudevents+json"
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert heard.privates == [Private.model_validate(COMPLAINT["private"])]
    assert COMPLAINT["private"]["consumer"]["name"].encode() not in message.body


async def test_a_key_is_made_where_none_is_given(
    example: Example, suite: Suite, door_key: OKPKey, key_file: str
) -> None:
    amqp = suite.accounts.channel_amqp[CHANNEL]
    async with answering(suite.accounts.service_amqp["intake"], CHANNEL, door_key, receipt) as heard:
        for _ in range(2):
            assert (await example.run("--amqp", amqp, "--door-key", key_file, "--channel", CHANNEL)).code == 0
    first, second = (request.id for request in heard.requests)
    assert first != second


async def test_a_refusal_is_told_with_its_reasons(
    example: Example, suite: Suite, door_key: OKPKey, key_file: str
) -> None:
    amqp = suite.accounts.channel_amqp[CHANNEL]
    async with answering(suite.accounts.service_amqp["intake"], CHANNEL, door_key, refusal):
        ended = await example.run("--amqp", amqp, "--door-key", key_file, "--channel", CHANNEL)
    assert ended.code == 1
    assert "refused (invalid): The submission is not complete" in ended.err
    assert "product: came debit_card, expected one of the taxonomy" in ended.err


async def test_an_unroutable_message_is_told(example: Example, bare: str, key_file: str) -> None:
    ended = await example.run("--amqp", bare, "--door-key", key_file, "--channel", "nowhere")
    assert ended.code == 3, ended.err
    assert "unroutable" in ended.err


async def test_silence_is_told_with_how_to_ask_again(example: Example, bare: str, key_file: str) -> None:
    async with await aio_pika.connect(bare) as connection:
        queue = await (await connection.channel()).declare_queue("nobody-reads", durable=True)
        await queue.bind(topology.SUBMISSIONS, "submission.web")
    ended = await example.run("--amqp", bare, "--door-key", key_file, "--key", "again-1", "--timeout", "1")
    assert ended.code == 4, ended.err
    assert "no reply within 1 s" in ended.err
    assert "--key again-1" in ended.err


async def test_another_channels_key_is_not_for_this_user(example: Example, suite: Suite, key_file: str) -> None:
    amqp = suite.accounts.channel_amqp[CHANNEL]
    ended = await example.run("--amqp", amqp, "--door-key", key_file, "--channel", "phone")
    assert ended.code == 5, ended.err
    assert "ACCESS_REFUSED" in ended.err


async def test_no_broker_no_door_key_and_no_argument_are_told(example: Example, key_file: str) -> None:
    nobody = "amqp://channel-web:x@127.0.0.1:1/slkt"
    unreachable = await example.run("--amqp", nobody, "--door-key", key_file)
    assert (unreachable.code, "no connection to the broker" in unreachable.err) == (5, True)
    keyless = await example.run("--amqp", nobody, "--door-key", "/nowhere/door.jwk")
    assert (keyless.code, "no door key at /nowhere/door.jwk" in keyless.err) == (5, True)
    assert (await example.run("--door-key", key_file)).code == 2
