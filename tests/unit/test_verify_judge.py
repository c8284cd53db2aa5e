"""A whole matter is judged whole; each way of losing or doubling something is seen as what it is."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from contracts.base import Event
from contracts.intake import ServiceRegistered
from contracts.notifier import NotificationSent
from contracts.topology import HEARS, OWNERS
from kit.facts import STARTED, AMatter
from slkt.verifying.fold import fold
from slkt.verifying.judge import judge
from slkt.verifying.report import Finding
from slkt.verifying.view import Said, View

from chassis import heard

CUT = STARTED + timedelta(days=1)


def as_kept(event: Event[Any], **but: Any) -> Said:
    known: dict[str, Any] = {
        "id": event.id,
        "owner": event.owner,
        "number": event.subject,
        "seq": event.seq,
        "type": event.type,
        "cause": event.cause,
        "at": event.time,
        "where": "facts",
        "body": event.model_dump_json(exclude_none=True, serialize_as_any=True),
    }
    return Said(**known | but)


def a_view() -> View:
    """A complaint that went the whole way, as all five services keep it."""
    matter = AMatter()
    registered = matter.registered()
    for say in (matter.routed, matter.taken_over, matter.followed_up, matter.proposed, matter.accepted, matter.closed):
        say()
    matter.says(NotificationSent(of=registered.id, turn="registered"))
    view = View(matter.number)
    for event in matter.said:
        view.said.setdefault(event.owner, []).append(as_kept(event, cause=f"cause of {event.id}"))
    for service in OWNERS:
        mine = view.said.get(service, [])
        ranges: dict[str, heard.Ranges] = {}
        for event in matter.said:
            if type(event.data) in HEARS[service]:
                ranges[event.owner] = heard.add(ranges.get(event.owner, []), event.seq)
        view.documents[service] = {"seq": len(mine), "heard": ranges, "unsent": [], "state": {}}
    entries, standings = fold(one for said in view.said.values() for one in said)
    view.documents["tracking"]["state"] = {"entries": list(entries.values()), "standings": standings}
    view.documents["notifier"]["state"] = {"told": [{"id": registered.id}], "deliveries": []}
    view.owned = view.documents
    return view


def found(view: View, services: Sequence[str] = OWNERS) -> list[Finding]:
    return judge(view, CUT, services).findings


def kinds(view: View) -> set[tuple[str, str]]:
    return {(one.kind, one.service) for one in found(view)}


def test_a_whole_matter_is_clean_and_every_fact_is_counted() -> None:
    judgement = judge(a_view(), CUT, OWNERS)
    assert judgement.findings == []
    assert judgement.judged == {"intake": 1, "routing": 1, "pujk_gateway": 5, "notifier": 1, "tracking": 0}
    assert judgement.in_flight == 0


def lose_document(service: str) -> Callable[[View], Any]:
    return lambda view: view.documents.pop(service)


def lose_fact(owner: str, index: int) -> Callable[[View], Any]:
    return lambda view: view.said[owner].pop(index)


def say_again(view: View) -> None:
    first = view.said["pujk_gateway"][1]
    again = Said(**{**_fields(first), "id": "another", "seq": 6})
    view.said["pujk_gateway"].append(again)
    view.documents["pujk_gateway"]["seq"] = 6
    view.documents["tracking"]["heard"]["pujk_gateway"] = [[1, 6]]


def same_seq(view: View) -> None:
    first = view.said["routing"][0]
    view.said["routing"].append(Said(**{**_fields(first), "id": "another", "cause": "other"}))


def older_document(view: View) -> None:
    view.documents["pujk_gateway"]["seq"] = 3


def forget_heard(hearer: str, owner: str) -> Callable[[View], Any]:
    return lambda view: view.documents[hearer]["heard"].pop(owner)


def hear_more(view: View) -> None:
    view.documents["routing"]["heard"]["intake"] = [[1, 2]]


def alter_entry(view: View) -> None:
    entry = view.documents["tracking"]["state"]["entries"][0]
    view.documents["tracking"]["state"]["entries"][0] = {**entry, "clock": 99}


def alter_standing(view: View) -> None:
    view.documents["tracking"]["state"]["standings"]["routing"] = {"seq": 9, "standing": {}}


def drop_entry(view: View) -> None:
    view.documents["tracking"]["state"]["entries"].pop()


def double_entry(view: View) -> None:
    view.documents["tracking"]["state"]["entries"] *= 2


def tell_twice(view: View) -> None:
    view.documents["notifier"]["state"]["told"] *= 2


def tell_again(view: View) -> None:
    view.documents["notifier"]["state"]["deliveries"] = view.documents["notifier"]["state"]["told"]


def mail_twice(view: View) -> None:
    first = view.said["notifier"][0]
    view.said["notifier"].append(Said(**{**_fields(first), "id": "another", "seq": 2, "cause": "other"}))
    view.documents["notifier"]["seq"] = 2
    view.documents["tracking"]["heard"]["notifier"] = [[1, 2]]


def follow_up_twice(view: View) -> None:
    one = {"cause": "a", "what": "follow-up-added", "round": 1}
    view.documents["pujk_gateway"]["state"]["entries"] = [one, dict(one)]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lose_document("routing"), {("owner-lost", "routing"), ("no-document", "routing")}),
        (lose_document("tracking"), {("no-document", "tracking")}),
        (lose_document("intake"), {("owner-lost", "intake"), ("no-document", "intake")}),
        (lose_fact("pujk_gateway", 1), {("fact-missing", "pujk_gateway"), ("timeline", "tracking")}),
        (lose_fact("pujk_gateway", -1), {("fact-missing", "pujk_gateway"), ("timeline", "tracking")}),
        (lose_fact("intake", 0), {("fact-missing", "intake"), ("not-registered", "intake"), ("timeline", "tracking")}),
        (say_again, {("doubled-fact", "pujk_gateway"), ("timeline", "tracking")}),
        (same_seq, {("doubled-seq", "routing"), ("timeline", "tracking")}),
        (older_document, {("behind", "pujk_gateway")}),
        (forget_heard("pujk_gateway", "intake"), {("not-heard", "pujk_gateway")}),
        (forget_heard("tracking", "notifier"), {("not-heard", "tracking"), ("timeline", "tracking")}),
        (hear_more, {("heard-unknown", "routing")}),
        (alter_entry, {("timeline", "tracking")}),
        (alter_standing, {("timeline", "tracking")}),
        (drop_entry, {("timeline", "tracking")}),
        (double_entry, {("doubled-effect", "tracking")}),
        (tell_twice, {("doubled-effect", "notifier")}),
        (tell_again, {("doubled-effect", "notifier")}),
        (mail_twice, {("doubled-fact", "notifier"), ("timeline", "tracking")}),
        (follow_up_twice, {("doubled-effect", "pujk_gateway")}),
    ],
)
def test_each_damage_is_seen(damage: Callable[[View], Any], expected: set[tuple[str, str]]) -> None:
    view = a_view()
    damage(view)
    view.owned = view.documents
    assert kinds(view) == expected


def test_what_is_newer_than_the_cut_is_in_flight_and_judged_by_nobody() -> None:
    view = a_view()
    for service in ("routing", "tracking"):
        view.documents[service]["heard"] = {}
    view.documents["tracking"]["state"] = {"entries": [], "standings": {}}
    judgement = judge(view, STARTED, OWNERS)
    assert judgement.findings == []
    assert judgement.in_flight == 8


@pytest.mark.parametrize("where", ["unsent", "stuck"])
def test_a_gap_of_a_fact_that_was_not_said_yet_is_explained_where_it_lies(where: Any) -> None:
    view = a_view()
    routed = view.said["routing"].pop()
    kept = Said(**{**_fields(routed), "where": where})
    if where == "stuck":
        view.said["routing"] = [kept]
    else:
        entry = {"_id": kept.id, "subject": kept.number, "seq": 1, "type": kept.type, "at": kept.at, "body": kept.body}
        view.documents["routing"]["unsent"] = [entry]
    for hearer in ("intake", "pujk_gateway", "notifier", "tracking"):
        view.documents[hearer]["heard"].pop("routing")
    state = view.documents["tracking"]["state"]
    state["entries"] = [one for one in state["entries"] if one["owner"] != "routing"]
    state["standings"].pop("routing")
    view.owned = view.documents
    assert {(one.kind, one.why) for one in found(view)} == {("not-heard", where)}


def test_an_erased_matter_is_judged_by_its_facts() -> None:
    view = a_view()
    for service in OWNERS:
        view.documents[service] = {"erased_at": CUT, "heard": view.documents[service]["heard"]}
    view.owned = view.documents
    assert found(view) == []
    view.said["pujk_gateway"].pop(2)
    assert kinds(view) == {("fact-missing", "pujk_gateway")}


def test_an_accepted_submission_that_was_never_said_is_seen() -> None:
    view = View("5043812177304")
    state = {"registered_at": STARTED}
    view.documents["intake"] = {"seq": 0, "heard": {}, "unsent": [], "created_at": STARTED, "state": state}
    view.owned = view.documents
    (one,) = found(view)
    assert (one.kind, one.type, one.what) == ("not-registered", ServiceRegistered.type(), "accepted and never said")


def test_services_that_do_not_run_are_not_judged() -> None:
    view = a_view()
    for service in ("pujk_gateway", "notifier", "tracking"):
        del view.documents[service]
        view.said.pop(service, None)
    view.documents["intake"]["heard"].pop("pujk_gateway")
    view.documents["routing"]["heard"].pop("pujk_gateway")
    assert found(view, services=("intake", "routing")) == []


def _fields(one: Said) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Said.__slots__}
