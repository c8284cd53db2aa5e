"""What is read aloud is for the ear: it never speaks of what stands below on a page that nobody sees."""

import re

import pytest
from kit.facts import AMatter
from tracking.domain.timeline import Timeline
from tracking.usecases.looking import Tracked
from tracking.views.aloud import aloud
from tracking.views.matter import Views
from tracking.views.shown import MatterShown
from tracking.words import LANGUAGES, Both, Words

VIEWS = Views(Words())
FOR_THE_EYE = re.compile(r"\bbawah\b|\bbelow\b|\bhalaman ini\b|\bthis page\b|\bstand here\b", re.I)


async def matter() -> MatterShown:
    timeline = Timeline(AMatter().number)
    return VIEWS.matter(Tracked(timeline))


@pytest.mark.parametrize("code", sorted(Words()._texts["stages"]))
async def test_no_stage_speaks_of_what_is_below(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = VIEWS._words.stage
    monkeypatch.setattr(VIEWS._words, "stage", lambda _, values: spoken(code, values))
    told = VIEWS._words.aloud
    monkeypatch.setattr(VIEWS._words, "aloud", lambda _, values: told(code, values))
    said: Both = aloud(await matter())
    for language in LANGUAGES:
        assert said[language] and not FOR_THE_EYE.search(said[language]), said[language]


async def test_what_fits_the_ear_is_said_as_it_stands_on_the_page() -> None:
    found = await matter()
    said = aloud(found)
    assert said.id == f"{found.stage.title.id}. {found.stage.now.id} {found.stage.you_can.id}"
