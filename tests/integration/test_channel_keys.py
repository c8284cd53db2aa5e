"""Channels' keys as administrators handle them: told once, good for what they say, gone everywhere within seconds."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from chassis.credentials import secret
from chassis.credentials.credential import LIVE_MOST
from chassis.credentials.known import KNOWN_SECONDS
from kit.firm import eventually
from kit.people import UNAUTHENTICATED, House, problem
from slkt_local.ports import free_ports
from slkt_local.services import Doors, Service

from bench.ground import replica_of

QUESTION = {
    "kind": "question",
    "private": {"consumer": {"name": "Sari", "email": "sari@example.org"}, "story": "Apa syaratnya?"},
}
NUMBER = "5043812177304"
WRONG_KEYS = 'slkt_log_in_failed_total{kind="key",status="401"}'


@pytest.fixture(scope="module")
def other(house: House) -> Iterator[Service]:
    """A second replica of intake."""
    service = replica_of(house.intake, Doors(*free_ports(2)))
    service.start()
    yield service
    service.stop()


def asks(house: House, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
    """An administrator."""
    headers = house.administrator.bearer("intake")
    return house.http.request(method, f"{house.intake.url}{path}", json=body, headers=headers)


class Channel:
    """A channel with one of its keys."""

    def __init__(self, house: House, key: str) -> None:
        self._house, self.key = house, key

    @property
    def prefix(self) -> str:
        return self.key.split("_")[2]

    def submits(self, to: Service | None = None, idempotency_key: str | None = None) -> httpx.Response:
        headers = {"X-API-Key": self.key, "Idempotency-Key": idempotency_key or uuid4().hex}
        url = (to or self._house.intake).url
        return self._house.http.post(f"{url}/submissions", json=QUESTION, headers=headers)

    def withdraws(self) -> httpx.Response:
        url = f"{self._house.intake.url}/services/{NUMBER}/withdrawal"
        return self._house.http.post(url, json={"pin": "12345678"}, headers={"X-API-Key": self.key})


def listed(house: House, name: str = "phone") -> dict[str, dict[str, Any]]:
    return {one["prefix"]: one for one in asks(house, "GET", f"/channels/{name}/keys").json()["keys"]}


@pytest.fixture
def keys(house: House) -> Iterator[Any]:
    """Makes keys of the phone channel, all of which are revoked in the end."""
    made: list[Channel] = []

    def a_key(*scopes: str, **but: Any) -> Channel:
        answer = asks(house, "POST", "/channels/phone/keys", {"scopes": scopes or ["submit", "withdraw"]} | but)
        assert answer.status_code == 201, answer.text
        made.append(Channel(house, answer.json()["secret"]))
        return made[-1]

    yield a_key
    for one in made:
        asks(house, "DELETE", f"/channels/phone/keys/{one.prefix}")


def test_a_key_is_told_once_and_kept_nowhere(house: House, keys: Any) -> None:
    phone = keys("submit")
    assert phone.submits().status_code == 201
    assert phone.key not in str(listed(house))
    kept = str([list(house.database[name].find()) for name in house.database.list_collection_names()])
    kept += house.intake.log.read_text()
    assert phone.prefix in kept
    assert phone.key not in kept and phone.key.rpartition("_")[2] not in kept


async def test_a_list_says_what_each_is_good_for_and_when_it_was_used(house: House, keys: Any) -> None:
    phone = keys("withdraw", "submit", per_minute=1_000)
    shown = listed(house)[phone.prefix]
    assert (shown["scopes"], shown["per_minute"], shown["used"]) == (["submit", "withdraw"], 1_000, None)
    assert shown["by"] == house.administrator.id
    phone.submits()
    await eventually(lambda: listed(house)[phone.prefix]["used"], "its use is written down")
    channels = {one["name"]: one for one in asks(house, "GET", "/channels").json()["channels"]}
    assert channels["phone"]["broker_user"] == "channel-phone"
    assert channels["phone"]["keys"] >= 1


def test_a_key_is_good_for_its_scopes_alone(keys: Any) -> None:
    submits, withdraws = keys("submit"), keys("withdraw")
    assert submits.submits().status_code == 201
    assert problem(submits.withdraws()) == problem(withdraws.submits()) == (403, "forbidden")
    assert withdraws.withdraws().status_code == 404


async def test_old_and_new_are_good_together_and_a_revoked_one_nowhere_within_seconds(
    house: House, other: Service, keys: Any
) -> None:
    old, new = keys(), keys()
    for key in (old, new):
        for replica in (house.intake, other):
            assert key.submits(replica).status_code == 201, "at once, wherever it was made"
    before = datetime.now(UTC)
    assert asks(house, "DELETE", f"/channels/phone/keys/{old.prefix}").status_code == 204
    assert problem(old.submits()) == UNAUTHENTICATED, "at once where it was revoked"
    await eventually(lambda: old.submits(other).status_code == 401, "felt elsewhere", KNOWN_SECONDS + 1)
    assert datetime.now(UTC) - before < timedelta(seconds=KNOWN_SECONDS + 1)
    assert new.submits(other).status_code == 201
    assert listed(house)[old.prefix]["revoked"] and not listed(house)[new.prefix]["revoked"]


def wrong_keys(house: House) -> float:
    """How many came so far."""
    told = house.http.get(f"{house.intake.ops_url}/metrics").text
    return sum(float(line.split()[-1]) for line in told.splitlines() if line.startswith(WRONG_KEYS))


async def test_a_wrong_key_is_written_down_by_any_door_and_not_what_it_was(house: House) -> None:
    wrong, before = Channel(house, secret.make("channel")), wrong_keys(house)
    assert wrong.submits().status_code == wrong.withdraws().status_code == 401
    assert wrong_keys(house) == before + 2
    without = house.http.post(f"{house.intake.url}/submissions", json=QUESTION, headers={"Idempotency-Key": "k"})
    assert without.status_code == 401
    assert wrong_keys(house) == before + 2, "who shows no key tries none"
    tries = {"act": "LOG-IN by key", "step": "refused", "object.with": "key", "actor": None, "outcome": 401}
    audit = house.database["audit"]
    entry = await eventually(lambda: audit.find_one(tries), "an entry of nobody")
    assert entry["object"]["name"] == "unknown" and entry["from"] == "127.0.0.1"
    kept = str(list(audit.find())) + house.intake.log.read_text()
    assert wrong.key not in kept and wrong.prefix not in kept


def test_whatever_is_amiss_is_answered_alike(house: House, keys: Any) -> None:
    revoked, over = keys(), keys(expires=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    asks(house, "DELETE", f"/channels/phone/keys/{revoked.prefix}")
    house.database["credentials"].update_one({"_id": over.prefix}, [{"$set": {"expires": "$since"}}])
    keys()  # whoever makes one looks again
    unknown = Channel(house, secret.make("channel"))
    said = {
        one.submits().text for one in (revoked, over, unknown, Channel(house, unknown.key[:-1]), Channel(house, "x"))
    }
    said.add(house.http.post(f"{house.intake.url}/submissions", json=QUESTION, headers={"Idempotency-Key": "k"}).text)
    assert len(said) == 1
    assert problem(unknown.submits()) == UNAUTHENTICATED


def within_a_minute(house: House, other: Service, keys: Any, per_minute: int) -> tuple[Channel, list[httpx.Response]]:
    """Forty submissions with a new key, at both replicas, within one minute of the database's clock."""
    while True:
        phone, began = keys(per_minute=per_minute), house.mongo.admin.command("hello")["localTime"].minute
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(phone.submits, [house.intake, other] * 20))
        if house.mongo.admin.command("hello")["localTime"].minute == began:
            return phone, answers


