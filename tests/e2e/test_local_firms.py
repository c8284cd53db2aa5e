"""Does a stack onboard firms as OJK does? Through the gateway's doors, as an administrator who logged in."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import aio_pika
import jwt
import pytest
from kit.firms import Onboarded
from kit.running import Suite
from slkt_local.firms import onboard
from slkt_local.member import API, FIRMS_API, Kept, Member


@pytest.fixture
def administrator(running: Suite) -> Kept:
    api, account = f"{running.url('intake')}{API}", f"administrator.{uuid4().hex[:8]}"
    asked = {"name": "Orang Dalam", "roles": ["administrator"]}
    made = running.http.put(f"{api}/accounts/{account}", json=asked, headers=running.staff("administrator"))
    member = Member(api, {"id": account})
    member.first_log_in(made.raise_for_status().json()["password"])
    return member.kept


@pytest.fixture
def codes(running: Suite) -> Iterator[list[str]]:
    made = sorted(f"BANK-{uuid4().hex[:6].upper()}" for _ in range(2))
    yield made
    for code in made:
        Onboarded(running, code).ask("DELETE").raise_for_status()


async def test_firms_get_their_users_and_the_first_one_people_who_are_in(
    running: Suite, administrator: Kept, codes: list[str], tmp_path: Path
) -> None:
    store = tmp_path / "accounts.json"
    store.write_text("{}")
    names = {code: f"PT {code}" for code in codes}
    stack = running.stack
    urls, people = onboard(stack.services, {"administrator": administrator}, stack.broker, store, names)
    for url in urls.values():
        async with await aio_pika.connect(url):
            assert "pujk-bank-" in url
    assert list(people) == codes[:1]
    officer = Member(f"{running.url('pujk_gateway')}{FIRMS_API}", people[codes[0]]["deciding"])
    claims = jwt.decode(officer.token("pujk_gateway"), options={"verify_signature": False})
    assert (claims["firm"], claims["roles"]) == (codes[0], ["deciding"])
    again = onboard(stack.services, {"administrator": administrator}, stack.broker, store, names)
    assert again == (urls, people), "as it is when a stack goes on with what it had"
