"""A matter's mails go out in the order in which things happened, each once, until told or given up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from chassis.permits import Permits
from kit.facts import AMatter
from notifier.adapters.contacts import addressee
from notifier.adapters.mongo import DOCUMENTS
from notifier.adapters.rules import DatedRules
from notifier.adapters.texts import Catalogue
from notifier.domain.failures import OUTCOMES
from notifier.domain.mails import PATIENCE, TRIES_MOST, Addressee, Mail, Turn, waiting_time
from notifier.domain.notification import Notification
from notifier.usecases.learning import LEARNT
from notifier.usecases.telling import mail_of

KEY = bytes(range(32))
CATALOGUE = Catalogue("https://lacak.contoh.example/", Permits(KEY, "link of a mail"), example_data=True)
RULES = DatedRules(gather_seconds=0)
NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
CLAIMED_UNTIL = NOW + timedelta(seconds=60)
SECRET = "1.sealed"


def a_mail(name: str = "one", clock: int = 1, round: int = 0) -> Mail:  # noqa: A002 - the field's name
    turn: Turn = "registered" if name == "registered" else "taken-over"
    return Mail(name, turn, turn, [clock, 0, 1], NOW, round=round)


def register(matter: Notification, tell_by: Any = "email") -> None:
    matter.registered(kind="complaint", language="id", tell_by=tell_by, sealed=SECRET)
    matter.happened(a_mail("registered", 0))


def a_notification(*mails: Mail, tell_by: Any = "email") -> Notification:
    matter = Notification("5043812177304")
    register(matter, tell_by)
    for mail in mails:
        matter.happened(mail)
    return matter


def send_all(matter: Notification, now: datetime = NOW) -> list[str]:
    sent = []
    while claimed := matter.claim(now, now + timedelta(seconds=60)):
        sent += claimed[0].parts
        matter.delivered(claimed[0].id, now)
    return sent


def hear(matter: Notification, event: Any) -> None:
    if learns := LEARNT.get(type(event.data)):
        learns(matter, event)
    if mail := mail_of(event, RULES):
        matter.happened(mail)


def test_mails_name_the_present_due_day_whatever_order_is_heard() -> None:
    first, moved, latest = (NOW + timedelta(days=days) for days in (10, 20, 21))
    routed = a_mail("routed", 1, round=1)
    changes: list[Callable[[Notification], None]] = [
        lambda one: one.routed(1, "PT Bank Contoh", first),
        lambda one: one.due_moved(1, 2, moved),
        lambda one: one.due_moved(1, 3, latest),
    ]
    for order in permutations(changes):
        matter = a_notification()
        for change in order:
            change(matter)
        found = matter.round_of(routed)
        assert found is not None and (found.firm, found.due) == ("PT Bank Contoh", latest)


def test_what_is_heard_before_the_registration_waits_and_then_goes_out_in_order() -> None:
    matter = Notification("5043812177304")
    matter.happened(a_mail("second", 2))
    matter.happened(a_mail("first", 1))
    assert matter.claim(NOW, CLAIMED_UNTIL) == []
    register(matter)
    assert send_all(matter) == ["registered", "first", "second"]


def test_every_order_of_hearing_ends_in_the_same_mails() -> None:
    story = AMatter()
    facts = [story.registered(), story.routed(), story.taken_over(), story.proposed(), story.closed()]
    now = facts[-1].time
    for order in permutations(facts):
        matter = Notification(story.number)
        for event in order:
            hear(matter, event)
        assert send_all(matter, now) == [event.id for event in facts]
        assert [data["turn"] for _, data in matter.said] == ["registered", "routed", "taken-over", "proposed", "closed"]


def test_only_one_mail_of_a_matter_is_under_way() -> None:
    matter = a_notification(a_mail("next", 2))
    assert [mail.id for mail in matter.claim(NOW, CLAIMED_UNTIL)] == ["registered"]
    assert matter.claim(NOW, CLAIMED_UNTIL) == []


def test_a_claim_that_ran_out_is_taken_up_again() -> None:
    matter = a_notification()
    matter.claim(NOW, CLAIMED_UNTIL)
    assert [mail.id for mail in matter.claim(CLAIMED_UNTIL, CLAIMED_UNTIL + PATIENCE)] == ["registered"]


def test_a_claim_is_held_by_who_has_it_and_by_nobody_else() -> None:
    matter, later = a_notification(a_mail("next", 2)), CLAIMED_UNTIL + timedelta(seconds=5)
    matter.claim(NOW, CLAIMED_UNTIL)
    assert matter.hold("registered", CLAIMED_UNTIL, later)
    assert not matter.hold("registered", CLAIMED_UNTIL, later)
    assert not matter.hold("next", CLAIMED_UNTIL, later)
    assert matter.claim(CLAIMED_UNTIL, later) == []
    assert matter.deliveries[0].tries == 0
    assert [mail.id for mail in matter.claim(later, later + PATIENCE)] == ["registered"]


def test_what_is_under_way_is_not_sent_twice_when_something_earlier_is_heard() -> None:
    matter = a_notification()
    send_all(matter)
    matter.happened(a_mail("late", 5))
    assert [mail.id for mail in matter.claim(NOW, CLAIMED_UNTIL)] == ["late"]
    matter.happened(a_mail("early", 3))
    assert [mail.id for mail in matter.claim(NOW, CLAIMED_UNTIL)] == ["early"]
    matter.delivered("early", NOW)
    assert matter.claim(NOW, CLAIMED_UNTIL) == []
    matter.delivered("late", NOW)
    assert [told.id for told in matter.told] == ["registered", "early", "late"]


def test_a_fact_that_was_told_is_never_told_again() -> None:
    matter = a_notification()
    send_all(matter)
    matter.happened(a_mail("registered", 0))
    matter.delivered("registered", NOW)
    assert matter.deliveries == []
    assert len(matter.said) == 1


def test_a_mail_of_a_round_waits_for_the_name_of_its_firm_but_not_for_ever() -> None:
    matter = a_notification(a_mail("taken", 3, round=1))
    assert send_all(matter) == ["registered"]
    assert send_all(matter, NOW + PATIENCE) == ["taken"]


@pytest.mark.parametrize(("tell_by", "calls"), [("phone", ["registered", "before", "after"]), ("none", [])])
def test_who_wants_no_mail_gets_none(tell_by: str, calls: list[str]) -> None:
    matter = Notification("5043812177304")
    matter.happened(a_mail("before", 2))
    register(matter, tell_by)
    matter.happened(a_mail("after", 3))
    assert matter.deliveries == []
    assert matter.said == []
    found = matter.failing.failures if matter.failing else []
    assert sorted(one.id for one in found) == sorted(calls)


def test_trouble_that_passes_is_tried_again_ever_later_and_given_up_in_the_end() -> None:
    matter, now = a_notification(), NOW
    for _ in range(TRIES_MOST - 1):
        assert [mail.parts for mail in matter.claim(now, now)] == [["registered"]]
        matter.happened(a_mail("next", 2))
        matter.not_delivered("registered", now, "SMTPServerDisconnected", False)
        assert matter.deliveries[0].due_at is not None
        assert matter.deliveries[0].due_at > now
        now = matter.deliveries[0].due_at
    assert now - NOW > timedelta(days=1)
    matter.claim(now, now)
    matter.not_delivered("registered", now, "SMTPServerDisconnected", False)
    said = {"of": "registered", "turn": "registered", "reason": "gave-up", "by": "email"}
    assert matter.said == [("notification-failed", said)]
    assert send_all(matter, now) == ["next"]


def test_the_waiting_time_doubles_up_to_an_hour() -> None:
    assert [waiting_time(tries).total_seconds() for tries in (1, 2, 3, 10, 11, 35)] == [5, 10, 20, 2560, 3600, 3600]


@pytest.mark.parametrize("reason", ["refused-by-server", "key-destroyed"])
def test_a_final_refusal_is_said_and_the_next_mail_goes_on(reason: str) -> None:
    matter = a_notification()
    matter.claim(NOW, CLAIMED_UNTIL)
    matter.happened(a_mail("next", 2))
    matter.not_delivered("registered", NOW, reason, True)
    said = {"of": "registered", "turn": "registered", "reason": reason, "by": "email"}
    assert matter.said == [("notification-failed", said)]
    assert (matter.failing is None) == (reason == "key-destroyed")
    assert send_all(matter) == ["next"]


def test_without_an_address_nothing_is_sent_and_nothing_failed() -> None:
    matter = a_notification(a_mail("next", 2))
    matter.claim(NOW, CLAIMED_UNTIL)
    matter.not_delivered("registered", NOW, "no-address", True)
    matter.happened(a_mail("later", 3))
    assert matter.deliveries == []
    assert matter.said == []


def test_the_representative_is_told_where_the_consumer_left_no_address() -> None:
    consumer, other = {"name": "Siti"}, {"name": "Budi", "email": "budi@contoh.example"}
    assert addressee({"consumer": {**consumer, "email": "s@contoh.example"}, "representative": other}) == Addressee(
        "Siti", "s@contoh.example"
    )
    assert addressee({"consumer": consumer, "representative": other}) == Addressee("Budi", "budi@contoh.example")
    assert addressee({"consumer": consumer, "representative": None}) is None


def test_every_turn_can_be_written_in_both_languages_and_names_nobody_elses_address() -> None:
    story = AMatter()
    story.registered(), story.routed(), story.taken_over(), story.proposed(), story.returned(), story.closed()
    story.closed("withdrawn"), story.routed(2), story.answered(), story.recorded(), story.too_late()
    story.closed_by_routing(), story.registered("question"), story.registered("information")
    story.documents_asked(), story.extended()
    told = [mail for event in story.said if (mail := mail_of(event, RULES))]
    assert len(told) == len(story.said)
    for mail in told:
        for language in ("id", "en"):
            matter = Notification(story.number, kind="indication", language=language)
            matter.routed(1, "PT Bank\r\nBcc: x@y.example", NOW)
            to = Addressee("Siti\r\nBcc: x@y.example", "s@contoh.example")
            letter = CATALOGUE.write(matter, [mail], to, ["Ya {{ number }}."])
            assert "{" not in letter.body.replace("Ya {{ number }}.", "")
            assert "\n" not in letter.subject and "\r" not in letter.subject + letter.body
            assert "Siti Bcc: x@y.example" in letter.body


def test_what_nobody_takes_for_a_day_and_two_hours_comes_to_a_cso() -> None:
    matter = a_notification()
    (mail,) = matter.claim(NOW, CLAIMED_UNTIL)
    later = NOW + timedelta(hours=25)
    assert matter.hold(mail.id, CLAIMED_UNTIL, later, "mail server")
    assert matter.failing is None and not matter.said
    (mail,) = matter.claim(later, later + timedelta(seconds=60))
    assert matter.hold(mail.id, later + timedelta(seconds=60), NOW + timedelta(hours=26), "mail server")
    assert matter.failing is not None and matter.failing.reason == "gave-up"
    assert [(name, said["reason"]) for name, said in matter.said] == [("notification-failed", "gave-up")]
    assert not matter.deliveries


def test_what_an_earlier_version_kept_is_read() -> None:
    before = {"ids": ["a"], "outcome": "contact-mended", "by": "cso-1", "at": NOW}
    failure = {"id": "b", "turn": "routed", "reason": "gave-up", "by": "sms", "at": NOW}
    failing = {"since": NOW, "reason": "gave-up", "failures": [failure]}
    found = DOCUMENTS.aggregate("5043812177304", {"seen_to": [before], "failing": failing})
    assert found.seen_to[0].outcome == "contact-mended" and "contact-mended" not in OUTCOMES
    assert found.failing and found.failing.failures[0].what == "routed"


def test_a_new_pin_is_no_task_where_nobody_can_be_told() -> None:
    rule = next(one for one in RULES.all if one.id == "pin-renewed")
    matter = a_notification(tell_by="none")
    matter.happened(replace(a_mail(), ways=["email"], at_once=True, if_reached=rule.if_reached))
    (mail,) = matter.claim(NOW, CLAIMED_UNTIL)
    matter.not_delivered(mail.id, NOW, "no-address", True)
    assert (matter.failing, matter.said, matter.deliveries) == (None, [], [])