def test_two_replicas_take_no_more_a_minute_than_the_key_allows_and_nothing_is_lost(
    house: House, other: Service, keys: Any
) -> None:
    phone, answers = within_a_minute(house, other, keys, 25)
    assert sorted(one.status_code for one in answers) == [201] * 25 + [429] * 15
    assert all(0 < int(one.headers["Retry-After"]) <= 60 for one in answers if one.status_code == 429)
    key = uuid4().hex
    assert phone.submits(idempotency_key=key).status_code in (201, 429)
    assert keys().submits(idempotency_key=key).status_code == 201, "sent again, it is accepted"


def test_nobody_has_more_than_a_few(house: House, keys: Any) -> None:
    made = [asks(house, "POST", "/channels/email/keys", {"scopes": ["submit"]}) for _ in range(LIVE_MOST)]
    assert [one.status_code for one in made] == [201] * (LIVE_MOST - 1) + [409], "one was there"
    assert problem(asks(house, "POST", "/channels/phone/keys", {"scopes": ["everything"]})) == (422, "invalid")
    assert problem(asks(house, "POST", "/channels/fax/keys", {"scopes": ["submit"]})) == (404, "not-found")
    assert problem(asks(house, "GET", "/channels/fax/keys")) == (404, "not-found")
    other_channels = next(iter(listed(house, "email")))
    assert problem(asks(house, "DELETE", f"/channels/phone/keys/{other_channels}")) == (404, "not-found")


def test_whoever_runs_intake_makes_one_without_an_administrator(house: House) -> None:
    def command(*words: str) -> "subprocess.CompletedProcess[str]":
        asked = [sys.executable, "-m", "intake.channel_key", *words]
        return subprocess.run(asked, env=house.intake.environment(), capture_output=True, text=True, check=False)

    nobody = command("fax")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "no such channel: fax" in nobody.stderr
    key = house.stack.channel_keys["web"]
    assert Channel(house, key).submits().status_code == 201, "the stack's own are made so"
    assert house.database["audit"].find_one({"act": "channel_key", "object.name": "web", "actor.kind": "operator"})
