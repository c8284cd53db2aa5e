"""How does a message look on the wire? The few frames of AMQP 0-9-1 that come and go by the thousand: a delivery, an
acknowledgement, a publish. Everything rarer is the library's."""

import struct
from dataclasses import dataclass
from typing import Any

from pamqp import decode, encode

from chassis.delivered import Delivered

#: type, channel, size of the payload; an end octet closes each frame.
HEAD = struct.Struct(">BHI")
AROUND, END = HEAD.size + 1, b"\xce"
METHOD, HEADER, BODY = 1, 2, 3
DELIVER, RETURN, ACK, NACK = (struct.pack(">HH", 60, n) for n in (60, 50, 80, 120))
CHANNEL_CLOSE = struct.pack(">HH", 20, 40)
HEARTBEAT = HEAD.pack(8, 0, 0) + END
#: Set where an outsider's properties could not be read, so that it is told in the dead letter.
UNREADABLE = "x-slkt-unreadable"

_ACK = struct.Struct(">BHIHHQB")
_CONTENT = struct.Struct(">HHQH")
#: Flags of the properties in the order of the wire; what is between ours is skipped by its kind.
_PROPERTIES = (
    ("content_type", 0x8000),
    ("content_encoding", 0x4000),
    ("headers", 0x2000),
    ("delivery_mode", 0x1000),
    ("priority", 0x0800),
    ("correlation_id", 0x0400),
    ("reply_to", 0x0200),
    ("expiration", 0x0100),
    ("message_id", 0x0080),
    ("timestamp", 0x0040),
    ("type", 0x0020),
    ("user_id", 0x0010),
    ("app_id", 0x0008),
)
_BYTES = {"delivery_mode": 1, "priority": 1, "timestamp": 8}


@dataclass(slots=True)
class Outgoing:
    """One message to publish: persistent; ``mandatory`` comes back where no queue takes it."""

    exchange: str
    key: str
    body: bytes
    message_id: str
    type: str
    content_type: str
    headers: dict[str, Any] | None = None
    correlation_id: str | None = None
    expiration_ms: int | None = None
    mandatory: bool = True
    app_id: str = ""
    user_id: str | None = None


def published(message: Outgoing, channel: int, most: int) -> bytes:
    """The frames of one publish; a body longer than ``most`` bytes goes in several.

    Errors: ValueError, TypeError, struct.error for what fits into no frame: a key of 300 bytes, a header of
    no AMQP type.
    """
    method = b"\x00\x3c\x00\x28\x00\x00" + _short(message.exchange) + _short(message.key)
    method += b"\x01" if message.mandatory else b"\x00"
    flags, properties = 0x1000, [b"\x02"]
    if message.headers:
        flags |= 0x2000
        properties.insert(0, encode.field_table(message.headers))
    flags |= 0x8000
    properties.insert(0, _short(message.content_type))
    for flag, value in (
        (0x0400, message.correlation_id),
        (0x0100, None if message.expiration_ms is None else str(message.expiration_ms)),
        (0x0080, message.message_id),
        (0x0020, message.type),
        (0x0010, message.user_id),
        (0x0008, message.app_id),
    ):
        if value:
            flags |= flag
            properties.append(_short(value))
    body = message.body
    header = _CONTENT.pack(60, 0, len(body), flags) + b"".join(properties)
    frames = [
        HEAD.pack(METHOD, channel, len(method)),
        method,
        END,
        HEAD.pack(HEADER, channel, len(header)),
        header,
        END,
    ]
    for at in range(0, len(body), most):
        part = body[at : at + most]
        frames += [HEAD.pack(BODY, channel, len(part)), part, END]
    return b"".join(frames)


def acknowledged(tag: int, channel: int, *, multiple: bool) -> bytes:
    return _ACK.pack(METHOD, channel, 13, 60, 80, tag, multiple) + END


def confirmed(method: bytes) -> tuple[int, bool]:
    """Delivery tag, and whether it speaks of all before it too."""
    return int.from_bytes(method[4:12], "big"), bool(method[12] & 1)


def reply_code(method: bytes) -> int:
    """Why the broker closes a channel."""
    return int.from_bytes(method[4:6], "big")


def body_size(header: bytes) -> int:
    return int.from_bytes(header[4:12], "big")


def delivered(method: bytes, header: bytes, body: bytes) -> tuple[str, Delivered]:
    """Consumer tag and message. An outsider writes what it likes into properties (a time beyond every calendar, a name
    that is no UTF-8): such a message is read without them, and nobody is known to have sent it."""
    consumer, at = _text(method, 4)
    tag, redelivered = int.from_bytes(method[at : at + 8], "big"), bool(method[at + 8] & 1)
    at += 9
    at += 1 + method[at]
    key = method[at + 1 : at + 1 + method[at]].decode(errors="replace")
    try:
        found = properties(header)
    except Exception:
        found = {"headers": {UNREADABLE: True}}
    return consumer, Delivered(
        tag=tag,
        body=body,
        key=key,
        type=found.get("type", ""),
        message_id=found.get("message_id", ""),
        content_type=found.get("content_type", ""),
        user=found.get("user_id"),
        correlation=found.get("correlation_id"),
        headers=found.get("headers", {}),
        redelivered=redelivered,
    )


def properties(header: bytes) -> dict[str, Any]:
    """The properties that were set. Errors: whatever reading what is none of them raises."""
    flags, at = int.from_bytes(header[12:14], "big"), 14
    if flags & 1:
        raise ValueError("more flags than there are properties")
    found: dict[str, Any] = {}
    for name, flag in _PROPERTIES:
        if not flags & flag:
            continue
        if name in _BYTES:
            at += _BYTES[name]
        elif name == "headers":
            size, found[name] = decode.field_table(header[at:])
            at += size
        else:
            found[name], at = _text(header, at)
    return found


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + data[at]
    if end > len(data):
        raise ValueError("a text longer than its frame")
    return data[at + 1 : end].decode(), end


def _short(text: str) -> bytes:
    raw = text.encode()
    return bytes((len(raw),)) + raw
