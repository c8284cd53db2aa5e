"""Is a new PIN asked for from our own page alone?"""

from typing import Any

import httpx
import pytest
from chassis.pages.frame import Pages
from fastapi import FastAPI
from intake.pages.pin.doors import pin_pages

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
