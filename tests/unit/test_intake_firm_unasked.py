"""Where the directory was away when a firm was named: is it asked again before anything is sent, and is it said where
it still could not be?"""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from intake.bringing.draft import Meant
from kit.drafting import TOKEN, OneDraft

FIRM = "dompet kilat jaya"
AWAY = Meant(FIRM, away=True)
ILLEGAL = Meant(FIRM, illegal=("Dompet Kilat Jaya",))
SEVERAL = Meant(FIRM, others=(("A-1", "Dompet Kilat Satu"), ("A-2", "Dompet Kilat Dua")))
SAID_AWAY, IS_ILLEGAL, KNOWN_NOW = "data-unasked", "/lapor/arah?dari=masalah", "baru saja dapat diperiksa"


class One(OneDraft):
    """The directory was away when the firm was named; by now it says ``found``."""

    def __init__(self, found: Meant) -> None:
        super().__init__("information", {"pujk": FIRM, "story": "Mereka menagih.", "name": "Sri", "moved": "no"}, AWAY)
        self.found = found

    def finds(self, typed: str, chosen: str) -> Meant:
        return self.found

    async def sends(self) -> httpx.Response:
        return await self.posts("kirim")


async def test_the_look_at_the_whole_asks_again_and_warns() -> None:
    one = One(ILLEGAL)
    page = await one.looks()
    assert (IS_ILLEGAL in page, SAID_AWAY in page, one.asked) == (True, False, [(FIRM, "")])
    await one.looks()
    assert one.asked == [(FIRM, "")], "who is known is not asked about again"


async def test_it_says_where_the_firm_could_still_not_be_checked_and_may_be_sent() -> None:
    one = One(AWAY)
    page = await one.looks()
    assert (IS_ILLEGAL in page, SAID_AWAY in page) == (False, True)
    assert (await one.sends()).headers["location"] == "/lapor/tanda-terima"
    assert one.sent == [TOKEN]


async def test_what_is_known_only_when_it_is_sent_is_shown_before_it_goes() -> None:
    one = One(ILLEGAL)
    first = await one.sends()
    assert (first.status_code, KNOWN_NOW in first.text, IS_ILLEGAL in first.text) == (422, True, True)
    assert one.sent == []
    assert (await one.sends()).status_code == 303
    assert one.sent == [TOKEN]


async def test_one_of_several_is_chosen_and_nobody_is_called_unlicensed() -> None:
    page = await One(SEVERAL).looks()
    assert ('href="/lapor/masalah">Lengkapi' in page, IS_ILLEGAL in page) == (True, False)


async def test_who_is_listed_is_warned_of_before_licensed_firms_are_offered_instead() -> None:
    one = One(replace(SEVERAL, illegal=ILLEGAL.illegal))
    page = (await one.posts("masalah", pujk=FIRM)).text
    assert 0 < page.find("Dompet Kilat Jaya ada di daftar entitas ilegal") < page.find("Dompet Kilat Satu")
    assert "data-listed" not in (await One(SEVERAL).posts("masalah", pujk=FIRM)).text


@pytest.mark.parametrize("but", [{"sending": True}, {"fields": {}}])
async def test_nobody_is_asked_where_nothing_may_change_or_no_firm_is_named(but: dict[str, Any]) -> None:
    one = One(ILLEGAL)
    one.draft = replace(one.draft, **but)
    page = await one.looks()
    assert (one.asked, SAID_AWAY in page) == ([], False)
