"""Is a link never laid over what somebody decided later, and is a second officer told how the two stand now?"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from chassis.messages import Act
from chassis.pages.frame import Pages
from chassis.pages.tables import Asked, Table
from intake.domain import Service
from intake.pages.pairs.doors import pair_pages
from intake.pairs import Compared, DecidedMeanwhile, Suggested
from intake.refusals import REFUSALS
from intake.usecases.comparing import DecidePair, Pair
from intake.usecases.linking import Command, FinishLinks, LinkMatters
from kit.desk_pages import the_desk

NEWER, OLDER = "5043812177304", "5043812177305"
AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
PLACE = f"/desk/cso/duplicates/{NEWER}/{OLDER}"


class Two:
    """Two matters, the links that are under way, and a clock; ``dies`` before this one is written."""

    def __init__(self) -> None:
        suggested = Compared(suggested=[Suggested(OLDER, "duplicate", ["nik"], 9)], open=AT)
        self.kept = {
            NEWER: Service(NEWER, kind="complaint", registered_at=AT, compared=suggested),
            OLDER: Service(OLDER, kind="complaint", registered_at=AT - timedelta(days=1)),
        }
        self.begun: dict[str, Command] = {}
        self.acts: set[str] = set()
        self.time, self.dies = AT, ""

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    async def change(self, act: Act, change: Callable[[Service], None]) -> None:
        if act.subject == self.dies:
            raise ConnectionError("gone")
        if act.id not in self.acts:
            change(self.kept[act.subject])
            self.acts.add(act.id)

    async def add(self, command: Command) -> Command:
        return self.begun.setdefault(command.id, command)

    async def left(self, before: datetime) -> Sequence[Command]:
        return list(self.begun.values())

    async def done(self, id_: str) -> None:
        del self.begun[id_]

    async def undecided(self, asked: Asked) -> Table[Service]:
        return Table(asked, [self.kept[NEWER]], 270, 1, 14)

    async def show(self, number: str = NEWER, other: str = OLDER) -> Pair:
        return Pair(self.kept[number], self.kept[other], None, True)

    def links(self) -> list[bool]:
        return [bool(self.kept[one].compared.linked) for one in (NEWER, OLDER)]

    def linking(self) -> LinkMatters:
        parts: Any = self
        return LinkMatters(parts, parts, parts)

    async def begin(self, what: Any, died_before: str) -> None:
        self.dies = died_before
        with pytest.raises(ConnectionError):
            await self.linking()(f"a {what}", what, await self.show(), "a.cso")
        self.dies = ""


async def test_a_link_that_was_begun_before_it_was_taken_back_is_not_finished() -> None:
    two = Two()
    await two.begin("link", OLDER)
    assert two.links() == [True, False]
    await two.linking()("b", "unlink", await two.show(), "b.cso")
    await FinishLinks(two.linking())()
    assert two.links() == [False, False] and not two.begun
    await two.linking()("c", "link", await two.show(), "b.cso")
    assert two.links() == [True, True]


async def test_an_end_that_was_begun_before_they_were_linked_again_is_not_finished() -> None:
    two = Two()
    await two.linking()("c", "link", await two.show(), "b.cso")
    await two.begin("unlink", OLDER)
    await two.linking()("d", "link", await two.show(), "b.cso")
    await FinishLinks(two.linking())()
    assert two.links() == [True, True] and not two.begun


async def test_a_link_that_was_begun_before_they_were_called_no_pair_is_not_finished() -> None:
    two = Two()
    await two.begin("link", NEWER)
    two.kept[NEWER].no_pair(OLDER, "b.cso", AT)
    await FinishLinks(two.linking())()
    assert two.links() == [False, False] and not two.begun
    with pytest.raises(DecidedMeanwhile):
        await two.linking()("c", "link", await two.show(), "a.cso", "open")
    await two.linking()("d", "link", await two.show(), "a.cso", "no-pair")
    assert two.links() == [True, True]


def desk(two: Two, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    async def about(request: Any, **said: Any) -> None:
        return None

    async def show(number: str) -> Any:
        return two.kept[number], SimpleNamespace(consumer={}, unnamed="")

    monkeypatch.setattr("intake.pages.pairs.doors.about", about)
    parts: Any = two
    packages = ("chassis.people.pages", "intake.pages.cso", "intake.pages.pairs")
    pages = Pages(*packages, service="intake", base="/staff", refusals=REFUSALS)
    show_pair: Any = two.show
    show_matter: Any = show
    router = pair_pages(pages, parts, show_pair, show_matter, two.linking(), DecidePair(parts, parts))
    return the_desk(router, ("cso",))


async def test_the_second_of_two_officers_is_shown_how_the_two_stand_now(monkeypatch: pytest.MonkeyPatch) -> None:
    two = Two()
    async with desk(two, monkeypatch) as http:
        form = (await http.get(f"{PLACE}/link")).text
        assert 'name="seen" value="open"' in form
        assert (await http.post(f"{PLACE}/no-pair")).status_code == 303
        late = await http.post(f"{PLACE}/link", data={"seen": "open"})
        assert late.status_code == 409 and two.links() == [False, False]
        assert "Petugas lain sudah memutuskan lebih dulu." in late.text and "bukan duplikat" in late.text
        assert (await http.post(f"{PLACE}/link", data={"seen": "no-pair"})).status_code == 303
        assert [(await http.post(f"{PLACE}/unlink")).status_code for _ in range(2)] == [303, 409]
        twice = await http.post(f"{PLACE}/unlink")
    assert twice.headers["content-type"].startswith("text/html")
    assert "Keduanya tidak terhubung dan menunggu keputusan." in twice.text


async def test_the_list_says_how_many_wait_and_leads_to_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(Two(), monkeypatch) as http:
        page = (await http.get("/desk/cso/duplicates")).text
    assert "Layanan yang menunggu keputusan: 270." in page and f'href="{PLACE}"' in page
    assert 'rel="next" href="/desk/cso/duplicates?sort=waits&amp;page=2"' in page
