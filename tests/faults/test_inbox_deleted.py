"""Does a service whose inbox was deleted say so, does verify see what is lost, and does republish bring it back?"""

from contracts.topology import OWNERS
from kit.running import eventually
from kit.shaken import Shaken
from kit.story import Story
from slkt.republish import republish
from slkt.settings import Addresses


async def test_what_was_in_a_deleted_inbox_comes_back_by_republishing(suite: Shaken) -> None:
    suite.kill("tracking")
    async with suite.steadfast("BANK-002") as firm:
        # Nobody answers OJK while tracking is away.
        lying = await (await Story(suite, firm).brought()).answered()
        await suite.operator.delete("tracking.inbox")
        unroutable = await (await Story(suite, firm).brought()).answered()
        await suite.start("tracking")
        assert 'slkt_queue_recreated_total{queue="tracking.inbox"} 1.0' in metrics(suite, "tracking")
        await suite.settled()
        report = await suite.verified()
        assert not report.clean
        assert {one.number for one in report.details} == {lying.number, unroutable.number}

        sent, stuck = await republish(Addresses.of_stack(suite.stack.description()), OWNERS, {})
        assert sent > 20 and stuck == 0
        await eventually(lambda: suite.track(lying.receipt) and suite.track(unroutable.receipt), "both are shown")
        await suite.whole()
        lying.is_complete()
        unroutable.is_complete()


async def test_an_inbox_deleted_under_its_reader_is_made_again(suite: Shaken) -> None:
    before = metrics(suite, "notifier")
    assert 'slkt_queue_recreated_total{queue="notifier.inbox"}' not in before
    await suite.operator.delete("notifier.inbox")
    await eventually(
        lambda: 'slkt_queue_recreated_total{queue="notifier.inbox"} 1.0' in metrics(suite, "notifier"),
        "notifier says queue_recreated",
    )
    async with suite.steadfast("BANK-002") as firm:
        story = await Story(suite, firm).whole_way()
        await republish(Addresses.of_stack(suite.stack.description()), OWNERS, {})
        await suite.whole()
        story.is_complete()


def metrics(suite: Shaken, service: str) -> str:
    return suite.http.get(f"{suite.service(service).ops_url}/metrics").text
