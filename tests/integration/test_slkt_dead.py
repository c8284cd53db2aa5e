"""Dead letters are looked at without being lost or opened, and replayed with their true sender."""

from uuid import uuid4

import aio_pika
import pytest
from contracts.channel import Submission
from contracts.topology import SUBMISSIONS
from kit.command import slkt
from kit.operator import Operator
from kit.running import Suite, eventually

MARKER = "Ny. Rahasia Penanda"
QUEUE = "submissions.phone.dead"


async def poison(running: Suite, letter_id: str) -> None:
    url = running.known["credentials"]["channels"]["phone"]["amqp"]
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange(SUBMISSIONS, ensure=False)
        body = f'{{"consumer": "{MARKER}", broken'.encode()
        message = aio_pika.Message(body, message_id=letter_id, type=Submission.type(), user_id="channel-phone")
        await exchange.publish(message, "submission.phone")


@pytest.fixture
async def dead(running: Suite) -> str:
    """Id of a dead letter of the phone channel; the queue holds nothing else."""
    operator, letter_id = Operator(running.known["amqp"]), uuid4().hex
    await operator.purge(QUEUE)
    await poison(running, letter_id)

    async def buried() -> bool:
        return letter_id in {one[2] for one in await operator.dead([QUEUE])}

    await eventually(buried, f"the letter in {QUEUE}")
    return letter_id


async def test_letters_are_listed_and_shown_without_their_content_and_stay(running: Suite, dead: str) -> None:
    listed = slkt("dead", "list", stack=running)
    assert listed.code == 0 and "bad-json × 1" in listed.said
    for _ in range(3):
        shown = slkt("dead", "show", "submissions.phone", stack=running)
        assert shown.code == 0
        for expected in (dead, Submission.type(), "bad-json", "channel-phone"):
            assert expected in shown.said
        assert "Rahasia" not in shown.said
    one = slkt("dead", "show", QUEUE, "--id", dead, stack=running)
    assert "not shown" in one.said and "Rahasia" not in one.said
    assert [one[2] for one in await Operator(running.known["amqp"]).dead([QUEUE])] == [dead]


async def test_what_is_still_poison_dies_again_once_under_its_true_sender(running: Suite, dead: str) -> None:
    ended = slkt("dead", "replay", "submissions.phone", "--all", stack=running)
    assert ended.code == 0 and "1 dikirim ulang" in ended.said

    async def again() -> bool:
        return [one[1:] for one in await Operator(running.known["amqp"]).dead([QUEUE])] == [("bad-json", dead)]

    await eventually(again, "the letter dead again, for the same reason")
    shown = slkt("dead", "show", QUEUE, stack=running)
    assert "channel-phone" in shown.said


async def test_a_fact_that_died_is_shown_unsealed_and_heard_when_it_is_replayed(running: Suite) -> None:
    number = str(running.bring()["number"])
    await running.said(number, "routing.ticket-routed")
    await running.quiet()
    services = running.mongo["intake"]["services"]
    fact = running.mongo["routing"]["facts"].find_one({"subject": number})
    assert fact is not None
    services.update_one({"_id": number}, {"$unset": {"heard.routing": 1}})
    # It remembers the matters it wrote last; whoever changes its database beside it starts it anew.
    running.stack.services["intake"].restart()
    async with await aio_pika.connect(running.known["amqp"]) as connection:
        channel = await connection.channel()
        headers = {"x-slkt-reason": "defect:KeyError", "x-slkt-service": "intake"}
        letter = aio_pika.Message(
            fact["body"].encode(), message_id=fact["_id"], type=fact["type"], headers=dict(headers)
        )
        await channel.default_exchange.publish(letter, "intake.inbox.dead")

    shown = slkt("dead", "show", "intake.inbox", "--id", fact["_id"], stack=running)
    assert number in shown.said and "defect:KeyError" in shown.said and '"pujk": "BANK-002"' in shown.said
    ended = slkt("dead", "replay", "intake.inbox", "--id", fact["_id"], stack=running)
    assert ended.code == 0

    def heard() -> bool:
        return "routing" in (services.find_one({"_id": number}) or {}).get("heard", {})

    await eventually(heard, "intake heard the replayed fact")
    assert slkt("dead", "show", "intake.inbox", "--id", fact["_id"], stack=running).code == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("show", "no.such.queue"), "no queue no.such.queue.dead"),
        (("replay", "intake.inbox"), "--id ID for one letter, or --all"),
        (("replay", "intake.inbox", "--id", "nobody"), "holds no letter nobody"),
    ],
)
def test_what_is_asked_wrongly_is_told_plainly(running: Suite, arguments: tuple[str, ...], why: str) -> None:
    ended = slkt("dead", *arguments, stack=running)
    assert ended.code == 2 and why in ended.said
