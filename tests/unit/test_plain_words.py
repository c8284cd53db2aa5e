"""Do consumers understand what they read? One idea a sentence, and no word of the trade that is explained nowhere."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SERVICES = Path(__file__).parents[2] / "services"
#: What consumers read: pages of tracking and mails whole, of intake's pages what is theirs.
CATALOGUES = {
    "tracking/src/tracking/data/texts.json": "",
    "tracking/src/tracking/data/pages.json": "",
    "notifier/src/notifier/data/mails.json": "",
    "intake/src/intake/pages/bringing/data/pages.json": "",
    "intake/src/intake/pages/pin/data/pages.json": "",
    "intake/src/intake/pages/acts/data/pages.json": "",
    "intake/src/intake/data/right_door.json": "",
}
#: Desks of OJK that are no consumer's.
OF_STAFF = ("nav.", "statistics.", "stats.", "rules.", "failed.")
MOST = {"id": 24, "en": 30}
MEANINGS = json.loads((SERVICES / "tracking/src/tracking/data/meanings.json").read_text())
#: Words of the trade; capitals are found by themselves.
TRADE = ("fasilitasi", "mediasi", "keberatan", "indikasi pengaduan", "penyelesaian", "hari kerja")
#: Capitals that everybody knows, or that stand for themselves.
KNOWN = {"ATM", "PDF", "JPEG", "PNG", "SMS", "HEIC", "WIB", "WITA", "WIT", "DOCX", "XLSX", "KTP", "SIM", "CSV", "UTC"}


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Where a text stands, its language, and the text."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from texts(inner, f"{path}/{place}")
    elif isinstance(value, str) and (found := re.search(r"/(id|en)(/|$)", path)):
        yield path, found[1], value


def read(name: str) -> list[tuple[str, str, str]]:
    said = json.loads((SERVICES / name).read_text(encoding="utf-8"))
    mine = {key: value for key, value in said.items() if key.startswith(CATALOGUES[name])}
    return list(texts({key: value for key, value in mine.items() if not key.startswith(OF_STAFF)}))


def sentences(text: str) -> list[str]:
    filled = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{.*?\}", "X", text)
    return [one for one in re.split(r"(?<=[.!?;:])\s+|\n+", filled) if one]


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_sentence_has_one_idea(name: str) -> None:
    long = [
        (path, one)
        for path, language, text in read(name)
        for one in sentences(text)
        if len(one.split()) > MOST[language]
    ]
    assert long == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_words_of_the_trade_are_explained(name: str) -> None:
    explained = " ".join(one["word"] for one in MEANINGS)
    said = " ".join(text for _, language, text in read(name) if language == "id")
    said = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", said)
    used = {word for word in re.findall(r"\b[A-Z]{3,}\b", said) if word not in KNOWN}
    used |= {word for word in TRADE if word in said.lower()}
    assert {word for word in used if word not in explained} == set()


def test_meanings_are_told_in_both_languages_and_need_no_other_word() -> None:
    for one in MEANINGS:
        assert one["id"] and one["en"]
        assert all(len(sentence.split()) <= MOST["id"] for sentence in sentences(one["id"]))
    assert sentences("Satu. Dua {{ pujk }} tiga!\nEmpat") == ["Satu.", "Dua X tiga!", "Empat"]
