"""What is typed into the portal's filters and forms: is it taken as people mean it, and is what cannot be told?"""

import re
from datetime import UTC, date, datetime

import pytest
from chassis.pages.forms import Form
from contracts.codes import called, codes
from kit.bundles import contents
from kit.cases import in_handling
from kit.desk_pages import a_ticket
from pujk_gateway.domain.listing import ACTIVE, STATES
from pujk_gateway.domain.parts import Demand
from pujk_gateway.pages.asked import choices, wanted_of
from pujk_gateway.pages.proposals import agrees, amount_of, answers_of, rupiah_of

NOW = datetime(2026, 3, 16, 18, tzinfo=UTC)
TODAY = date(2026, 3, 17)


def asked(**query: str) -> tuple[object, list[str]]:
    _, wanted, form = wanted_of("/l", query, "BANK-002", "complaint", choices(["siti"], 2026), NOW)
    days = tuple(f"{at:%Y-%m-%dT%H}" for at in wanted.received) if wanted.received else None
    return days, list(form.errors)


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"year": "2026", "month": "3", "day": "1"}, ("2026-02-28T17", "2026-03-01T17")),
        ({"year": "2025", "month": "12"}, ("2025-11-30T17", "2025-12-31T17")),
        ({"year": "2024"}, ("2023-12-31T17", "2024-12-31T17")),
        # 18.00 UTC of the 16th is the 17th in Jakarta; what is not said is the present month and year.
        ({"day": "17"}, ("2026-03-16T17", "2026-03-17T17")),
        ({"day": "32"}, None),
    ],
)
def test_a_day_a_month_or_a_year_is_jakartas(query: dict[str, str], days: object) -> None:
    assert asked(**query) == (days, [])


def test_a_day_that_is_in_no_calendar_is_told() -> None:
    assert asked(day="31", month="2", year="2026") == (None, ["day"])


def test_without_a_filter_a_list_shows_what_is_active_and_nothing_foreign_is_asked_for() -> None:
    may_be = choices(["siti"], 2026)
    asked, wanted, _ = wanted_of(
        "/l", {"holder": "budi", "sort": "$where", "page": "-1"}, "B", "complaint", may_be, NOW
    )
    assert (wanted.states, wanted.holder, wanted.order, wanted.page) == (ACTIVE, None, "due", 1)
    assert wanted_of("/l", {"state": "all"}, "B", "complaint", may_be, NOW)[1].states == STATES
    assert wanted_of("/l", {"holder": "-"}, "B", "complaint", may_be, NOW)[1].holder == ""
    assert asked.link(page=2) == "/l?sort=due&page=2"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("750000", 750_000), ("750.000", 750_000), ("Rp 1.500.000", 1_500_000), ("rp1.500.000,00", 1_500_000),
        ("1.500.000,-", 1_500_000), (" 5 ", 5), ("", None),
    ],
)  # fmt: skip
def test_rupiah_are_read_as_people_write_them(typed: str, amount: int | None) -> None:
    form = Form({"amount": [typed]})
    assert (rupiah_of(form, "amount"), form.errors) == (amount, {})


@pytest.mark.parametrize("typed", ["1,500,000", "1.50", "-5", "abc", "1.500.000,50", "9" * 30, "٣"])
def test_what_is_no_amount_is_told_and_never_guessed(typed: str) -> None:
    form = Form({"amount": [typed]})
    assert rupiah_of(form, "amount") is None and list(form.errors) == ["amount"]


def test_each_demand_is_answered_and_what_is_wrong_stands_beside_its_field() -> None:
    demands = [Demand(1, 750_000), Demand(2), Demand(3)]
    typed = {"answer_1": ["granted"], "amount_1": ["500.000"], "promised_1": ["2026-03-16"], "answer_2": ["refused"]}
    form = Form({**typed, "amount_2": ["1"]})
    agrees(form, "monetary-relief", 500_001, answers_of(form, demands), TODAY, TODAY)
    assert {name: key for name, (key, _) in form.errors.items()} == {
        "promised_1": "propose.date_over",
        "answer_2": "propose.refused_gives_nothing",
        "answer_3": "form.missing",
    }


def test_a_basis_is_taken_whole_or_told_to_be_too_long() -> None:
    for length, wrong in ((9, []), (10, ["why_1"])):
        form = Form({"answer_1": ["granted"], "why_1": [f"{'x' * length}\r\n" * 2_000]})
        (answer,) = answers_of(form, [Demand(1)])
        assert list(form.errors) == wrong and len(answer.text or "") == (0 if wrong else 19_999)


def test_monetary_relief_is_what_the_answers_come_to_where_it_is_not_said() -> None:
    form = Form({"answer_1": ["granted"], "amount_1": ["500.000"], "answer_2": ["partly"], "amount_2": ["250.000"]})
    answers = answers_of(form, [Demand(1), Demand(2)])
    assert amount_of(form, "monetary-relief", answers) == 750_000
    assert amount_of(form, "explanation", answers) is None and form.errors == {}
    assert amount_of(form, "monetary-relief", ()) is None and list(form.errors) == ["amount"]


def test_a_proposal_that_contradicts_itself_is_told_beside_what_contradicts() -> None:
    typed = {"answer_1": ["granted"], "amount_1": ["500.000"], "promised_1": ["2031-01-01"], "answer_2": ["refused"]}
    form = Form(typed)
    agrees(form, "refused", 5, answers_of(form, [Demand(1), Demand(2)]), TODAY, date(2027, 3, 18))
    assert {name: key for name, (key, _) in form.errors.items()} == {
        "promised_1": "propose.date_far",
        "amount_1": "propose.kind_no_money",
        "answer_1": "propose.kind_refuses",
        "amount": "propose.kind_no_money",
    }
    form = Form({"answer_1": ["refused"], "amount": ["0"]})
    agrees(form, "monetary-relief", 0, answers_of(form, [Demand(1)]), TODAY, TODAY)
    assert {name: key for name, (key, _) in form.errors.items()} == {
        "amount": "propose.gives_nothing",
        "kind": "propose.kind_gives",
    }


def test_a_code_has_its_name_in_both_languages_and_an_unknown_one_is_its_own() -> None:
    assert (called("product", "savings", "id"), called("product", "savings", "en")) == ("Tabungan", "Savings account")
    assert (called("product", "no-such", "id"), called("issue", None, "id")) == ("no-such", "–")
    assert {one.sort for one in codes()} == {"product", "issue", "region"}


@pytest.mark.parametrize(
    ("template", "wrong"),
    [
        ("propose", ("amount", "text", "attachments", "answer_1", "amount_1", "promised_1", "why_1")),
        ("decline", ("kind", "text")), ("follow_up", ("kind", "text", "attachments")), ("written", ("text",)),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named_as_its_field_is(template: str, wrong: tuple[str, ...]) -> None:
    ticket, here, request = a_ticket(in_handling(), contents().dossier)
    form = Form()
    for name in wrong:
        form.wrong(name, "form.missing")
    about = {"form": form, "way": "jalan", "story": "state_position"}
    page = bytes((await ticket.show(request, "5043812177304", here, template, 422, **about)).body).decode()
    for name in wrong:
        (named,) = re.findall(f'<a href="#{name}">([^<]+)</a>: ', page)
        (label,) = re.findall(f'<label[^>]* for="{name}">([^<]+)</label>|id="{name}".*\\n<legend[^>]*>([^<]+)<', page)
        assert named == ("Tuntutan 1, " if name[-1] == "1" else "") + "".join(label)
