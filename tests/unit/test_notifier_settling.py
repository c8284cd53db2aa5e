"""Of what follows an accepted proposal the consumer is told what they get, until when they answer, and how it ended."""

import re
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from chassis.permits import Permits
from contracts.cases import Obligation
from kit.facts import AMatter
from notifier.adapters.rules import DatedRules
from notifier.adapters.texts import Catalogue
from notifier.domain.mails import Addressee, Got, Proposal
from notifier.domain.notification import Notification
from notifier.usecases.telling import mail_of

from contracts import notifier, pujk_gateway, settling

UNTIL = datetime(2026, 4, 22, 16, 59, 59, tzinfo=UTC)
LINKS = Permits(bytes(range(32)), "link of a mail")
RULES = DatedRules()
CATALOGUE = Catalogue("https://lacak.contoh.example/", LINKS, example_data=False)
SIGHT: dict[str, Any] = {"round": 1, "by": "d", "sealed": "1.x"}


def facts(story: AMatter) -> dict[str, Any]:
    """One of each that follows, by the turn of its mail; those with none by their name."""

    def stands(state: str, **but: Any) -> Any:
        owed = Obligation(demand=1, amount=1_500_000, promised_by="2026-04-20", state="paid")
        known: dict[str, Any] = {"obligations": (owed,), "consumer_until": UNTIL}
        return story.stands(state, **known | but)

    sent = {"because": "not-settled", "bundle": "0" * 64, "working_days": 20, "rule_version": "1"}
    accepted = {"round": 1, "proposal": 1, "by": "d"}
    lapsed = {"round": 1, "proposal": 1, "until": UNTIL}
    opened = {"round": 1, "by": "d", "checks": (), "rule_version": "1"}
    overdue = {"round": 1, "demand": 1, "promised_by": "2026-04-20", "because": "consumer"}
    answered = {"round": 1, "proposal": 1, "answer": "agrees"}
    step, planned = settling.FacilitationStep, {**SIGHT, "side": "ojk", "held_at": UNTIL}
    end, laps_step = settling.FacilitationEnded, settling.LapsStep
    reopened, at_laps = settling.TicketReopened, stands("at-laps")
    decided = settling.LapsDecided
    return {
        "accepted": pujk_gateway.ResolutionAccepted(**accepted, consumer_until=UNTIL, standing=stands("accepted")),
        "accepted and ended": pujk_gateway.ResolutionAccepted(**accepted, standing=stands("closed")),
        "lapsed": settling.ConsumerTimeLapsed(**lapsed, standing=stands("owed")),
        "lapsed and ended": settling.ConsumerTimeLapsed(**lapsed, standing=stands("closed", reason="silent")),
        "relief-paid": settling.ReliefPaid(**SIGHT, demand=1, standing=stands("owed")),
        "relief-overdue": settling.ReliefOverdue(**overdue, standing=stands("in-handling")),
        "reopened": reopened(round=1, because="objected", standing=stands("in-handling")),
        "reopened as told": reopened(round=1, because="relief-overdue", standing=stands("in-handling")),
        "facilitation-opened": settling.FacilitationOpened(**opened, standing=stands("facilitation")),
        "session-planned": step(**planned, kind="session-planned"),
        "session-cancelled": step(**planned, kind="session-cancelled"),
        "a position": step(**SIGHT, kind="position", side="pujk"),
        "facilitation-ended": end(**SIGHT, outcome="not-settled", standing=stands("facilitation")),
        "sent-to-laps": settling.SentToLaps(round=1, by="d", **sent, verified_by=UNTIL, standing=at_laps),
        "laps-step": laps_step(round=1, step="verified", mediated_by=UNTIL, standing=at_laps),
        "laps was silent": laps_step(round=1, step="time-over", standing=at_laps),
        "laps-decided": decided(**SIGHT, outcome="award", standing=at_laps),
        "answered": settling.ConsumerAnswered(**answered, standing=stands("owed")),
        "fulfilled": settling.ReliefFulfilled(round=1, demand=1, because="consumer", standing=stands("owed")),
    }


def written(fact: Any, language: Any = "id") -> Any:
    """The letter that tells of a fact; None where nobody is told."""
    story = AMatter()
    matter = Notification(story.number, kind="complaint", language=language)
    # Its day was over when OJK accepted: what is owed says the later one.
    answers = [Got(1, "partly", 1_500_000, date(2026, 4, 1)), Got(2, "refused")]
    matter.proposals["1-1"] = Proposal("monetary-relief", 1_500_000, answers)
    mail = mail_of(story.says(fact), RULES)
    said = ["Ruang 3, {{ number }}."]
    return mail and CATALOGUE.write(matter, [mail], Addressee("Siti", "s@contoh.example"), said)


def test_each_fact_is_told_in_its_own_mail_or_in_none() -> None:
    told = {name: mail_of(AMatter().says(fact), RULES) for name, fact in facts(AMatter()).items()}
    assert {type(fact) for fact in facts(AMatter()).values()} == {pujk_gateway.ResolutionAccepted, *settling.FACTS}
    turns = get_args(notifier.Turn)
    assert {name for name, mail in told.items() if mail} == set(
        turns[turns.index("accepted") : turns.index("reminder-documents")]
    )
    assert all(mail.turn == mail.template == name for name, mail in told.items() if mail)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_mail_can_be_written(language: str) -> None:
    letters = {name: written(fact, language) for name, fact in facts(AMatter()).items()}
    for letter in filter(None, letters.values()):
        assert "{" not in letter.subject + letter.body.replace("{{ number }}", "")


def test_who_is_asked_reads_what_they_get_until_when_and_what_silence_means() -> None:
    letter = written(facts(AMatter())["accepted"])
    first = "- Permintaan 1: dikabulkan sebagian, Rp1.500.000, paling lambat 20 April 2026"
    assert f"{first}\n- Permintaan 2: ditolak\n" in letter.body
    assert "paling lambat 22 April 2026 pukul 23.59 WIB" in letter.body
    assert "Bila Anda diam sampai saat itu, Anda dianggap setuju." in letter.body


def test_a_link_permits_one_answer_about_one_matter_until_its_time_is_over() -> None:
    for name, act in (("accepted", "proposal"), ("relief-paid", "relief")):
        letter = written(facts(AMatter())[name], "en")
        [token] = re.findall(r"https://lacak\.contoh\.example/track/link/([\w-]+)\?lang=en", letter.body)
        permit = LINKS.read(token, datetime(2026, 4, 20, tzinfo=UTC))
        assert (permit.number, permit.act, permit.about, permit.ends_at) == (
            letter.number,
            act,
            (1, 1),
            UNTIL.replace(microsecond=0),
        )
    assert "/track/link/" not in written(facts(AMatter())["relief-overdue"]).body


def test_a_mail_about_a_promise_made_again_tells_of_that_one_and_permits_nothing_else() -> None:
    story = AMatter()
    kept = Obligation(demand=1, proposal=1, amount=1_000, promised_by=date(2026, 4, 1), state="fulfilled")
    anew = Obligation(demand=1, proposal=2, amount=2_000, promised_by=date(2026, 4, 20), state="paid")
    standing = story.stands("owed", obligations=(kept, anew), consumer_until=UNTIL)
    letter = written(settling.ReliefPaid(**SIGHT, demand=1, proposal=2, standing=standing))
    [token] = re.findall(r"/track/link/([\w-]+)", letter.body)
    assert LINKS.read(token, datetime(2026, 4, 20, tzinfo=UTC)).about == (1, 1, 2)
    assert "Rp2.000" in letter.body and "Rp1.000" not in letter.body
