"""What goes past the AMQP library is read and written exactly as the library would."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from chassis.confirms import Batch, Confirms
from chassis.delivered import Delivered
from chassis.frames import HEARTBEAT, UNREADABLE, Outgoing, acknowledged, published
from chassis.tap import Ear, Tap
from hypothesis import given
from hypothesis import strategies as st
from pamqp import frame as library
from pamqp.body import ContentBody
from pamqp.commands import Basic, Channel
from pamqp.header import ContentHeader

MOST = 100


def unmarshalled(data: bytes) -> list[Any]:
    found = []
    while data:
        size, _, one = library.unmarshal(data)
        found.append(one)
        data = data[size:]
    return found


def message(**but: Any) -> Outgoing:
    given: dict[str, Any] = {
        "exchange": "slkt.events",
        "key": "intake.x.v1",
        "body": b"{}",
        "message_id": "m",
        "type": "t",
        "content_type": "application/json",
    }
    return Outgoing(**(given | but))


@given(
    body=st.binary(max_size=350),
    headers=st.none() | st.dictionaries(st.text(max_size=20), st.text(max_size=40) | st.integers(0, 9), max_size=3),
    correlation=st.none() | st.text(min_size=1, max_size=40),
    expiration=st.none() | st.integers(0, 10**6),
    mandatory=st.booleans(),
)
def test_a_publish_is_what_the_library_reads(
    body: bytes, headers: Any, correlation: str | None, expiration: int | None, mandatory: bool
) -> None:
    sent = message(
        body=body,
        headers=headers,
        correlation_id=correlation,
        expiration_ms=expiration,
        mandatory=mandatory,
        app_id="a",
    )
    method, header, *parts = unmarshalled(published(sent, 7, MOST))
    assert (method.exchange, method.routing_key, method.mandatory) == ("slkt.events", "intake.x.v1", mandatory)
    told = header.properties
    assert (told.delivery_mode, told.message_id, told.message_type, told.app_id) == (2, "m", "t", "a")
    assert (told.headers or None, told.correlation_id) == (headers or None, correlation)
    assert told.expiration == (None if expiration is None else str(expiration))
    assert header.body_size == len(body) and b"".join(part.value for part in parts) == body


@pytest.mark.parametrize("but", [{"key": "k" * 300}, {"headers": {"x": object()}}, {"correlation_id": "ü" * 200}])
def test_what_fits_no_frame_raises(but: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        published(message(**but), 1, MOST)


def test_an_acknowledgement_is_what_the_library_reads() -> None:
    [ack] = unmarshalled(acknowledged(2**40, 3, multiple=True))
    assert (ack.delivery_tag, ack.multiple) == (2**40, True)


class Broker:
    """The other end of a tapped connection: what it sends is read, what is written to it is kept."""

    def __init__(self) -> None:
        self.written = b""
        self.tap = Tap()
        self.tap.writer = SimpleNamespace(write=self._take, is_closing=lambda: False)  # type: ignore[assignment]
        self.channel: Any = SimpleNamespace(
            number=1, max_content_size=MOST, closing=asyncio.get_running_loop().create_future()
        )

    def _take(self, data: bytes) -> None:
        self.written += data

    def send(self, *frames: Any, channel: int = 1, piece: int = 10_000) -> None:
        data = b"".join(library.marshal(frame, channel) for frame in frames)
        for at in range(0, len(data), piece):
            self.tap.feed_data(data[at : at + piece])

    def left(self) -> list[Any]:
        """What went on to the library, without the heartbeats that were put in."""
        data = bytes(self.tap._buffer)  # type: ignore[attr-defined]
        self.tap._buffer.clear()  # type: ignore[attr-defined]
        return unmarshalled(data.replace(HEARTBEAT, b""))


def content(method: Any, body: bytes, **properties: Any) -> list[Any]:
    header = ContentHeader(body_size=len(body), properties=Basic.Properties(**properties))
    return [method, header, *(ContentBody(body[at : at + MOST]) for at in range(0, len(body), MOST))]


@pytest.mark.parametrize("piece", [1, 7, 64, 10_000])
async def test_deliveries_arrive_in_whatever_pieces_and_the_rest_goes_on(piece: int) -> None:
    broker, came = Broker(), list[Delivered]()
    Ear(broker.tap, broker.channel).consumers["c"] = came.append
    body = b"x" * 250
    deliver = Basic.Deliver("c", 5, True, "e", "some.key")
    broker.send(
        Channel.OpenOk(),
        *content(deliver, body, message_id="m", message_type="t", user_id="u", headers={"x-delivery-count": 4}),
        *content(Basic.Deliver("c", 6, False, "e", "k"), b""),
        Basic.QosOk(),
        piece=piece,
    )
    first, second = came
    assert (first.tag, first.body, first.key, first.type, first.user) == (5, body, "some.key", "t", "u")
    assert (first.earlier, first.message_id) == (4, "m")
    assert (second.tag, second.body, second.earlier) == (6, b"", 0)
    assert [type(one) for one in broker.left()] == [Channel.OpenOk, Basic.QosOk]


async def test_another_channel_is_the_librarys() -> None:
    broker = Broker()
    Ear(broker.tap, broker.channel)
    broker.send(*content(Basic.Deliver("c", 1, False, "e", "k"), b"b"), channel=2)
    assert len(broker.left()) == 3


async def test_properties_that_cannot_be_read_leave_a_message_of_nobody() -> None:
    broker, came = Broker(), list[Delivered]()
    Ear(broker.tap, broker.channel).consumers["c"] = came.append
    header = bytearray(library.marshal(content(None, b"b", user_id="u", message_id="m")[1], 1))
    header[-4] = 0xFF
    broker.tap.feed_data(library.marshal(Basic.Deliver("c", 1, False, "e", "k"), 1))
    broker.tap.feed_data(bytes(header) + library.marshal(ContentBody(b"b"), 1))
    assert [(one.user, one.headers, one.body) for one in came] == [(None, {UNREADABLE: True}, b"b")]


async def test_a_reader_that_fails_ends_its_channel_and_no_other() -> None:
    broker, over = Broker(), list[bool]()
    ear = Ear(broker.tap, broker.channel)
    ear.when_over = lambda: over.append(True)
    for _ in range(2):
        broker.send(*content(Basic.Deliver("nobody", 1, False, "e", "k"), b"b"))
    assert ear.closed and over == [True]
    broker.send(Basic.QosOk(), channel=2)
    assert Basic.QosOk in [type(one) for one in broker.left()]


async def test_what_is_no_amqp_is_for_the_library_to_complain_about() -> None:
    broker = Broker()
    broker.tap.feed_data(b"AMQP\x00\x01\x00\x00")
    assert bytes(broker.tap._buffer) == b"AMQP\x00\x01\x00\x00"  # type: ignore[attr-defined]


async def test_each_of_many_gets_its_own_answer() -> None:
    broker = Broker()
    port = Confirms(broker.tap, broker.channel)
    batch = Batch([message(message_id=str(i)) for i in range(6)] + [message(key="k" * 300)])
    port.send(batch)
    assert len(unmarshalled(broker.written)) == 18
    broker.send(Basic.Ack(2, True))
    broker.send(*content(Basic.Return(312, "NO_ROUTE", "e", "k"), b"{}", message_id="2"), Basic.Ack(3))
    broker.send(Basic.Nack(4))
    assert not batch.done.done()
    broker.send(Channel.Close(403, "ACCESS_REFUSED", 60, 40))
    assert batch.done.done() and port.closed
    reasons = [failed and (str(failed), failed.alone, failed.perhaps) for failed in batch.answers]
    closed = ("ChannelAccessRefused", False, True)
    assert reasons[:4] == [None, None, ("PublishError", True, False), ("DeliveryError", True, False)]
    assert reasons[4:6] == [closed, closed] and reasons[6] == ("ValueError", True, False)
    # The library answers the close; nothing may be written on the channel any more.
    assert [type(one) for one in broker.left()] == [Channel.Close]
    broker.written = b""
    late = Batch([message()])
    port.send(late)
    assert broker.written == b"" and str(late.answers[0]) == "cut-off"


async def test_what_cannot_be_encoded_shifts_no_confirm_to_another_message() -> None:
    broker = Broker()
    port = Confirms(broker.tap, broker.channel)
    odd = Batch([message(message_id="a"), message(message_id="b", headers={"k": 1e39})])
    port.send(odd)
    later = Batch([message(message_id="c")])
    port.send(later)
    broker.send(Basic.Ack(1), Basic.Nack(2))
    assert odd.done.done() and (odd.answers[0], str(odd.answers[1])) == (None, "OverflowError")
    assert [str(answer) for answer in later.answers] == ["DeliveryError"]


async def test_the_end_of_the_connection_answers_whatever_waits() -> None:
    broker = Broker()
    port, batch = Confirms(broker.tap, broker.channel), Batch([message()])
    port.send(batch)
    broker.tap.feed_eof()
    assert port.closed and str(batch.answers[0]) == "cut-off"


async def test_what_is_written_to_a_connection_that_is_gone_fails_at_once() -> None:
    broker = Broker()
    port, batch = Confirms(broker.tap, broker.channel), Batch([message()])
    broker.tap.writer.is_closing = lambda: True  # type: ignore[method-assign]
    port.send(batch)
    assert batch.done.done() and port.closed and broker.written == b""
    assert str(batch.answers[0]) == "cut-off"
