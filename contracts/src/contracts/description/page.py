"""Which messages are there, on one page? The catalogue: said by, heard by, queue, exchange and key, schema."""

from contracts import topology
from contracts.description.messages import Message, messages

HEAD = """\
# Messages

Every message of the suite, made from `contracts/` by `python contracts/generate.py`: do not edit.
All but replies are CloudEvents 1.0 in structured JSON (`application/cloudevents+json`); the CloudEvents type, and the
AMQP `type`, is `slkt.` and the name. How to add one: [adding-a-message.md](adding-a-message.md).
For tools: [asyncapi.yaml](../contracts/asyncapi.yaml).
"""

PARTS = (
    (
        "Facts",
        "What happened, said once by its owner to everybody who must hear it. The routing key is the name; each "
        "hearer has one queue, `<service>.inbox`.",
        "said",
    ),
    (
        "What outsiders ask",
        "Channels bring matters, the systems of firms act on tickets. Each has its own broker user, key and queue; an "
        "unknown field is refused. How to send one: [contracts/examples](../contracts/examples/README.md).",
        "asked",
    ),
    (
        "What outsiders are told",
        "Notices to a firm, and replies. A reply carries the `id` of what it answers as `correlation_id`; who missed "
        "one sends the same `id` again and gets the same answer. Expect fields that you do not know.",
        "told",
    ),
)


def page(schemas: str) -> str:
    """The catalogue in Markdown; ``schemas`` is the folder of the JSON Schemas, seen from the page."""
    every = messages()
    parts = [HEAD]
    for title, about, direction in PARTS:
        chosen = [message for message in every if message.direction == direction]
        parts.append("\n".join((f"## {title}", "", about, "", *_table(chosen, schemas), "")))
    parts.append("\n".join(("## Who hears what", "", *_hearers(every), "")))
    return "\n".join(parts)


def _table(chosen: list[Message], schemas: str) -> list[str]:
    rows = [
        "| message | what it says | said by | heard by | queue | exchange and key |",
        "|---|---|---|---|---|---|",
    ]
    for message in chosen:
        key = "" if message.routing_key == message.key else f" `{message.routing_key}`"
        rows.append(
            f"| [`{message.key}`]({schemas}/{message.key}.json) | {message.said} | {', '.join(message.said_by)} "
            f"| {', '.join(message.heard_by) or 'nobody'} | {_queues(message)} | `{message.exchange}`{key} |"
        )
    return rows


def _queues(message: Message) -> str:
    return ", ".join(f"`{queue}`" for queue in message.queues) or "none"


def _hearers(every: tuple[Message, ...]) -> list[str]:
    """One row per fact, one column per service: who says it, who hears it."""
    services = topology.OWNERS
    rows = [f"| fact | {' | '.join(services)} |", f"|---|{'---|' * len(services)}"]
    for message in every:
        if message.direction == "said":
            cells = ("says" if s in message.said_by else "hears" if s in message.heard_by else "" for s in services)
            rows.append(f"| `{message.key}` | {' | '.join(cells)} |")
    return rows
