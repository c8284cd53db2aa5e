"""Does a person's token open doors while its issuer rotates its key, is away, or took a key back? On real processes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pymongo
import pytest
from kit.command import slkt
from kit.running import eventually
from slkt_local.member import Member
from slkt_local.services import Service
from slkt_local.stack import Stack

#: Each service, and a staff door of it.
DOORS = {"routing": "/parked", "tracking": "/timelines/0000000000000"}
LET_IN = {"routing": 200, "tracking": 404}
LEAD_SECONDS = 4
QUICK = {"KEYS_SECONDS": "0.5"}


class Office:
    """An issuer, two services that believe it, and one person who is in."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.intake = stack.services["intake"]
        self.others: dict[str, Service] = {name: stack.services[name] for name in DOORS}
        self._kept = dict(stack.description()["credentials"]["staff"]["supervisor"])

    def restart_with_the_address_alone(self) -> None:
        """What they know when it does not answer, they know from it."""
        for service in self.others.values():
            service.told["STAFF_KEYS"] = service.told["STAFF_KEYS"].split()[0]
            service.kill()
            service.launch()
        for service in self.others.values():
            service.wait_ready()

    def has_been_heard_of(self) -> bool:
        return all(any(Path(one.told["KEYS_FOLDER"]).glob("*.jwks")) for one in self.others.values())

    def tokens(self) -> dict[str, str]:
        """New ones, one for each."""
        member = Member(f"{self.intake.url}/staff/api", self._kept)
        return {name: member.token(name) for name in DOORS}

    def asks(self, name: str, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.others[name].url}{DOORS[name]}"
        return httpx.get(url, headers=headers, timeout=10, trust_env=False).status_code

    def lets_in(self, tokens: dict[str, str]) -> bool:
        return {name: self.asks(name, token) for name, token in tokens.items()} == LET_IN

    def published(self) -> list[str]:
        answer = httpx.get(f"{self.intake.url}/staff/jwks.json", timeout=10, trust_env=False)
        return [one["kid"] for one in answer.json()["keys"]]

    def known_since(self, kid: str) -> float:
        with pymongo.MongoClient[dict[str, Any]](self.stack.description()["mongo"], tz_aware=True) as client:
            found = client["intake"]["signing_keys"].find_one({"_id": kid})
        assert found
        return float(found["since"].timestamp())

    def rotate(self, *options: str) -> None:
        done = slkt("keys", "rotate", *options, str(self.stack.secrets.staff_key))
        assert done.code == 0, done.said


def issued(tokens: dict[str, str]) -> list[float]:
    return [float(jwt.decode(token, options={"verify_signature": False})["iat"]) for token in tokens.values()]


def signed_with(tokens: dict[str, str]) -> set[str]:
    return {str(jwt.get_unverified_header(token)["kid"]) for token in tokens.values()}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    root = tmp_path_factory.mktemp("office")
    told = {"intake": {"KEY_LEAD_SECONDS": str(LEAD_SECONDS)}} | dict.fromkeys(DOORS, QUICK)
    # Example data brings accounts, as it does for who runs the demo.
    with Stack(root, say=lambda _: None, services=["intake", *DOORS], environment=told, example_data=True) as stack:
        yield Office(stack)


async def test_a_token_opens_doors_while_the_issuer_is_away_and_the_service_was_killed(office: Office) -> None:
    tokens = office.tokens()
    assert office.lets_in(tokens)
    await eventually(office.has_been_heard_of, "its keys are on their disks")
    office.intake.stop()
    office.restart_with_the_address_alone()
    assert office.lets_in(tokens)


async def test_who_never_heard_of_the_issuer_starts_and_lets_staff_wait_until_it_is_back(office: Office) -> None:
    office.intake.start()
    tokens = office.tokens()
    office.intake.stop()
    routing = office.others["routing"]
    routing.stop()
    shutil.rmtree(routing.told["KEYS_FOLDER"])
    routing.start()
    assert office.asks("routing", tokens["routing"]) == 503
    office.intake.start()
    await eventually(lambda: office.lets_in(tokens), "routing has found the issuer's keys by itself")


async def test_a_rotation_refuses_nobody(office: Office) -> None:
    before = office.tokens()
    [old] = signed_with(before)
    office.rotate()
    told = []

    def refused_nobody_and_signs_with_another() -> bool:
        now = office.tokens()
        told.append((office.lets_in(now), office.lets_in(before)))
        return signed_with(now) != {old}

    await eventually(refused_nobody_and_signs_with_another, "the new key signs")
    assert all(now and then for now, then in told), told
    after = office.tokens()
    [new] = signed_with(after)
    assert set(office.published()) == {old, new}
    # By what is written down, not by looks in between: on a busy machine one look takes as long.
    lead = min(issued(after)) - office.known_since(new)
    assert lead >= LEAD_SECONDS - 1, "published before it signs; tokens say whole seconds"
    office.intake.restart()
    assert signed_with(office.tokens()) == signed_with(after), "who signs stands in the database"
    assert office.lets_in(before) and office.lets_in(after) and office.lets_in(office.tokens())


async def test_a_key_that_was_taken_back_opens_nothing_and_sessions_go_on(office: Office) -> None:
    before = office.tokens()
    office.rotate("--at-once")
    refused = dict.fromkeys(DOORS, 401)
    await eventually(
        lambda: {name: office.asks(name, token) for name, token in before.items()} == refused, "the key is gone"
    )
    assert office.lets_in(office.tokens())
    assert len(office.published()) == 1
