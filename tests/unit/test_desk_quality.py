"""Is a sample the same when it is drawn again, and does a score weigh what applies?"""

import json
from datetime import UTC, date, datetime
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, cast

import pytest
from chassis.pages.frame import Pages
from intake.adapters.catalogues import load_canned, load_cards
from intake.domain import Service
from intake.pages.cso.quality import quality_pages
from intake.quality import ScoreCard, drawn
from intake.usecases.desk import PLACES, FillAnswer
from intake.usecases.quality import DrawSample, ScoreMatter, TellResults
from kit.desk_pages import the_desk

NUMBERS = [f"{one:013d}" for one in range(500)]


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    first = drawn(NUMBERS, "april", 20)
    assert drawn(reversed(NUMBERS), "april", 20) == first
    assert len(set(first)) == 20 and first != drawn(NUMBERS, "may", 20)


def test_everybody_is_drawn_as_often_as_anybody() -> None:
    counts = dict.fromkeys(NUMBERS[:50], 0)
    for seed in range(1_000):
        for one in drawn(counts, str(seed), 5):
            counts[one] += 1
    assert min(counts.values()) > 60 and max(counts.values()) < 140


def test_a_score_weighs_what_applies() -> None:
    card = load_cards()[0]
    every = {one.code: 2 for one in card.criteria}
    assert card.total(every) == 100
    assert card.total({**every, "right": 0}) == 70
    assert card.total({**every, "right": None, "plain": 1}) == round(100 * (55 * 2 + 15) / 140)


@pytest.mark.parametrize("points", [{}, {"right": 2}, None])
def test_what_does_not_fit_the_card_is_no_score(points: dict[str, int | None] | None) -> None:
    card = load_cards()[0]
    with pytest.raises(ValueError, match=r"point|applies"):
        card.total(dict.fromkeys((one.code for one in card.criteria), None) if points is None else points)


def test_weights_make_a_hundred() -> None:
    with pytest.raises(ValueError, match="60, not 100"):
        ScoreCard.parse(
            {"version": "x", "valid_from": "2026-01-01", "criteria": [{"code": "a", "weight": 60, "id": "", "en": ""}]}
        )


def test_ready_answers_stand_in_both_languages_and_leave_only_what_can_be_filled_in() -> None:
    for one in load_canned():
        for language in ("id", "en"):
            text = one.texts[language]
            for place in PLACES:
                text = text.replace(f"{{{place}}}", "x")
            assert one.titles[language] and text and "{" not in text


def test_every_word_of_the_desk_stands_in_both_languages() -> None:
    words = json.loads(files("intake.pages.cso").joinpath("data/pages.json").read_text("utf-8"))
    assert all(set(pair) == {"id", "en"} and all(pair.values()) for pair in words.values())
    assert all(f"criterion.{one.code}" in words for card in load_cards() for one in card.criteria)


@pytest.mark.parametrize(
    ("wanted", "answers", "scored"),
    [("", ["agus", "bela", "agus"], "agus"), ("", [], "tono"), ("bela", ["agus", "bela", "agus"], "bela")],
)
async def test_who_answered_last_is_scored_where_nobody_was_asked_for(
    wanted: str, answers: list[str], scored: str
) -> None:
    at, put = datetime(2026, 3, 16, tzinfo=UTC), list[Any]()
    matter = Service("5043812177304", kind="question", seal_key="k", handled_by=["tono"])
    for by in answers:
        matter.state = "open"
        matter.answer(by, "sealed", at)

    async def get(_: str) -> Service:
        return matter

    async def sample(_: str) -> Any:
        return SimpleNamespace(numbers=[matter.number], wanted=SimpleNamespace(cso=wanted))

    async def keep(score: Any) -> None:
        put.append(score)

    kept: Any = SimpleNamespace(get=get, sample=sample, score=keep)
    cards, here = load_cards(), cast("Any", SimpleNamespace(now=lambda: at))
    points = {one.code: 2 for one in cards[0].criteria}
    await ScoreMatter(kept, kept, kept, cards, here, at.date)("s", matter.number, points, "", "qa")
    assert [one.cso for one in put] == [scored]


@pytest.mark.parametrize("days", [{"since": "0001-01-01"}, {"until": "9999-12-31"}, {"until": "1999-12-31"}])
async def test_days_of_which_nothing_can_be_told_are_refused_with_what_to_choose(
    days: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def about(request: Any, **said: Any) -> None:
        return None

    async def nothing(*_: Any) -> list[Any]:
        return []

    monkeypatch.setattr("intake.pages.cso.quality.about", about)
    kept: Any = SimpleNamespace(scores=nothing, samples=nothing, scored=nothing, handled=nothing, put=nothing)
    here: Any = SimpleNamespace(now=lambda: datetime(2026, 3, 16, tzinfo=UTC))
    score = ScoreMatter(kept, kept, kept, load_cards(), here, lambda: date(2026, 3, 16))
    pages = Pages("chassis.people.pages", "intake.pages.cso", service="intake", base="/staff")
    told = TellResults(kept, kept, kept)
    desk = quality_pages(pages, DrawSample(kept, kept, here), score, told, kept, kept, ("web",), score.today)
    async with the_desk(desk, ("qa", "cso")) as http:
        answers = [await http.get(f"/desk/cso/{place}", params=days) for place in ("quality", "scores")]
        asked = {"since": "2026-03-01", "until": "2026-03-02", "size": "5"} | days
        answers.append(await http.post("/desk/cso/quality", data=asked))
        usual = await http.get("/desk/cso/scores", params={"since": "2026-03-01", "until": ""})
    assert [one.status_code for one in (*answers, usual)] == [422, 422, 422, 200]
    assert all("Pilih tanggal dari 1 Januari 2000 sampai hari ini." in one.text for one in answers)


@pytest.mark.parametrize(
    ("language", "product", "said"),
    [
        ("id", None, "tentang produk atau layanan keuangan."),
        ("en", None, "about a financial product or service."),
        ("id", "credit_card", "tentang Kartu kredit."),
    ],
)
async def test_a_ready_answer_names_the_product_or_speaks_of_any(language: Any, product: str | None, said: str) -> None:
    matter = Service("5043812177304", kind="question", language=language, product=product, seal_key="k")

    async def get(number: str) -> Service:
        return matter

    services: Any = SimpleNamespace(get=get)
    seals: Any = SimpleNamespace(unseal=lambda *_: json.dumps({"consumer": {"name": "Sari"}}))
    ready = next(one for one in load_canned() if "{product}" in one.texts["id"])
    text = await FillAnswer(services, seals)(matter.number, ready)
    assert said in text and "–" not in text
