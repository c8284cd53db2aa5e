"""Who is told what is data: what is wrong in it is said at the start, and each rule holds from its day on."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from chassis.permits import Permits
from kit.facts import AMatter
from notifier.adapters.previews import NUMBER, MadeUp
from notifier.adapters.rules import DatedRules, RulesWrong
from notifier.adapters.texts import Catalogue
from notifier.adapters.ways import ByWay
from notifier.domain.mails import Addressee
from notifier.domain.notification import Notification
from notifier.domain.rules import ways_of
from notifier.usecases.telling import mail_of
from stdnum.iso7064 import mod_11_10

RULES = json.loads(files("notifier").joinpath("data/rules.json").read_text(encoding="utf-8"))
WAYS = json.loads(files("notifier").joinpath("data/ways.json").read_text(encoding="utf-8"))
CATALOGUE = Catalogue("https://layanan.contoh.example/", Permits(bytes(32), "preview"), example_data=False)
NOW = datetime(2026, 3, 16, tzinfo=UTC)
UNTIL = datetime(2026, 4, 7, 16, 59, 59, tzinfo=UTC)
#: What fits into one SMS, and what a link with a permit adds.
ONE_SMS = 160


class Nobody:
    async def send(self, letter: Any) -> None:
        raise AssertionError("a preview is never sent")

    async def close(self) -> None:
        pass


PREVIEWS = MadeUp(DatedRules(), CATALOGUE, ByWay(Nobody(), {}))


def changed(name: str, **but: Any) -> Any:
    """The rules, one of them otherwise."""
    rules = deepcopy(RULES)
    for one in (*rules["rules"], *rules["reminders"]):
        if one["id"] == name:
            one.update(but)
    return rules


@pytest.mark.parametrize(
    ("name", "but", "said"),
    [
        ("routed", {"fact": "routing.ticket-moved.v1"}, "routed: no fact 'routing.ticket-moved.v1' is heard"),
        ("routed", {"when": {"standing.colour": ["red"]}}, "routed: .* has no value 'standing.colour'"),
        ("routed", {"unless": {"chanel": ["phone"]}}, "routed: .* has no value 'chanel'"),
        ("routed", {"template": "rooted"}, "routed: mails.json has no subject of 'rooted' in 'id'"),
        ("routed", {"turn": "rooted"}, "routed: turn: Input should be"),
        ("routed", {"words": True}, "routed: routing.ticket-routed.v1 seals no words"),
        ("routed", {"ways": ["pigeon"]}, "routed: ways"),
        ("routed", {"wayz": "email"}, "routed: wayz: "),
        ("rerouted", {"id": "routed"}, "routed: a rule of this name stands above"),
        ("pin-link", {"ways": "as-wished"}, "pin-link: the contact on file is told on ways"),
        ("answer", {"after_working_days": 1}, "answer: either after_working_days or before_working_days"),
    ],
)
def test_what_cannot_be_is_said_with_the_name_of_its_rule(name: str, but: dict[str, Any], said: str) -> None:
    with pytest.raises(RulesWrong, match=said):
        DatedRules(rules=changed(name, **but))


def test_a_way_that_nobody_knows_is_refused() -> None:
    with pytest.raises(RulesWrong, match=r"ways.json, 2010-01-01: ways\.pigeon"):
        DatedRules(ways=[{**WAYS[0], "ways": {"pigeon": {"gather_seconds": 1}}}])


@pytest.mark.parametrize("kind", ["complaint", "indication", "information"])
def test_who_heard_on_the_phone_that_their_matter_is_registered_is_not_called_to_be_told(kind: Any) -> None:
    def tells(**but: Any) -> bool:
        event = AMatter().registered(kind, **{"channel": "phone", "form": "oral", "tell_by": "phone"} | but)
        return mail_of(event, DatedRules()) is not None

    assert not tells()
    # Nobody told them anything yet: a letter that the desk wrote down, what came online, who wishes to have it in mail.
    assert tells(form="written") and tells(channel="web") and tells(tell_by="email")


def test_a_question_that_was_not_answered_on_the_phone_is_a_call_to_make() -> None:
    """A computer that answers calls writes those down who wish to be called back."""
    asked = AMatter().registered("question", channel="phone", form="oral", tell_by="phone")
    assert mail_of(asked, DatedRules()) is not None


def test_a_rule_holds_from_its_day_until_its_last() -> None:
    rules = changed("registered-complaint", valid_until="2026-03-15")
    later = {"id": "new", "turn": "registered", "template": "registered-indication", "valid_from": "2026-03-16"}
    rules["rules"].append({"fact": "intake.service-registered.v1", **later})
    event = AMatter().registered()
    before = event.model_copy(update={"time": datetime(2026, 3, 15, 16, 59, tzinfo=UTC)})
    dated = DatedRules(rules=rules)
    first, then = mail_of(before, dated), mail_of(event, dated)
    assert first and then
    assert (first.template, then.template) == ("registered", "registered-indication")


def test_ways_are_used_as_the_rules_of_the_day_say() -> None:
    later = {"valid_from": "2026-04-01", "source": "a test", "ways": {"email": {"gather_seconds": 3600}}}
    rules = DatedRules(ways=[*WAYS, later])
    assert rules.timing(NOW)["email"].gather_seconds == 60
    assert rules.timing(datetime(2026, 4, 2, tzinfo=UTC))["email"].gather_seconds == 3600
    assert DatedRules(gather_seconds=5).timing(NOW)["email"].gather_seconds == 5


def test_every_rule_shows_its_text_in_both_languages_on_every_way_that_it_may_take() -> None:
    assert not mod_11_10.is_valid(NUMBER), "a made-up number is nobody's"
    for rule in (*PREVIEWS.rules, *PREVIEWS.reminders):
        shown = PREVIEWS.of(rule)
        assert {(one.language, one.way) for one in shown} == {
            (tongue, way) for tongue in ("id", "en") for way in ways_of(rule)
        }
        for one in shown:
            assert "{" not in one.letter.subject + one.letter.body
            assert bool(one.letter.html) == (one.way == "email")


def test_every_rule_has_a_name_that_people_read() -> None:
    words = json.loads(files("notifier").joinpath("data/pages.json").read_text(encoding="utf-8"))
    named = {*(one.template for one in PREVIEWS.rules), *(one.turn for one in PREVIEWS.reminders)}
    assert {one for one in named if f"turn.{one}" not in words} == set()


def test_the_second_answer_promises_no_third_and_asks_for_no_rating() -> None:
    story = AMatter()
    first, second = story.answered(), story.answered(again=True)
    once, again = mail_of(first, DatedRules()), mail_of(second, DatedRules())
    assert once and once.about and once.about.feedback_until and once.template == "answered"
    assert again and again.about is None and again.template == "answered-again" and again.sealed
    texts = json.loads(files("notifier").joinpath("data/mails.json").read_text(encoding="utf-8"))["turns"]
    assert "sekali lagi" in texts["answered"]["id"]["body"]
    assert "halaman pelacakan" not in texts["answered-again"]["id"]["body"]


@pytest.mark.parametrize("told", [UNTIL, None])
def test_who_asks_reads_by_when_an_answer_is_there(told: datetime | None) -> None:
    story, to = AMatter(), Addressee("Siti", "s@contoh.example")
    facts = [story.registered("question", answer_by=told), story.answered(), story.reopened(answer_by=told)]
    for fact in (facts[0], facts[2]):
        mail = mail_of(fact, DatedRules())
        assert mail
        letter = CATALOGUE.write(Notification(story.number, kind="question", language="id"), [mail], to, [""])
        assert ("paling lambat 7 April 2026 pukul 23.59 WIB" in letter.body) is (told is not None)


def test_a_short_text_is_one_sms_unless_a_permit_stands_in_it() -> None:
    long = {
        rule.id: one.letter.body
        for rule in (*PREVIEWS.rules, *PREVIEWS.reminders)
        for one in PREVIEWS.of(rule)
        if one.way == "sms" and one.length > ONE_SMS
    }
    assert set(long) == {"pin-link"}, long
