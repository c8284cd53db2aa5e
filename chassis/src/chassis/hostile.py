"""What if an outsider's message cannot even be decoded? The broker takes properties that the AMQP library cannot read
(a time beyond every calendar, a name that is no UTF-8), and an error while reading ends the whole connection. Such a
message is read without its properties: nobody is known to have sent it, and it is put aside like any poison. Services
read with their own eyes (``chassis.frames``); this is for the operator's tool, which reads through the library."""

import struct

from pamqp.commands import Basic
from pamqp.header import ContentHeader

from chassis.frames import UNREADABLE

_strict = ContentHeader.unmarshal


def _tolerant(header: ContentHeader, data: bytes) -> None:
    try:
        _strict(header, data)
    except Exception:
        header.class_id, header.weight, header.body_size = struct.unpack(">HHQ", data[0:12])
        header.properties = Basic.Properties(headers={UNREADABLE: True})


def tolerate() -> None:
    """Makes this process' AMQP library read any header; calling it again changes nothing."""
    ContentHeader.unmarshal = _tolerant  # type: ignore[method-assign,assignment]
