"""A promise that was not kept stays in OJK's sight, and the way on from it."""

from datetime import date

import pytest
from kit.bundles import contents
from kit.cases import LONG_AFTER, ACase, in_handling
from kit.desk_pages import disputes
from unit.test_gateway_desk_pages import desk

WAYS = ("/facilitation/open", "/facilitation/send")


def broken() -> ACase:
    return in_handling(demands=1).promising(date(2026, 3, 20)).accepted().agreed().ticked(LONG_AFTER)


async def test_the_page_of_a_ticket_says_so_and_leads_on() -> None:
    story = broken()
    place = f"/desk/cases/{story.case.number}"
    async with desk(story) as http:
        page = (await http.get(place)).text
    assert "Janji tidak dipenuhi" in page and f'href="{place}/facilitation"' in page


@pytest.mark.parametrize(("story", "offers"), [(broken(), True), (broken().paid(), False)])
async def test_a_decider_may_bring_both_together_or_send_it_on_until_it_is_kept(story: ACase, offers: bool) -> None:
    async with disputes(story, contents().dossier) as http:
        page = (await http.get(f"/desk/cases/{story.case.number}/facilitation")).text
    assert [way in page for way in WAYS] == [offers, offers]
