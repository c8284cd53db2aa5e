"""Does a page that was kept open do to a firm only what its reader saw, and what does it say of who sits there?"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from chassis.people.account import ONE_TIME_FOR, Account
from chassis.refusals import NotFound
from fastapi import APIRouter
from kit.desk_pages import PAGES, the_desk
from pujk_gateway.domain.firm import SEATS, Firm, FirmHasMoved, Seat
from pujk_gateway.pages.firms import firm_pages
from pujk_gateway.pages.systems import Systems, system_pages
from pujk_gateway.ports import Endpoint
from pujk_gateway.ports.systems import Client
from pujk_gateway.usecases.letters import GiveBrokerAccess
from pujk_gateway.usecases.onboarding import MindPerson, OffBoard, ShowFirms
from pujk_gateway.usecases.reaching import RemoveEndpoint, ShowEndpoints

CODE, NOW = "BANK-077", datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACE = f"/desk/firms/{CODE}"
CLOCK: Any = SimpleNamespace(now=lambda: NOW)


def an_account(seat: str, **but: Any) -> Account:
    about: dict[str, Any] = {"password": "", "one_time_until": NOW, "since": NOW, "firm": CODE} | but
    return Account(f"bank-077-{seat}-1", "Siti Nurhaliza", (seat,), **about)


class House:
    """A firm, its accounts, its endpoint and its systems, in memory."""

    def __init__(self) -> None:
        self.accounts = {seat: an_account(seat) for seat in SEATS}
        self.firm = self.anew(NOW)
        self.endpoint: Endpoint | None = Endpoint(CODE, "queue", NOW)
        self.ended, self.secrets = list[str](), [SimpleNamespace(prefix="abc", revoked=NOW)]
        self.meet = asyncio.Barrier(1)

    def anew(self, since: datetime) -> Firm:
        seats = {seat: Seat(one.id, "Kepala Divisi", NOW) for seat, one in self.accounts.items()}
        return Firm(CODE, "PT Bank Contoh", (), since, "ani", seats)

    async def get(self, code: str) -> Firm | None:
        found = deepcopy(self.firm) if code == CODE else None
        await self.meet.wait()
        return found

    async def change(self, code: str, change: Callable[[Firm], object]) -> Firm:
        change(self.firm)
        return self.firm

    async def of(self, code: str) -> Sequence[Account]:
        return list(self.accounts.values())

    async def end(self, account: str, reason: str, **_: Any) -> None:
        self.ended.append(account)

    async def counters(self, *_: Any) -> Mapping[str, Any]:
        return {}

    async def unreach(self, code: str, until: datetime | None = None) -> bool:
        there = self.endpoint is not None and (until is None or self.endpoint.since <= until)
        self.endpoint = None if there else self.endpoint
        return there

    async def reached(self, code: str) -> Endpoint | None:
        return self.endpoint

    async def show_clients(self, code: str) -> Sequence[Any]:
        return [(Client("bank-077.x", CODE, "Sistem", "ani", NOW), self.secrets)]

    async def remove_client(self, code: str, client: str) -> None:
        self.ended.append(client)

    def desk(self) -> httpx.AsyncClient:
        this: Any = self
        show, way = ShowFirms(this, this), SimpleNamespace(remove=self.unreach, get=self.reached)
        ways: Any = way
        broker = GiveBrokerAccess(this, lambda: ("a password", "its hash"), str.lower, self.unreach)
        off = OffBoard(this, this, show, CLOCK)
        desk: Any = SimpleNamespace(show=show, off_board=off, mind=MindPerson(this, show), broker=broker)
        systems = Systems(show, broker, this, ShowEndpoints(ways), RemoveEndpoint(ways), this)
        router = APIRouter()
        router.include_router(firm_pages(PAGES, desk, this, this, CLOCK))
        router.include_router(system_pages(PAGES, systems))
        return the_desk(router, ("administrator",))


@pytest.fixture
def house() -> House:
    return House()


async def asked(http: httpx.AsyncClient, way: str) -> dict[str, str]:
    """What the question carries."""
    page = (await http.get(f"{PLACE}/{way}")).text
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))


def said(answer: httpx.Response) -> str:
    return re.sub(r".*slkt-said=\"?(said\.\w+).*", r"\1", answer.headers.get("set-cookie", ""))


async def test_a_question_from_before_a_firm_came_back_puts_nobody_out(house: House) -> None:
    async with house.desk() as http:
        kept = await asked(http, "leave")
        house.firm.leave(NOW)
        house.firm.come_back(house.anew(NOW + timedelta(hours=1)))
        assert said(await http.post(f"{PLACE}/leave", data=kept)) == "said.firm_moved"
        assert house.firm.left is None and house.ended == []
        anew = await asked(http, "leave")
        for _ in range(2):
            assert said(await http.post(f"{PLACE}/leave", data=anew)) == "said.firm_left", "again, it finishes"
    assert house.firm.left == NOW


async def test_what_a_firms_systems_were_given_since_is_not_ended_unseen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def traced(*_: Any, **said: Any) -> None:
        """No service, no trace."""

    monkeypatch.setattr("pujk_gateway.pages.systems.about", traced)
    house.firm.want_broker("a hash", 0)
    async with house.desk() as http:
        ways = ("systems/end-broker", "systems/end-queue", "systems/clients/bank-077.x/remove")
        kept = {way: await asked(http, way) for way in ways}
        house.firm.want_broker("another", 1)
        house.endpoint = Endpoint(CODE, "queue", NOW + timedelta(hours=1))
        house.secrets.append(SimpleNamespace(prefix="def", revoked=NOW))
        for way in ways:
            assert said(await http.post(f"{PLACE}/{way}", data=kept[way])) == "said.firm_moved", way
        assert house.firm.broker and house.firm.broker.wanted == "stands" and house.endpoint and house.ended == []
        told = {way: said(await http.post(f"{PLACE}/{way}", data=await asked(http, way))) for way in reversed(ways)}
        assert set(told.values()) == {"said.broker_ended", "said.queue_unused", "said.client_removed"}
        again = await http.post(f"{PLACE}/{ways[0]}", data=kept[ways[0]])
        assert said(again) == "said.broker_ended", "again, it finishes what was interrupted"


async def test_of_several_that_ask_for_a_password_at_once_one_gets_it(house: House) -> None:
    async with house.desk() as http:
        kept = await asked(http, "systems/broker")
        house.meet = asyncio.Barrier(3)
        answers = await asyncio.gather(*(http.post(f"{PLACE}/systems/broker", data=kept) for _ in range(3)))
    told = [one.text for one in answers if "a password" in one.text]
    assert len(told) == 1 and [said(one) for one in answers].count("said.made_already") == 2
    assert house.firm.given == 1 and 'class="language"' not in told[0], "a look in another language would lose it"


@pytest.mark.parametrize(
    ("about", "state", "until", "letter"),
    [
        ({}, "Belum masuk", False, True),
        ({"one_time_until": NOW + ONE_TIME_FOR}, "Belum masuk", True, True),
        ({"one_time_until": NOW, "since": NOW - ONE_TIME_FOR}, "Kedaluwarsa", True, True),
        ({"one_time_until": None}, "Aktif", False, True),
        ({"one_time_until": None, "expires": NOW}, "Kedaluwarsa", False, False),
        ({"one_time_until": NOW + ONE_TIME_FOR, "locked": "cuti"}, "Terkunci", True, False),
    ],
    ids=["no letter yet", "a letter", "a letter that lapsed", "in", "expired", "locked"],
)
async def test_a_firms_page_says_how_long_a_letter_is_good(
    house: House, about: dict[str, Any], state: str, until: bool, letter: bool
) -> None:
    house.accounts["service"] = an_account("service", **about)
    async with house.desk() as http:
        page = (await http.get(PLACE)).text
        part = page[page.index('id="seat-service"') : page.index('id="seat-deciding"')]
        assert f">{state}<" in part and ("Surat berlaku sampai" in part) is until
        assert ('service-1-letter">Buat surat' in part) is letter
        asks = (await http.get(f"{PLACE}/people/bank-077-service-1/letter")).text
    assert "Surat yang dibuat sebelumnya tidak berlaku lagi" in asks


async def test_at_the_door_as_well_one_gets_a_password_and_no_firm_that_was_never_here(house: House) -> None:
    this: Any = house
    give = GiveBrokerAccess(this, lambda: ("a password", "its hash"), str, house.unreach)
    with pytest.raises(NotFound):
        await give("BANK-078")
    house.meet = asyncio.Barrier(3)
    told = await asyncio.gather(*(give(CODE) for _ in range(3)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in told) == ["Access", "FirmHasMoved", "FirmHasMoved"]


def test_what_was_looked_at_is_compared_as_it_is_written(house: House) -> None:
    firm, earlier = house.firm, NOW - timedelta(days=1)
    firm.want_broker("a hash", 0)
    seen: list[tuple[Callable[..., None], Sequence[Any]]] = [
        (firm.leave, (NOW, earlier)),
        (firm.end_broker, (0,)),
        (firm.want_broker, ("another", 0)),
    ]
    for act, told in seen:
        with pytest.raises(FirmHasMoved):
            act(*told)
    firm.leave(NOW, NOW)
    firm.leave(NOW, earlier)
    firm.end_broker(0)
    assert (firm.left, firm.given) == (NOW, 2), "what has ended already ends again"
