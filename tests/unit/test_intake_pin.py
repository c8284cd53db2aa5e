"""Is a new PIN asked for from our own page alone, and does what the old one opened end with it?"""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from chassis.pages.frame import Pages
from chassis.permits import Permit, PermitEnded, Permits
from fastapi import FastAPI
from intake.domain import Service
from intake.pages.acts.doors import act_pages
from intake.pages.pin.doors import pin_pages
from intake.usecases.acting import ATTACH, ReadWay, WithdrawByPage
from tracking.usecases.answering import TO_INTAKE, PermitAnswers

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
SOON, OURS = NOW + timedelta(minutes=5), {"Sec-Fetch-Site": "same-origin"}
TYPED = {"number": "P 5043 8121 7730 4", "contact": "sari@example.org"}


@pytest.mark.parametrize(
    ("headers", "status", "asks"),
    [({}, 403, 0), ({"Sec-Fetch-Site": "cross-site"}, 403, 0), ({"Sec-Fetch-Site": "same-origin"}, 303, 1)],
)
async def test_a_form_on_another_site_asks_for_no_pin(headers: dict[str, str], status: int, asks: int) -> None:
    asked: list[tuple[str, str]] = []

    async def ask(number: str, contact: str, client: str) -> None:
        asked.append((number, contact))

    nothing: Any = None
    asking: Any = ask
    app = FastAPI()
    app.include_router(pin_pages(Pages("intake.pages.pin", service="intake", base="/"), asking, nothing, nothing))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        answer = await http.post("/pin", data=TYPED, headers=headers)
    assert (answer.status_code, len(asked)) == (status, asks)


@pytest.mark.parametrize(("round_now", "status"), [(2, 200), (3, 404)])
async def test_the_way_from_a_page_ends_with_the_pin_that_opened_it(round_now: int, status: int) -> None:
    matter, key = Service("5043812177304", kind="complaint", seal_key="k"), bytes(32)
    matter.pin_round = 2
    clock: Any = SimpleNamespace(now=lambda: NOW)
    nothing: Any = None
    ways, added = Permits(key, "way to intake"), list[str]()

    async def get(_number: str) -> Service:
        return matter

    async def change(_act: Any, change: Any, **_: Any) -> Any:
        change(matter)
        return SimpleNamespace(aggregate=matter)

    async def add(number: str, _brought: Any, file: Any) -> None:
        assert [piece async for piece in file]
        added.append(number)

    async def count(_client: str) -> None: ...

    services, adds = cast("Any", SimpleNamespace(get=get, change=change)), cast("Any", add)
    pages, read = Pages("intake.pages.acts", service="intake", base="/"), ReadWay(services, ways, clock)
    app, permits = FastAPI(), PermitAnswers(nothing, nothing, ways, nothing, clock)
    app.include_router(act_pages(pages, read=read, add=adds, withdraw=WithdrawByPage(services), count=count))
    attach, withdraw = (permits.way(matter.number, act, 2) for act in TO_INTAKE)
    matter.pin_round = round_now
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=OURS) as http:
        files = {"attachments": ("mutasi.txt", b"Mutasi rekening bulan Maret")}
        brought = await http.post("/lapor/berkas", data={"permit": attach}, files=files)
        asked = await http.post("/lapor/cabut", data={"permit": withdraw, "sure": "1"})
    assert (brought.status_code, asked.status_code) == (status, status)
    assert (len(added), matter.withdrawal_asked) == ((1, True) if status == 200 else (0, False))


async def test_a_way_that_names_no_pin_is_one_of_the_first() -> None:
    matter, clock = Service("5043812177304", seal_key="k"), cast("Any", SimpleNamespace(now=lambda: NOW))

    async def get(_number: str) -> Service:
        return matter

    ways = Permits(bytes(32), "way to intake")
    read, permit = ReadWay(cast("Any", SimpleNamespace(get=get)), ways, clock), Permit(matter.number, ATTACH, SOON)
    assert await read(ways.made(permit), ATTACH) is matter
    matter.pin_round = 2
    with pytest.raises(PermitEnded):
        await read(ways.made(permit), ATTACH)
