"""A firm acts only in its own running turn, on what it has seen; each refusal says what to do."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from kit.cases import POLICIES, START, ACase, in_handling
from pujk_gateway.domain import acts, decisions, filing
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Answer
from pujk_gateway.domain.reading import turn_of
from pujk_gateway.domain.refusals import (
    AlreadyProposed,
    AmountMissing,
    AnswersContradict,
    CaseClosed,
    CaseFull,
    CaseHasMoved,
    CaseRefusal,
    DemandsUnanswered,
    NoLongerYours,
    NoSuchFile,
    NoSuchRound,
    NothingProposed,
    NotTakenOver,
    UnknownBasis,
)
from pujk_gateway.seen import preconditions


def problems_of(error: pytest.ExceptionInfo[CaseRefusal]) -> list[str]:
    return [one["came"] for one in error.value.problems]


def test_a_colleague_takes_a_ticket_over() -> None:
    story = in_handling().taken_over(officer="budi")
    assert story.said[-1] == ("ticket-taken-over", {"round": 1, "holder": "budi"})
    assert story.case.standing()["holder"] == "budi"
    assert [(one.before, one.by) for one in story.case.entries[1:]] == [(None, "ani"), ("ani", "budi")]


@pytest.mark.parametrize("officer", ["ani", "budi"])
def test_who_holds_a_ticket_or_a_colleague_gives_it_back_and_what_was_begun_stays_begun(officer: str) -> None:
    story = in_handling().followed_up().released(officer)
    assert story.said[-1] == ("ticket-released", {"round": 1, "holder": "ani", "by": officer})
    assert (story.case.standing()["state"], story.case.standing()["holder"]) == ("in-handling", None)
    for act in (story.followed_up, story.proposed, story.released):
        with pytest.raises(NotTakenOver):
            act()
    assert story.taken_over(officer="citra").case.standing()["holder"] == "citra"


def test_a_firm_without_a_queue_that_gave_a_ticket_back_still_knows_of_its_end() -> None:
    story = ACase(frozenset()).registered().routed().taken_over().released().withdrawal_asked()
    assert turn_of(story.case, "BANK-001") is not None


def test_taking_over_what_one_holds_changes_nothing() -> None:
    story = in_handling()
    basis = story.case.basis
    story.taken_over()
    assert (story.names, story.case.basis) == (["ticket-taken-over"], basis)


@pytest.mark.parametrize("act", [ACase.followed_up, ACase.proposed])
def test_nothing_is_written_before_a_take_over(act: Callable[[ACase], object]) -> None:
    story = ACase().registered().routed()
    with pytest.raises(NotTakenOver, match="take-over"):
        act(story)
    assert story.case.basis == 1


def test_declining_needs_no_take_over() -> None:
    story = ACase().registered().routed().declined()
    assert story.said == [("ticket-declined", {"round": 1, "kind": "not-our-customer", "sealed": "1.text"})]
    assert story.case.standing()["state"] == "declined"


@pytest.mark.parametrize("end", [ACase.declined, lambda story: story.routed(2, "BANK-002")])
def test_a_turn_that_ended_is_no_longer_its_firms(end: Callable[[ACase], object]) -> None:
    story = in_handling()
    end(story)
    for act in (story.taken_over, story.followed_up, story.proposed, story.declined):
        with pytest.raises(NoLongerYours):
            act()


def test_the_turn_of_another_firm_is_not_open_to_an_earlier_one() -> None:
    story = in_handling().routed(2, "BANK-002")
    with pytest.raises(NoLongerYours):
        story.taken_over(round_=2, pujk="BANK-001")
    story.taken_over(round_=2, pujk="BANK-002")


def test_a_round_that_never_was_is_named() -> None:
    with pytest.raises(NoSuchRound) as error:
        in_handling().taken_over(round_=7)
    assert error.value.problems == [{"field": "data.round", "came": "7", "expected": "1, the present round"}]


def test_a_door_names_the_fields_of_its_own_body() -> None:
    with pytest.raises(NoSuchRound) as error, preconditions():
        in_handling().taken_over(round_=7)
    assert error.value.problems[0]["field"] == "round"


def test_nothing_is_done_after_the_end() -> None:
    story = in_handling().proposed().accepted().agreed()
    refused: list[Callable[[], object]] = [story.taken_over, story.followed_up, story.proposed, story.declined]
    for act in refused:
        with pytest.raises(CaseClosed, match="resolved"):
            act()
    with pytest.raises(CaseClosed):
        story.accepted()


def test_a_proposal_on_an_older_basis_is_told_what_changed() -> None:
    story = in_handling()
    seen = story.case.basis
    story.followed_up()
    with pytest.raises(CaseHasMoved) as error:
        story.proposed(basis=seen)
    assert error.value.extra["basis"] == story.case.basis == seen + 1
    assert [one["what"] for one in error.value.extra["changes"]] == ["follow-up-added"]
    with pytest.raises(UnknownBasis):
        story.proposed(basis=story.case.basis + 1)


def test_a_second_judgement_of_the_same_state_is_told_what_the_first_one_was() -> None:
    story = in_handling()
    seen = story.case.basis
    story.proposed(basis=seen)
    judgements: list[Callable[[], object]] = [
        lambda: story.proposed(basis=seen),
        lambda: story.asked_documents(basis=seen),
    ]
    for again in judgements:
        with pytest.raises(CaseHasMoved) as error:
            again()
        assert [one["what"] for one in error.value.extra["changes"]] == ["proposed"]


def test_one_proposal_waits_at_a_time() -> None:
    story = in_handling().proposed()
    with pytest.raises(AlreadyProposed):
        story.proposed()
    with pytest.raises(AlreadyProposed):
        story.declined()
    story.returned().proposed()
    assert story.case.standing()["proposal"] == 2


def test_relief_in_money_says_how_much() -> None:
    with pytest.raises(AmountMissing) as error:
        in_handling().proposed(kind="monetary-relief")
    assert error.value.problems[0]["field"] == "data.amount"
    in_handling().proposed(kind="explanation", amount=None, answers=[Answer(1, "partly")])


@pytest.mark.parametrize(
    ("demands", "answered", "came"),
    [
        (2, (1,), ["no answer to demand 2"]),
        (1, (1, 1), ["2 answers to demand 1"]),
        (1, (1, 3), ["an answer to demand 3, which there is not"]),
        (2, (2, 2, 5), ["no answer to demand 1", "2 answers to demand 2", "an answer to demand 5, which there is not"]),
        (0, (1,), ["an answer to demand 1, which there is not"]),
    ],
)
def test_each_demand_is_answered_exactly_once(demands: int, answered: tuple[int, ...], came: list[str]) -> None:
    story = in_handling(demands)
    with pytest.raises(DemandsUnanswered) as error:
        story.proposed(answers=[Answer(one, "refused") for one in answered])
    assert problems_of(error) == came
    assert story.case.proposals == [] and story.case.state == "in-handling"


def test_no_answer_gives_what_it_refuses_or_promises_what_is_over() -> None:
    story, day = in_handling(2), START.date()
    answers = [Answer(1, "refused", 500), Answer(2, "granted", 900, day - timedelta(days=1))]
    with pytest.raises(AnswersContradict) as error:
        story.proposed(kind="monetary-relief", amount=600, answers=answers)
    given = ["demand 1: refused, and something given", "demand 2: a day that is over", "600"]
    assert problems_of(error) == given and story.case.state == "in-handling"
    answers = [Answer(1, "refused"), Answer(2, "granted", 900, day)]
    story.proposed(kind="monetary-relief", amount=900, answers=answers)


@pytest.mark.parametrize(
    ("kind", "amount", "answers", "came"),
    [
        ("refused", None, [Answer(1, "granted")], ["demand 1: granted, and kind refused"]),
        ("refused", 500, [Answer(1, "refused")], ["500 of a proposal that refuses"]),
        ("monetary-relief", 500, [Answer(1, "refused")], ["monetary-relief, and each demand refused"]),
        ("non-monetary-relief", None, [Answer(1, "refused")], ["non-monetary-relief, and each demand refused"]),
        ("monetary-relief", 0, [Answer(1, "granted")], ["relief of 0 rupiah"]),
        ("monetary-relief", 500, [Answer(1, "granted", 0)], ["demand 1: 0 rupiah"]),
        ("monetary-relief", 500, [Answer(1, "granted")], ["demand 1: money without a day"]),
        ("monetary-relief", 500, [Answer(1, "partly", 500)], ["demand 1: money without a day"]),
        ("explanation", None, [Answer(1, "partly", 500)], ["demand 1: 500, and kind explanation"]),
        ("non-monetary-relief", 500, [Answer(1, "granted")], ["500, and kind non-monetary-relief"]),
        ("explanation", None, [Answer(1, "granted", None, date(2027, 3, 18))], ["demand 1: 2027-03-18"]),
    ],
)
def test_a_proposal_that_contradicts_itself_is_refused(
    kind: str, amount: int | None, answers: list[Answer], came: list[str]
) -> None:
    story = in_handling()
    with pytest.raises(AnswersContradict) as error:
        story.proposed(kind=kind, amount=amount, answers=answers)
    assert problems_of(error) == came and story.case.proposals == []


@pytest.mark.parametrize(
    ("kind", "amount", "answers"),
    [
        ("refused", None, [Answer(1, "refused")]),
        ("explanation", None, [Answer(1, "refused")]),
        ("explanation", None, [Answer(1, "granted", None, date(2026, 4, 1))]),
        ("non-monetary-relief", None, [Answer(1, "partly")]),
        ("monetary-relief", 500, [Answer(1, "granted", None, date(2027, 3, 17))]),
    ],
)
def test_a_proposal_that_says_one_thing_is_taken(kind: str, amount: int | None, answers: list[Answer]) -> None:
    assert in_handling().proposed(kind=kind, amount=amount, answers=answers).case.state == "proposed"


def test_a_case_without_demands_takes_a_proposal_without_answers() -> None:
    assert in_handling(demands=0).proposed(kind="explanation", amount=None).case.state == "proposed"


def test_a_follow_up_while_a_proposal_waits_moves_what_the_decider_saw() -> None:
    story = in_handling().proposed()
    seen = story.case.basis
    story.followed_up()
    assert story.case.state == "proposed"
    with pytest.raises(CaseHasMoved):
        story.accepted(basis=seen)
    story.accepted(basis=story.case.basis)


def test_there_must_be_something_to_decide() -> None:
    with pytest.raises(NothingProposed, match="in-handling"):
        in_handling().accepted()
    with pytest.raises(NothingProposed):
        in_handling().proposed().returned().returned()


def test_a_firm_cannot_fill_a_case_so_that_ojk_cannot_decide() -> None:
    story = in_handling().proposed()
    long = "1." + "x" * 100_000
    with pytest.raises(CaseFull):
        for _ in range(1_000):
            acts.follow_up(story.case, story.deed(), kind="other", sealed=long)
    assert sum(len(one.sealed or "") for one in story.case.entries) < 2_200_000
    decisions.accept(story.case, story.next(), by="decider-1", basis=None, terms=POLICIES)


def test_a_refused_act_leaves_nothing_behind() -> None:
    story = in_handling()
    before = Case(**{**vars(story.case)})
    entries = list(story.case.entries)
    for but in ({"amount": 500}, {"basis": 1}):
        with pytest.raises(CaseRefusal):
            story.proposed(**but)
    assert (story.case.basis, story.case.entries, story.case.said) == (before.basis, entries, [])


def test_an_act_names_files_that_its_own_firm_brought() -> None:
    story, file = in_handling(), "f" * 32
    basis = story.case.basis
    for _ in range(2):
        filing.bring(story.case, story.deed(), file, "hash")
    assert (story.case.basis, [one.id for one in story.case.files]) == (basis, [file]), "nobody judges by it yet"
    answers = [Answer(1, "granted", evidence=[file])]
    with pytest.raises(NoSuchFile) as error:
        story.proposed(answers=answers)
    assert problems_of(error) == ["evidence of demand 1 that is not in 'attachments'"]
    story.proposed(files=[file, file], answers=answers)
    assert story.case.proposals[0].attachments == story.case.proposals[0].answers[0].evidence == [file]
    later = story.routed(2, "BANK-002").taken_over(2, "BANK-002").deed(2, "BANK-002")
    with pytest.raises(NoSuchFile):
        acts.follow_up(story.case, later, kind="visit", sealed="note", files=[file])
    with pytest.raises(NoLongerYours):
        filing.bring(story.case, story.deed(), "e" * 32, None)
