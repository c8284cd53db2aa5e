"""On which way, when, and how much at once: wishes count from when they are heard, quiet hours delay and lose nothing,
what happens in a row makes one message, and nobody is reminded of what came."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.permits import Permits
from contracts.tracking import PreferencesSet, QuietHours
from intake import marks
from kit.facts import AMatter
from notifier.adapters.contacts import addressee
from notifier.adapters.html import Markings
from notifier.adapters.previews import MadeUp
from notifier.adapters.rules import DatedRules
from notifier.adapters.texts import Catalogue
from notifier.adapters.ways import ByWay
from notifier.domain.failures import Failure, NothingFailed
from notifier.domain.mails import About, Addressee, Mail
from notifier.domain.notification import Notification
from notifier.domain.timing import Quiet
from notifier.usecases.telling import Tell

from contracts import intake, pujk_gateway, settling

RULES = DatedRules()
CATALOGUE = Catalogue("https://lacak.contoh.example/", Permits(bytes(32), "link of a mail"), example_data=False)
PREVIEWS = MadeUp(RULES, CATALOGUE, ByWay(None, {}))  # type: ignore[arg-type]  # nothing is sent
#: 16 March 2026, 09.00 in Jakarta.
NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
SOON = timedelta(seconds=15)


class Held:
    """One matter in memory."""

    def __init__(self, number: str) -> None:
        self.one = Notification(number)

    async def change(self, message: Any, change: Any) -> Any:
        change(self.one)

    async def get(self, number: str) -> Notification:
        return self.one


async def told(story: AMatter, *, rules: DatedRules = RULES) -> Notification:
    """The matter after all that its story says."""
    held = Held(story.number)
    for event in story.said:
        await Tell(held, rules)(event)
    return held.one


def sent(one: Notification, now: datetime) -> list[tuple[str, list[Any]]]:
    """Way and turns of each message that may leave by now."""
    found: list[tuple[str, list[Any]]] = []
    while claimed := one.claim(now, now + SOON):
        mail: Mail = claimed[0]
        found.append((mail.way, [part.turn for part in one.told_by(mail)]))
        one.delivered(mail.id, now)
    return found


async def test_what_happens_within_a_minute_of_a_message_makes_one_and_each_fact_is_said() -> None:
    story = AMatter()
    story.registered(), story.routed(), story.taken_over()
    one = await told(story)
    first = story.said[0].time
    claimed = one.claim(first, first + SOON)
    assert [mail.parts for mail in claimed] == [[story.said[0].id]]
    one.delivered(story.said[0].id, first)
    later = first + timedelta(minutes=2)
    assert sent(one, first + timedelta(seconds=59)) == []
    assert sent(one, later) == [("email", ["routed", "taken-over"])]
    assert [data["of"] for _, data in one.said] == [event.id for event in story.said]


async def test_a_message_keeps_its_parts_from_its_first_try_on() -> None:
    story = AMatter()
    story.registered(), story.routed()
    one = await told(story)
    now = story.said[-1].time
    [mail] = one.claim(now, now + SOON)
    one.happened(Mail("late", "taken-over", "taken-over", [9, 9, 9], now))
    one.not_delivered(mail.id, now, "Refused", False)
    [again] = one.claim(now + timedelta(hours=1), now + timedelta(hours=2))
    assert again.parts == [event.id for event in story.said]


@pytest.mark.parametrize(
    ("begin", "end", "zone", "hour", "until"),
    [
        ("21:00", "07:00", "WIB", 15, 24),  # 22.00 in Jakarta: until 07.00
        ("21:00", "07:00", "WIB", 20, 24),  # 03.00 the next day
        ("21:00", "07:00", "WIB", 2, 2),  # 09.00: at once
        ("21:00", "07:00", "WIT", 12, 22),  # 21.00 in Jayapura
        ("12:00", "13:00", "WIB", 5, 6),
        ("07:00", "07:00", "WIB", 0, 0),
    ],
)
def test_quiet_hours_end_in_the_zone_of_who_sleeps(begin: str, end: str, zone: str, hour: int, until: int) -> None:
    day = datetime(2026, 3, 16, tzinfo=UTC)
    assert Quiet(begin, end, zone).over_at(day + timedelta(hours=hour)) == day + timedelta(hours=until)


async def test_nobody_is_rung_at_by_night_and_nothing_is_lost() -> None:
    story = AMatter()
    story.registered(tell_by="sms")
    one = await told(story)
    night, morning = NOW.replace(hour=16), NOW.replace(hour=23, minute=59)
    assert sent(one, night) == []
    assert sent(one, morning) == []
    assert sent(one, morning + timedelta(minutes=1)) == [("sms", ["registered"])]


async def test_a_wish_counts_from_now_on_and_the_last_one_stands_in_any_order() -> None:
    story = AMatter()
    story.registered()
    first = story.says(PreferencesSet(tell_by="sms", language="en", quiet=QuietHours(begin="00:00", end="00:00")))
    last = story.says(PreferencesSet(tell_by="whatsapp"))
    story.routed()
    for order in ([first, last], [last, first]):
        held = Held(story.number)
        for event in (*order, story.said[0], story.said[3]):
            await Tell(held, RULES)(event)
        one = held.one
        assert (one.tell_by, one.language, one.quiet) == ("whatsapp", "en", Quiet("00:00", "00:00"))
        assert sent(one, NOW.replace(hour=18))[0][0] == "whatsapp", "their own hours, not those of the rule"


async def test_who_wants_nothing_gets_a_link_for_a_pin_all_the_same_and_at_any_hour() -> None:
    story = AMatter()
    story.registered(tell_by="none")
    story.says(intake.PinLinkAsked(round=1, until=NOW + timedelta(hours=1)))
    story.routed()
    one = await told(story)
    now = NOW.replace(hour=18)
    [mail] = one.claim(now, now + SOON)
    assert (mail.way, mail.turn, mail.parts) == ("email", "pin-link", [story.said[1].id])
    letter = CATALOGUE.write(one, one.told_by(mail), Addressee("Siti", "s@contoh.example"), [""], "email")
    assert "https://lacak.contoh.example/pin/link/" in letter.body and "<a href=" in letter.html
    one.not_delivered(mail.id, now, "no-address", True)
    [mail] = one.claim(now, now + SOON)
    assert mail.way == "sms"
    one.not_delivered(mail.id, now, "no-address", True)
    assert one.said == [
        ("notification-failed", {"of": mail.id, "turn": "pin-link", "reason": "no-contact", "by": "sms"})
    ]


async def test_a_way_without_provider_or_number_becomes_mail_and_without_mailbox_a_cso_sees_to_it() -> None:
    story = AMatter()
    story.registered("question", tell_by="whatsapp")
    one = await told(story)
    now = story.said[0].time
    [mail] = one.claim(now, now + SOON)
    one.not_delivered(mail.id, now, "no-address", True)
    [mail] = one.claim(now, now + SOON)
    assert mail.way == "email"
    one.not_delivered(mail.id, now, "no-address", True)
    assert one.failing and one.failing.failures[0].what == "registered-question"
    assert [failure.reason for failure in one.failing.failures] == ["no-contact"]
    with pytest.raises(NothingFailed):
        one.see_to("another", "phoned", "cso-1", now)
    one.see_to(one.failing.seen, "phoned", "cso-1", now)
    assert one.failing is None and one.seen_to[0].ids == [story.said[0].id]


async def test_who_wishes_to_be_phoned_is_one_entry_for_a_cso_with_words_to_say_and_no_message_goes() -> None:
    until = datetime(2026, 4, 22, 16, 59, 59, tzinfo=UTC)
    story = AMatter()
    story.routed(), story.registered("indication", tell_by="phone")
    story.accepted(until=until)
    one = await told(story)
    assert (one.deliveries, one.said) == ([], []), "nothing failed"
    assert one.failing and (one.failing.reason, one.failing.since) == ("to-call", story.said[0].time)
    one.remind(until)
    aloud = {failure.what: PREVIEWS.aloud(one, failure) for failure in one.failing.failures}
    assert [*aloud] == ["routed", "registered-indication", "accepted", "reminder-answer"]
    assert aloud["accepted"].endswith("Jawab sampai 22 Apr. Diam berarti setuju.")
    assert one.claim(until, until + SOON) == [] and {failure.by for failure in one.failing.failures} == {"phone"}
    for event in story.said:
        held = Held(story.number)
        held.one = one
        await Tell(held, RULES)(event)
    assert len(one.failing.failures) == 4, "heard twice it is one call"
    one.see_to(one.failing.seen, "not-reached", "cso-1", until)
    assert one.failing is None and len(one.seen_to[0].ids) == 4


async def test_a_wish_to_be_phoned_holds_for_what_no_try_delivered_and_a_link_for_a_pin_is_never_said_aloud() -> None:
    story = AMatter()
    story.registered(), story.routed()
    one = await told(story)
    now = story.said[-1].time
    [mail] = one.claim(now, now + SOON)
    one.wishes(1, None, "phone", None)
    assert one.failing is None, "it is under way"
    one.not_delivered(mail.id, now, "Refused", False)
    later = now + timedelta(hours=2)
    assert one.claim(later, later + SOON) == [] and one.deliveries == []
    assert one.failing and [failure.what for failure in one.failing.failures] == ["registered", "routed"]
    pin = Failure("p", "pin-link", "no-contact", "sms", now, "pin-link", about=About(link="pin", of=1, until=later))
    assert PREVIEWS.aloud(one, pin) == ""
    assert PREVIEWS.aloud(one, Failure("old", "routed", "gave-up", "sms", now)) == ""
    documents = Failure("d", "documents-asked", "to-call", "phone", now, "documents-asked", round=1)
    assert PREVIEWS.aloud(one, documents).endswith(" membutuhkan dokumen Anda.")


def waiting(story: AMatter, since: datetime = NOW) -> Any:
    asked = story.stands("in-handling", waiting_for="documents", waiting_since=since)
    return story.says(pujk_gateway.DocumentsAsked(round=1, by="dina", sealed="1.x", standing=asked))


async def test_documents_are_reminded_of_once_at_nine_in_the_morning() -> None:
    story = AMatter()
    story.registered(), story.routed(), waiting(story)
    one = await told(story)
    # The seventh working day after 16 March 2026, with Nyepi and Idul Fitri between.
    moment = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    assert one.remind_at == moment
    one.remind(moment - timedelta(seconds=1))
    assert one.remind_at == moment
    one.remind(moment)
    one.remind(moment)
    assert one.remind_at is None
    assert [turn for _, turns in sent(one, moment) for turn in turns].count("reminder-documents") == 1
    # Heard again after it was told, as a later standing that still waits: not again.
    await_again = story.stands("in-handling", waiting_for="documents", waiting_since=NOW)
    story.says(pujk_gateway.ExtensionAsked(round=1, by="dina", sealed="1.x", standing=await_again))
    held = Held(story.number)
    held.one = one
    await Tell(held, RULES)(story.said[-1])
    assert one.reminders == [] and one.remind_at is None


async def test_nobody_is_reminded_of_what_came_whatever_is_heard_first() -> None:
    story = AMatter()
    story.registered(), story.routed()
    asked, came = (
        waiting(story),
        story.says(pujk_gateway.DocumentsReceived(round=1, because="consumer", standing=story.stands("in-handling"))),
    )
    for order in ([asked, came], [came, asked]):
        held = Held(story.number)
        for event in (*story.said[:2], *order):
            await Tell(held, RULES)(event)
        assert held.one.reminders == []
    held = Held(story.number)
    for event in (*story.said[:2], asked):
        await Tell(held, RULES)(event)
    held.one.remind(NOW + timedelta(days=60))
    assert any(mail.key for mail in held.one.deliveries)
    await Tell(held, RULES)(came)
    assert not any(mail.key for mail in held.one.deliveries), "it waited to be sent, and is not any more"


async def test_an_answer_and_a_promise_are_reminded_of_with_their_link_two_working_days_before() -> None:
    until = datetime(2026, 4, 22, 16, 59, 59, tzinfo=UTC)
    story = AMatter()
    story.registered(), story.routed()
    story.accepted(until=until)
    one = await told(story)
    assert one.remind_at == datetime(2026, 4, 20, 2, 0, tzinfo=UTC)
    owed = {"demand": 1, "proposal": 1, "amount": 5, "promised_by": "2026-04-10", "state": "paid"}
    standing = story.stands("owed", obligations=(owed,), consumer_until=until)
    story.says(settling.ReliefPaid(round=1, demand=1, proposal=1, by="dina", sealed="1.x", standing=standing))
    one = await told(story)
    assert [mail.turn for mail in one.reminders] == ["reminder-relief"]
    letter = CATALOGUE.write(one, one.reminders, Addressee("Siti", "s@contoh.example"), [""])
    assert "/track/link/" in letter.body and "Rp5" in letter.body and "22 April 2026" in letter.body


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        *((typed, "+6281255557777") for typed in ("812 5555 7777", "0812-5555 7777", "6281255557777")),
        *((typed, "+6281255557777") for typed in ("+62 0812 5555 7777", "62 0812 55557777", "0062 812 5555 7777")),
        ("+62 (0) 812 5555.7777", "+6281255557777"),
        ("+65 9123 4567", "+6591234567"),
        ("0065 9123 4567", "+6591234567"),
        # Somebody's perhaps, but not for certain.
        *((typed, None) for typed in ("65 9123 4567", "+62 812 3", "+0812 5555 7777", "0812 5555 7777 0812 5555 8888")),
        *((typed, None) for typed in ("021-7654321", "0812 5555 7777/8", "0812 5555 7777 ext 2", "+1-------", "")),
    ],
)
def test_a_number_is_read_in_one_way_and_none_is_guessed(typed: str, address: str | None) -> None:
    found = addressee({"consumer": {"name": "S", "phone": typed}}, "sms")
    assert found == (Addressee("S", address) if address else None)
    assert not address or marks.phone(typed) == address[1:], "intake finds them by the same"


def test_only_our_own_addresses_are_links_and_words_are_only_words() -> None:
    ours = Markings("https://lacak.contoh.example")
    html = ours.of(
        [("Kabar <b>", "Lihat https://lacak.contoh.example/x?a=1&b=2.\nhttps://jahat.example/<script>\n\n- satu")]
    )
    assert '<a href="https://lacak.contoh.example/x?a=1&amp;b=2">' in html and html.count("<a ") == 1
    assert "<h2>Kabar &lt;b&gt;</h2>" in html and "<script" not in html and "<li>satu</li>" in html
