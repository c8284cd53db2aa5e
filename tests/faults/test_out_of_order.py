"""Does a matter end in the same state when its messages come in reverse, or its withdrawal overtakes its routing?"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contracts.pujk import TakeOver
from contracts.topology import OWNERS
from kit.operator import Letter
from kit.running import eventually
from kit.shaken import Shaken
from kit.story import WAY, Story

#: Hear what the gateway says of a case; the gateway itself runs on meanwhile.
HEARERS = ("intake", "routing", "tracking", "notifier")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,64}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
#: Of the matter's own making, or of the moment at which something was heard.
DIFFER = (
    *("clock", "seal_key", "sealed", "key", "time", "stamp", "created_at", "lease", "acts", "version", "size"),
    # Minutes that went by, and whether it is counted yet.
    *("answered", "closed", "check", "uncounted"),
    # Whose it is, and which other matters are like it: the one that came before may be.
    *("compared", "marks"),
)


def shape(value: Any, number: str) -> Any:
    """A document without what two matters of the same fate may differ in."""
    if isinstance(value, dict):
        return {name: shape(one, number) for name, one in value.items() if name not in DIFFER}
    if isinstance(value, list):
        return sorted((shape(one, number) for one in value), key=repr)
    if isinstance(value, str):
        return MOMENT.sub("<moment>", ID.sub("<id>", value.replace(number, "<number>")))
    return "<moment>" if isinstance(value, datetime) else value


def differing(one: Any, other: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two shapes differ, and in what."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            yield from differing(one.get(name), other.get(name), f"{place}.{name}")
    elif one != other:
        yield place, one, other


async def piled_up(suite: Shaken, service: str, numbers: list[str]) -> list[Letter]:
    """What waits for a stopped service about these matters, in order, taken out of its inbox."""
    return await suite.operator.drain(f"{service}.inbox", suite.unheard(service, numbers))


def of_one(letters: list[Letter], number: str) -> list[Letter]:
    return [one for one in letters if number in one.body.decode()]


async def test_a_matter_heard_in_reverse_ends_as_its_twin_heard_in_order(suite: Shaken) -> None:
    suite.kill("tracking", "notifier")
    async with suite.steadfast("BANK-002") as firm:
        twins = [await Story(suite, firm).brought() for _ in range(2)]
        for one in twins:
            await firm.notice(one.number, "ticket-routed")
            # What a killed service has not moved among its facts yet is missing there until it is back.
            await suite.said(one.number, "intake.service-registered")
            await suite.said(one.number, "routing.ticket-routed")
        suite.kill("intake", "routing")
        for one in twins:
            await one.answered()
        until_then = [fact for fact in WAY if fact != "routing.deadline-met"]
        await eventually(lambda: all(one.happened() == until_then for one in twins), "the gateway has said everything")
        straight, reverse = twins
        for service in HEARERS:
            letters = await piled_up(suite, service, [one.number for one in twins])
            backwards = of_one(letters, reverse.number)[::-1]
            assert len(backwards) > 2
            await suite.operator.put(f"{service}.inbox", [*of_one(letters, straight.number), *backwards])
        await suite.start(*HEARERS)
        await suite.whole()
        for service in OWNERS:
            shapes = [shape(suite.document(service, one.number), one.number) for one in twins]
            assert list(differing(*shapes)) == [], service
        for one in twins:
            one.is_complete()


async def test_a_rerouting_heard_before_the_routing_reaches_the_second_firm_only(suite: Shaken) -> None:
    async with suite.steadfast("BANK-002") as first, suite.steadfast("BANK-008") as second:
        suite.kill("pujk_gateway")
        twins = [await Story(suite, second).brought() for _ in range(2)]
        for one in twins:
            await suite.said(one.number, "routing.ticket-routed")
            path = f"/tickets/{one.number}/route"
            moved = await suite.asks("routing", "supervisor", path, {"pujk": "BANK-008"}, one.key)
            assert moved.status_code == 200, moved.text
            await suite.said(one.number, "routing.ticket-rerouted")
        letters = await piled_up(suite, "pujk_gateway", [one.number for one in twins])
        straight, reverse = (of_one(letters, one.number) for one in twins)
        await suite.operator.put("pujk_gateway.inbox", [*straight, *reverse[::-1]])
        await suite.start("pujk_gateway")
        for one in twins:
            assert (await second.notice(one.number, "ticket-routed"))["round"] == 2
            taken = await second.act(TakeOver, one.number, round=2, officer="dina")
            assert taken["status"] == "done", taken
        await suite.whole()
        cases = [suite.document("pujk_gateway", one.number)["state"] for one in twins]
        assert [(one["state"], one["pujk"], one["rounds"][-1]["holder"]) for one in cases] == [
            ("in-handling", "BANK-008", "dina")
        ] * 2
        assert twins[0].happened() == twins[1].happened()
        for one in twins:
            assert second.told(one.number) == [("ticket-routed", 2)]
        assert first.told(twins[1].number) == []


async def test_a_withdrawal_heard_before_the_routing_delivers_nothing(suite: Shaken) -> None:
    suite.kill("pujk_gateway")
    async with suite.steadfast("BANK-002") as firm:
        story = await Story(suite, firm).brought()
        await suite.said(story.number, "routing.ticket-routed")
        suite.withdraw(story.receipt)
        await suite.said(story.number, "intake.withdrawal-asked")
        letters = await piled_up(suite, "pujk_gateway", [story.number])
        await suite.operator.put("pujk_gateway.inbox", wish_first(letters))
        await suite.start("pujk_gateway")
        await suite.whole()
        assert firm.told(story.number) == []
        assert suite.document("pujk_gateway", story.number)["state"]["told"] == []
    ended_once_as_withdrawn(suite, story, "pujk_gateway.ticket-closed")


async def test_a_withdrawal_heard_before_the_registration_routes_nothing(suite: Shaken) -> None:
    suite.kill("routing")
    async with suite.steadfast("BANK-002") as firm:
        story = await Story(suite, firm).brought()
        suite.withdraw(story.receipt)
        await suite.said(story.number, "intake.withdrawal-asked")
        letters = await piled_up(suite, "routing", [story.number])
        await suite.operator.put("routing.inbox", wish_first(letters))
        await suite.start("routing")
        await suite.whole()
        assert firm.told(story.number) == []
    assert "routing.ticket-routed" not in story.happened()
    ended_once_as_withdrawn(suite, story, "routing.ticket-closed")


def wish_first(letters: list[Letter]) -> list[Letter]:
    wish = [one for one in letters if one.type == "slkt.intake.withdrawal-asked.v1"]
    others = [one for one in letters if one not in wish]
    assert wish and others
    return [*wish, *others]


def ended_once_as_withdrawn(suite: Shaken, story: Story, end: str) -> None:
    ends = [fact for fact in story.happened() if fact.endswith("-closed")]
    assert ends == [end]
    assert suite.track(story.receipt)["stage"]["code"] == "closed_withdrawn"
    told = suite.document("notifier", story.number)["state"]["told"]
    assert [one["turn"] for one in told].count("closed") == 1
