"""A consumer answers by number and PIN, by the page's form and by a mail's link: one fact each; no look does
anything."""

import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from chassis.permits import Permit, Permits
from chassis.sealing import unseal
from contracts.cases import Obligation
from kit.desks import refused
from kit.facts import AMatter, Speaker, speaking
from kit.keydesk import StandInKeyDesk, key_desk
from kit.servers import Suite
from kit.tracked import pin_for, timeline_of, tracking_alone, wait_entries
from slkt_local.secrets import Secrets, make_secrets
from slkt_local.waiting import wait_until

from contracts import settling

UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
FROM_HERE, ELSEWHERE = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def desk() -> Iterator[StandInKeyDesk]:
    with key_desk() as running:
        yield running


@pytest.fixture(scope="module")
async def http(
    suite: Suite, secrets: Secrets, desk: StandInKeyDesk, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    with tracking_alone(suite, secrets, desk, tmp_path_factory.mktemp("logs")) as service:
        async with httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=30) as client:
            yield client


@pytest.fixture(scope="module")
async def speaker(suite: Suite) -> AsyncIterator[Speaker]:
    async with speaking(suite.accounts.service_amqp) as speaker:
        yield speaker


class Consumer:
    """Of a matter whose proposal OJK accepted."""

    def __init__(self, suite: Suite, secrets: Secrets, http: httpx.AsyncClient, speaker: Speaker) -> None:
        self.suite, self.http, self.speaker, self.story = suite, http, speaker, AMatter()
        self.proof = {"number": self.story.number, "pin": pin_for(secrets, self.story.number)}
        self.links = Permits(b64decode(secrets.link_key), "link of a mail")

    async def begin(self) -> "Consumer":
        story = self.story
        story.registered(), story.routed(), story.taken_over(), story.proposed()
        await self.hear(story.accepted(until=UNTIL), first=True)
        return self

    async def owed(self, state: str = "owed") -> None:
        """The gateway took the one answer that tracking said, and heard back."""
        wait_entries(self.suite, self.story, len(self.story.said) + 1)
        promised = Obligation(demand=1, promised_by="2026-04-20", state="paid")
        standing = self.story.stands(state, proposal=1, consumer_until=UNTIL, obligations=(promised,))
        answered = settling.ConsumerAnswered(round=1, proposal=1, answer="agrees", standing=standing)
        await self.hear(self.story.says(answered))

    async def hear(self, event: Any, *, first: bool = False) -> None:
        before = 0 if first else len(timeline_of(self.suite, self.story.number)["state"]["entries"])
        said = self.story.said if first else [event]
        await self.speaker.say(said)
        wait_entries(self.suite, self.story, before + len(said))

    def link(self, act: str) -> str:
        return self.links.made(Permit(self.story.number, act, UNTIL, (1, 1)))

    async def answers(self, answer: str, key: str | None = None, **said: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        body = {**self.proof, "answer": answer, "round": 1, **said}
        return await self.http.post("/track/answers", json=body, headers=headers)

    def facts(self, count: int = 0) -> list[tuple[str, dict[str, Any]]]:
        """What was said of it, once there is so much: a fact moves to where it is kept after its answer."""
        with self.suite.database.client() as client:
            facts, mine = client["tracking"]["facts"], {"subject": self.story.number}
            wait_until(lambda: facts.count_documents(mine) >= count, what=f"{count} facts", timeout_seconds=20)
            return [
                (one["type"].split(".")[2], json.loads(one["body"])["data"]) for one in facts.find(mine).sort("seq")
            ]


@pytest.fixture
async def consumer(
    suite: Suite, secrets: Secrets, http: httpx.AsyncClient, speaker: Speaker, desk: StandInKeyDesk
) -> Consumer:
    found = Consumer(suite, secrets, http, speaker)
    desk.keys[found.story.number] = found.story.secret
    return await found.begin()


async def test_by_number_and_pin_an_answer_is_one_fact_and_is_heard_back(consumer: Consumer) -> None:
    seen = await consumer.answers("agrees", proposal=1)
    assert (seen.status_code, seen.json()["awaited"]) == (200, [])
    assert seen.json()["on_the_way"] or seen.json()["timeline"][-1]["type"] == "tracking.consumer-confirmed.v1"
    assert (await consumer.answers("agrees", proposal=1)).status_code == 200
    other = await consumer.answers("objects", proposal=1, text="Belum")
    assert (other.status_code, other.json()["type"]) == (409, "urn:slkt:problem:answered-otherwise")
    assert [name for name, _ in consumer.facts(1)] == ["consumer-confirmed"]
    wait_entries(consumer.suite, consumer.story, len(consumer.story.said) + 1)
    stored = timeline_of(consumer.suite, consumer.story.number)
    assert (stored["state"]["answers"], stored["heard"]["tracking"]) == ([], [[1, 1]])
    assert (await consumer.answers("position", text="Apa?")).json()["type"] == "urn:slkt:problem:moved-on"


async def test_one_key_is_one_answer_and_a_stranger_learns_nothing(consumer: Consumer) -> None:
    first = await consumer.answers("objects", "k1", proposal=1, text="Belum lunas", facilitation=True)
    again = await consumer.answers("objects", "k1", proposal=1, text="Belum lunas", facilitation=True)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (await consumer.answers("objects", "k1", proposal=1, text="Lain")).json()["type"].endswith("key-reused")
    [(name, data)] = consumer.facts(1)
    assert (name, data["facilitation"]) == ("consumer-objected", True)
    opened = unseal(data["sealed"], consumer.story.secret, consumer.story.number)
    assert json.loads(opened) == {"text": "Belum lunas"}
    assert "Belum lunas" not in str(timeline_of(consumer.suite, consumer.story.number))
    consumer.proof["pin"] = "00000000"
    assert (await consumer.answers("agrees", proposal=1)).json()["type"] == "urn:slkt:problem:not-found"


async def test_the_pages_form_answers_and_says_so_and_another_sites_form_does_not(consumer: Consumer) -> None:
    http = consumer.http
    page = await http.post("/", data=consumer.proof, headers=FROM_HERE)
    fields = dict(re.findall(r'name="(permit|round|proposal)" value="([^"]+)"', page.text))
    assert "Ya, saya setuju" in page.text and "Rp500 juta" in page.text
    forged = await http.post("/track/answer", data={**fields, "what": "agrees"}, headers=ELSEWHERE)
    nothing = await http.post("/track/answer", data={**fields, "what": "objects"}, headers=FROM_HERE)
    late = await http.post("/track/answer", data={"what": "objects", "text": "Panjang"}, headers=FROM_HERE)
    assert [one.status_code for one in (forged, nothing, late)] == [403, 422, 404]
    assert "Tulis alasan keberatan Anda." in refused(nothing) and "Panjang" in late.text
    assert consumer.facts() == []
    twice = [await http.post("/track/answer", data={**fields, "what": "agrees"}, headers=FROM_HERE) for _ in range(2)]
    assert [one.status_code for one in twice] == [200, 200]
    assert "Anda menyatakan setuju" in twice[1].text and "Ya, saya setuju" not in twice[1].text
    moved = await http.post("/track/answer", data={**fields, "what": "objects", "text": "Eh"}, headers=FROM_HERE)
    assert (moved.status_code, [name for name, _ in consumer.facts(1)]) == (409, ["consumer-confirmed"])


async def test_a_look_at_a_mails_link_does_nothing_and_its_form_answers_one_question(consumer: Consumer) -> None:
    http, link = consumer.http, consumer.link("proposal")
    for _ in range(3):
        seen = await http.get(f"/track/link/{link}")
        await http.head(f"/track/link/{link}")
    assert seen.status_code == 200 and "Ya, saya setuju" in seen.text
    assert "Kami kembalikan dana" not in seen.text and "Riwayat" not in seen.text
    wrong = await http.post("/track/link", data={"permit": link, "what": "there"}, headers=FROM_HERE)
    bad = await http.get("/track/link/x" + link)
    assert (wrong.status_code, bad.status_code, consumer.facts()) == (409, 404, [])
    sent = await http.post("/track/link", data={"permit": link, "what": "agrees"}, headers=FROM_HERE)
    assert sent.status_code == 200 and "Ya, saya setuju" not in sent.text
    await consumer.owed("proposed")
    assert "sudah dijawab" in (await http.get(f"/track/link/{link}")).text
    relief = consumer.link("relief")
    assert "Ya, belum saya terima" in (await http.get(f"/track/link/{relief}?lang=id")).text
    form = {"permit": relief, "what": "missing", "text": "Baru sebagian"}
    long = await http.post("/track/link", data=form | {"text": "Baru " * 1_001}, headers=FROM_HERE)
    assert long.status_code == 422 and "Paling banyak" in refused(long) and "Baru Baru" in long.text
    assert (await http.post("/track/link", data=form, headers=FROM_HERE)).status_code == 200
    assert [name for name, _ in consumer.facts(2)] == ["consumer-confirmed", "relief-denied"]
