"""Does a channel's key come to one matter for ever, whatever number is taken and whatever body comes with it again?"""

import asyncio
from typing import Any
from uuid import uuid4

from contracts.pujk import AddFollowUp, TakeOver
from kit.shaken import Shaken, a_sender
from kit.story import Story
from slkt.sending import ChannelSender, DoorKey


async def test_a_number_that_another_matter_has_is_left_to_it(suite: Shaken) -> None:
    another = suite.bring()["number"]
    await suite.settled()
    services, key = suite.mongo["intake"]["services"], uuid4().hex
    taken = suite.drawn("web", key)
    theirs: dict[str, Any] = suite.document("intake", another) | {"_id": taken, "seq": 0, "heard": {}, "unsent": []}
    services.insert_one(theirs)
    try:
        _, data = a_sender()
        receipt = await suite.accepted(data, key)
        assert receipt["number"] == suite.drawn("web", key, attempt=1) != taken
        assert suite.document("intake", taken) == theirs
        assert await suite.accepted(data, key) == receipt
        async with ChannelSender(suite.known["credentials"]["channels"]["web"]["amqp"], "web", _door(suite)) as web:
            assert await web.submit(key, data) == receipt
        assert suite.document("intake", taken) == theirs
    finally:
        # It was put there by hand: no fact ever told of it.
        services.delete_one({"_id": taken})
    await suite.whole()
    assert suite.track(receipt)["stage"]["code"] == "sent_to_pujk"


async def test_the_same_key_with_another_body_is_refused_and_the_first_stands(suite: Shaken) -> None:
    async with suite.steadfast("BANK-002") as firm:
        story = await Story(suite, firm).whole_way()
        await suite.settled()
        before = await suite.documents()
        other = story.data | {"loss": 5}
        by_http = suite.submit(other, story.key)
        assert (by_http.status_code, by_http.json()["type"]) == (409, "urn:slkt:problem:key-reused")
        async with ChannelSender(suite.known["credentials"]["channels"]["web"]["amqp"], "web", _door(suite)) as web:
            by_queue = await web.submit(story.key, other)
        assert (by_queue["status"], by_queue["code"]) == ("refused", "key-reused")
        command, id_, *_ = story.acts[1]
        assert command is AddFollowUp
        note: dict[str, Any] = {"round": 1, "officer": "dina", "kind": "other", "note": "Lain."}
        act = await firm.act(AddFollowUp, story.number, id_=id_, **note)
        assert (act["status"], act["code"]) == ("refused", "key-reused")
        as_other_act = await firm.act(TakeOver, story.number, id_=id_, round=1, officer="dina")
        assert (as_other_act["status"], as_other_act["code"]) == ("refused", "key-reused")
        decided = suite.http.post(
            f"{suite.url('pujk_gateway')}/cases/{story.number}/decision",
            json={"decision": "accept", "basis": 1},
            headers=suite.staff("decider") | {"Idempotency-Key": f"{story.key}-accept"},
        )
        assert (decided.status_code, decided.json()["type"]) == (409, "urn:slkt:problem:key-reused")
        await suite.whole()
        assert await suite.documents() == before
        kept = suite.mongo["intake"]["refused"].find_one({"code": "key-reused"})
        assert kept is not None and story.address.encode() not in kept["body"]


async def test_one_key_sent_by_many_at_once_is_one_matter(suite: Shaken) -> None:
    address, data = a_sender()
    key = uuid4().hex
    receipts = await asyncio.gather(*(suite.accepted(data, key) for _ in range(5)))
    assert all(one == receipts[0] for one in receipts)
    await suite.whole()
    assert len(suite.mails_to(address)) == 2


def _door(suite: Shaken) -> DoorKey:
    return DoorKey(suite.http.get(f"{suite.url('intake')}/door-key").json())
