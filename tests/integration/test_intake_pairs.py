"""What came twice is suggested with its reasons; a link is a fact of both, finished whoever dies, and undone fully."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import bson
import pytest
from chassis.messages import Act
from intake.adapters.comparing import MongoComparing
from intake.adapters.marking import SealedSketches
from intake.pairs import DecidedMeanwhile
from intake.usecases.comparing import DecidePair, ShowPair, TraitsOf
from intake.usecases.linking import FinishLinks, LinkMatters
from kit.beside import Beside, intake_beside
from kit.running import Suite, eventually
from kit.twice import OTHER, RETOLD, STORY, brings, compared, looked_at


@pytest.fixture
async def beside(running: Suite) -> AsyncIterator[Beside]:
    async with intake_beside(running) as made:
        yield made


def said(running: Suite, number: str) -> list[dict[str, Any]]:
    links = {"$in": ["slkt.intake.services-linked.v1", "slkt.intake.services-unlinked.v1"]}
    facts = running.mongo["intake"]["facts"].find({"subject": number, "type": links}).sort("seq", 1)
    return [json.loads(one["body"])["data"] for one in facts]


async def test_a_matter_that_comes_again_on_another_way_is_suggested_and_no_other_is(running: Suite) -> None:
    person = uuid4().int % 9_000
    first = brings(running, person, STORY)
    other_problem = brings(running, person, OTHER, product="credit_card", issue="fees", loss=300_000, demands=[{}])
    other_person = brings(running, person + 1, STORY, loss=900_000, demands=[{"amount": 900_000}])
    rounded = {"loss": 2_500_000, "demands": [{"amount": 2_500_000}], "pujk": {"name": "PT Bank BRI Tbk"}}
    again = brings(running, person, RETOLD, "phone", form="oral", **rounded)

    kept = await looked_at(running, again)
    assert [one["other"] for one in kept["suggested"]] == [first]
    (one,) = kept["suggested"]
    assert one["why"] == "duplicate" and {"nik", "phone", "name", "pujk", "amount", "text"} <= {*one["reasons"]}
    assert kept["open"] is not None
    for alone in (first, other_problem, other_person):
        assert (await looked_at(running, alone))["suggested"] == []

    raw = bson.encode(running.mongo["intake"]["services"].find_one({"_id": again}) or {})
    assert not any(word.encode() in raw for word in ("terpotong", "pasar", "cabang", f"8000-{person:04d}"))


async def test_a_link_is_said_of_both_and_taken_back_as_if_it_never_was(running: Suite, beside: Beside) -> None:
    person = uuid4().int % 9_000
    first, again = brings(running, person, STORY), brings(running, person, RETOLD, "phone", form="oral")
    before = await looked_at(running, again)
    await looked_at(running, first)
    comparing = MongoComparing(beside.base, beside.services)
    traits = TraitsOf(beside.seals, SealedSketches(beside.marking))
    link = LinkMatters(beside.services, comparing, beside.base.clock)
    # Whichever is named first, the pair stands in the later one.
    pair = await ShowPair(beside.services, traits)(first, again)
    assert (pair.first.number, pair.second.number, pair.why, pair.state) == (again, first, "duplicate", "open")

    # Whoever begins it dies before the second matter: a worker of the service finishes it, and nothing twice.
    id_ = uuid4().hex
    await link(id_, "link", pair, "dewi.cso")
    await running.said(first, "intake.services-linked")
    running.mongo["intake"]["links"].update_one({"_id": id_}, {"$set": {"state": "begun"}})
    begun = running.mongo["intake"]["links"].find_one({"_id": id_}) or {}
    running.mongo["intake"]["links"].update_one({"_id": id_}, {"$set": {"at": begun["at"] - timedelta(minutes=1)}})
    await FinishLinks(link)()
    assert (running.mongo["intake"]["links"].find_one({"_id": id_}) or {})["state"] == "done"
    (linked,) = said(running, again)
    assert (linked["other"], linked["why"], linked["by"]) == (first, "duplicate", "dewi.cso") and linked["reasons"]
    assert [one["other"] for one in said(running, first)] == [again]

    pair = await ShowPair(beside.services, traits)(again, first)
    assert pair.state == "linked"
    # A page that was opened before the link says nothing over it.
    decide, act = DecidePair(beside.services, beside.base.clock), Act(uuid4().hex, again)
    for back in (False, True):
        with pytest.raises(DecidedMeanwhile):
            await decide(act, pair, "budi.cso", again=back)
    assert compared(running, again)["suggested"][0]["state"] == "linked"
    ended = uuid4().hex
    await link(ended, "unlink", pair, "dewi.cso")
    await link(ended, "unlink", pair, "dewi.cso")
    with pytest.raises(DecidedMeanwhile):
        await link(uuid4().hex, "unlink", pair, "budi.cso")
    for number, other in ((first, again), (again, first)):
        await eventually(lambda number=number: len(said(running, number)) == 2, "taken back, once")
        assert said(running, number)[1] == {"other": other, "by": "dewi.cso"}
    now = compared(running, again)
    assert now["linked"] == compared(running, first)["linked"] == []
    assert now["suggested"] == before["suggested"], "it waits for a decision as before"


async def test_matters_of_two_persons_are_linked_as_one_cause_only(running: Suite, beside: Beside) -> None:
    person = uuid4().int % 9_000
    numbers = [brings(running, person + n, STORY, transaction_date="2026-03-03") for n in (0, 1)]
    kept = await looked_at(running, numbers[1])
    assert [(one["other"], one["why"]) for one in kept["suggested"]] == [(numbers[0], "related")]
    pair = await ShowPair(beside.services, TraitsOf(beside.seals, SealedSketches(beside.marking)))(*numbers)
    assert pair.why == "related" and not pair.one_person
