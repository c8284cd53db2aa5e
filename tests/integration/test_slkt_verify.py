"""Verify finds nothing in a suite that lost nothing; it finds each thing that a test takes away, adds or alters."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from contracts.pujk import AddFollowUp, TakeOver
from kit.command import damaged, judged, mailed, slkt, verified
from kit.running import Suite
from slkt.settings import Addresses
from slkt.verifying import Finding, verify_here, view

NOT_GATEWAY = ("intake", "routing", "notifier", "tracking")
Damage = Callable[[Suite, str, ExitStack], None]


@pytest.fixture(scope="module")
async def worked(running: Suite) -> list[str]:
    """Numbers of complaints that all five services know and their firm works on: one for each damage."""
    numbers = [str(running.bring()["number"]) for _ in DAMAGES]
    async with running.firm("BANK-002") as firm:
        for number in numbers:
            notice = await firm.notice(number, "ticket-routed")
            await firm.act(TakeOver, number, round=notice["round"], officer="budi")
            about = {"round": notice["round"], "officer": "budi"}
            await firm.act(AddFollowUp, number, **about, kind="other", note="Dicek.")
    for number in numbers:
        await mailed(running, number, 3)
    return numbers


@pytest.fixture(scope="module")
def one(worked: list[str]) -> str:
    return worked[0]


def kinds(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.kind, one.service) for one in found}


async def test_nothing_is_found_where_nothing_was_lost(running: Suite, one: str) -> None:
    report, found = await judged(running, one)
    assert found == []
    assert report.matters >= 1 and report.judged >= 6 and not report.troubles


@pytest.mark.long
async def test_small_portions_cover_every_matter_once(
    running: Suite, one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        await mailed(running, str(running.bring()["number"]))
    whole, _ = await judged(running, one)
    monkeypatch.setattr(view, "MATTERS_AT_ONCE", 2)
    monkeypatch.setattr(view, "FACTS_AT_ONCE", 3)
    portioned, _ = await judged(running, one)
    assert (portioned.matters, portioned.facts) == (whole.matters, whole.facts)


def without_document(suite: Suite, number: str, harm: ExitStack) -> None:
    harm.enter_context(damaged(suite, "routing", "assignments", {"_id": number})).delete_one({"_id": number})


def without_timeline(suite: Suite, number: str, harm: ExitStack) -> None:
    harm.enter_context(damaged(suite, "tracking", "timelines", {"_id": number})).delete_one({"_id": number})


def without_fact(suite: Suite, number: str, harm: ExitStack) -> None:
    facts = harm.enter_context(damaged(suite, "pujk_gateway", "facts", {"subject": number}))
    facts.delete_one({"subject": number, "seq": 1})


def without_registration(suite: Suite, number: str, harm: ExitStack) -> None:
    harm.enter_context(damaged(suite, "intake", "facts", {"subject": number})).delete_many({"subject": number})


def said_twice(suite: Suite, number: str, harm: ExitStack) -> None:
    facts = harm.enter_context(damaged(suite, "pujk_gateway", "facts", {"subject": number}))
    first = facts.find_one({"subject": number, "seq": 1})
    facts.insert_one({**first, "_id": str(uuid4()), "seq": 3})
    cases = harm.enter_context(damaged(suite, "pujk_gateway", "cases", {"_id": number}))
    cases.update_one({"_id": number}, {"$set": {"seq": 3}})


def told_twice(suite: Suite, number: str, harm: ExitStack) -> None:
    notes = harm.enter_context(damaged(suite, "notifier", "notifications", {"_id": number}))
    told = notes.find_one({"_id": number})["state"]["told"]
    notes.update_one({"_id": number}, {"$push": {"state.told": told[0]}})


def followed_up_twice(suite: Suite, number: str, harm: ExitStack) -> None:
    cases = harm.enter_context(damaged(suite, "pujk_gateway", "cases", {"_id": number}))
    (entry,) = [e for e in cases.find_one({"_id": number})["state"]["entries"] if e["what"] == "follow-up-added"]
    cases.update_one({"_id": number}, {"$push": {"state.entries": entry}})


def altered(suite: Suite, number: str, harm: ExitStack) -> None:
    timelines = harm.enter_context(damaged(suite, "tracking", "timelines", {"_id": number}))
    timelines.update_one({"_id": number}, {"$set": {"state.entries.0.data.channel": "phone"}})


def deaf(suite: Suite, number: str, harm: ExitStack) -> None:
    notes = harm.enter_context(damaged(suite, "notifier", "notifications", {"_id": number}))
    notes.update_one({"_id": number}, {"$unset": {"heard.routing": 1}})


DAMAGES: tuple[tuple[Damage, set[tuple[str, str]]], ...] = (
    (without_document, {("owner-lost", "routing"), ("no-document", "routing")}),
    (without_timeline, {("no-document", "tracking")}),
    (without_fact, {("fact-missing", "pujk_gateway"), ("timeline", "tracking")}),
    (without_registration, {("fact-missing", "intake"), ("not-registered", "intake"), ("timeline", "tracking")}),
    (said_twice, {("doubled-fact", "pujk_gateway"), *(("not-heard", hearer) for hearer in NOT_GATEWAY)}),
    (told_twice, {("doubled-effect", "notifier")}),
    (followed_up_twice, {("doubled-effect", "pujk_gateway")}),
    (altered, {("timeline", "tracking")}),
    (deaf, {("not-heard", "notifier")}),
)


async def test_each_damage_is_found(running: Suite, worked: list[str]) -> None:
    with ExitStack() as harm:
        for (damage, _), number in zip(DAMAGES, worked, strict=True):
            damage(running, number, harm)
        report = await verified(running)
    for (damage, expected), number in zip(DAMAGES, worked, strict=True):
        assert kinds([one for one in report.details if one.number == number]) == expected, damage.__name__
    assert report.exit_code == 1
    again = await verified(running)
    assert not {one.number for one in again.details} & set(worked)


async def test_the_command_says_by_its_exit_code_what_it_found(running: Suite, one: str) -> None:
    with ExitStack() as harm:
        deaf(running, one, harm)
        ended = slkt("verify", "--cut", "0", "--json", stack=running)
        shown = slkt("verify", "--cut", "0", stack=running)
    report = json.loads(ended.out)
    assert ended.code == shown.code == 1
    assert report["verdict"] == "lost-or-doubled"
    assert one in {each["number"] for each in report["details"]}
    assert "not-heard" in shown.said and one in shown.said


async def test_a_fact_newer_than_the_cut_is_in_flight(running: Suite, one: str) -> None:
    with ExitStack() as harm:
        deaf(running, one, harm)
        report, found = await judged(running, one, cut_seconds=86_400)
    assert found == [] and report.in_flight >= 6 and report.judged == 0


@pytest.mark.long
async def test_a_gap_whose_fact_lies_in_a_waiting_room_or_dead_is_not_lost(running: Suite, one: str) -> None:
    fact = running.mongo["routing"]["facts"].find_one({"subject": one})
    assert fact is not None
    for queue, why in (("intake.inbox.retry.10m", "retry"), ("intake.inbox.dead", "dead")):
        with damaged(running, "intake", "services", {"_id": one}) as services:
            services.update_one({"_id": one}, {"$unset": {"heard.routing": 1}})
            async with await aio_pika.connect(running.known["amqp"]) as connection:
                channel = await connection.channel()
                letter = aio_pika.Message(b"{}", message_id=fact["_id"], type=fact["type"])
                await channel.default_exchange.publish(letter, queue)
                report, found = await judged(running, one)
                await (await channel.get_queue(queue, ensure=False)).purge()
        assert found == []
        assert (why, one) in {(each.why, each.number) for each in report.explanations}


@pytest.mark.long
async def test_a_gap_whose_fact_is_stuck_is_not_lost_and_is_said_by_republish(running: Suite, one: str) -> None:
    routing, intake = running.mongo["routing"], running.mongo["intake"]
    fact = routing["facts"].find_one_and_delete({"subject": one})
    assert fact is not None
    routing["stuck"].insert_one({**fact, "tries": 10, "reason": "DeliveryError"})
    intake["services"].update_one({"_id": one}, {"$unset": {"heard.routing": 1}})
    report, found = await judged(running, one)
    assert found == []
    assert ("stuck", one) in {(each.why, each.number) for each in report.explanations}

    # It remembers what it wrote and heard last; whoever changes its database beside it starts it anew.
    running.stack.services["intake"].restart()
    ended = slkt("republish", "routing", "--since", fact["at"].isoformat(), stack=running)
    assert ended.code == 0 and "1 tersangkut terlepas" in ended.said
    await running.quiet()
    assert routing["stuck"].count_documents({"_id": fact["_id"]}) == 0
    assert (await judged(running, one))[1] == []


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"mongo": "mongodb://127.0.0.1:1/?directConnection=true"}, "database cannot be read"),
        ({"amqp": "amqp://nobody:nothing@127.0.0.1:1/slkt"}, "cannot be explained without the broker"),
    ],
)
async def test_what_cannot_be_reached_cannot_be_judged(
    running: Suite, one: str, broken: dict[str, str], why: str
) -> None:
    known = Addresses.of_stack(running.known)
    where = Addresses(**{**_fields(known), **broken})
    with ExitStack() as harm:
        deaf(running, one, harm)
        report = await verify_here(where, cut_seconds=0)
    assert (report.verdict, report.exit_code) == ("could-not-judge", 2), report.to_dict()
    assert any(why in one for one in report.troubles)


async def test_a_user_who_may_not_read_every_database_cannot_judge(running: Suite) -> None:
    where = Addresses(mongo=running.stack.accounts.service_mongo["routing"], amqp=running.known["amqp"])
    report = await verify_here(where, cut_seconds=0)
    assert report.exit_code == 2 and "database cannot be read" in report.troubles[0]


def _fields(known: Addresses) -> dict[str, Any]:
    return {name: getattr(known, name) for name in known.__dataclass_fields__}
