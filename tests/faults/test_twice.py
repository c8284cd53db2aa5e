"""Does everything stay as it is when every message and every request comes a second time?"""

import asyncio
from collections import Counter
from uuid import uuid4

from contracts.pujk import Decline, TakeOver
from kit.shaken import Shaken, a_sender
from kit.steadfast import SteadfastFirm
from kit.story import Story
from slkt.sending import ChannelSender, DoorKey
from slkt_local.mail import mails, told_in


async def test_every_message_twice_changes_no_document_and_tells_nobody_again(suite: Shaken) -> None:
    async with suite.steadfast("BANK-002") as first, suite.steadfast("BANK-008") as second:
        stories = [Story(suite, first) for _ in range(3)]
        await asyncio.gather(*(one.whole_way() for one in stories))
        declined = await _declined_and_sent_on(suite, first, second)
        withdrawn = await Story(suite, first).brought()
        suite.withdraw(withdrawn.receipt)
        question = await _answered_question(suite)
        door = DoorKey(suite.http.get(f"{suite.url('intake')}/door-key").json())
        phone = suite.known["credentials"]["channels"]["phone"]["amqp"]
        async with ChannelSender(phone, "phone", door) as sender:
            key, (_, data) = uuid4().hex, a_sender()
            receipt = await sender.submit(key, data)
            await suite.whole()
            before, mailed = await suite.documents(), _mailed(suite)
            notices = first.ids + second.ids

            await suite.operator.say(suite.letters())
            for one in (*stories, declined, withdrawn, question):
                await one.everything_again()
            assert await sender.submit(key, data) == receipt
            assert await suite.accepted(data, key, "phone") == receipt
            await suite.whole()

        after = await suite.documents()
        assert after.keys() == before.keys()
        assert [name for name, document in after.items() if document != before[name]] == []
        assert first.ids + second.ids == notices
        assert _mailed(suite) == mailed


async def _declined_and_sent_on(suite: Shaken, first: SteadfastFirm, second: SteadfastFirm) -> Story:
    """Taken over and declined by the first firm, routed to the second, which takes it over in its own round."""
    story = await Story(suite, first).brought()
    await first.notice(story.number, "ticket-routed")
    taken = await story.act(TakeOver)
    await story.act(Decline, basis=taken["basis"], kind="not-our-customer", text="Bukan nasabah kami.")
    await suite.said(story.number, "routing.ticket-parked")
    moved = await suite.asks(
        "routing", "supervisor", f"/tickets/{story.number}/route", {"pujk": second.code}, story.key
    )
    assert moved.status_code == 200, moved.text
    assert (await second.notice(story.number, "ticket-routed"))["round"] == 2
    return story


async def _answered_question(suite: Shaken) -> Story:
    story = Story(suite, suite.steadfast("BANK-002"))
    private = {"consumer": {"name": "Budi", "email": story.address}, "story": "Apakah pinjaman ini berizin?"}
    story.data = {"kind": "question", "private": private}
    await story.brought()
    answer = {"text": "Ya, berizin."}
    told = await suite.asks("intake", "cso", f"/services/{story.number}/answer", answer, story.key)
    assert told.status_code == 200, told.text
    again = await suite.asks("intake", "cso", f"/services/{story.number}/answer", answer, story.key)
    assert again.json() == told.json()
    return story


def _mailed(suite: Shaken) -> Counter[str]:
    return Counter(of for one in mails(suite.stack.mail.mail_dir) for of in told_in(one))
