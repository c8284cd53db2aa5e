"""What does the desk have ready? Canned answers and score cards, read once from dated data."""

import json
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from intake.quality import ScoreCard
from intake.usecases.desk import Canned


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files("intake").joinpath("data", name).read_text(encoding="utf-8"))
    return found


def load_canned() -> Sequence[Canned]:
    return tuple(
        Canned(one["code"], date.fromisoformat(one["valid_from"]), one["title"], one["text"])
        for one in _read("canned_answers.json")
    )


def load_cards() -> Sequence[ScoreCard]:
    return tuple(ScoreCard.parse(one) for one in _read("score_cards.json"))
