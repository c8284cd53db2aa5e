"""An open page hears that its matter moved, whichever replica heard of it; only with the permit of the page, for as
long as that is good, and so often at once; and a service that ends lets its listeners go."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from chassis.permits import Permit, Permits
from kit.facts import AMatter, Speaker, speaking
from kit.keydesk import StandInKeyDesk, key_desk
from kit.servers import Suite
from kit.tracked import pin_for, timeline_of, tracking_alone, wait_entries
from slkt_local.secrets import Secrets, make_secrets
from slkt_local.services import Service
from tracking.usecases.watching import OF_ONE_MATTER

from contracts import intake

PATIENCE_SECONDS = 10


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def desk() -> Iterator[StandInKeyDesk]:
    with key_desk() as running:
        yield running


@pytest.fixture(scope="module")
def replicas(
    suite: Suite, secrets: Secrets, desk: StandInKeyDesk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, Service]]:
    folder = tmp_path_factory.mktemp("logs")
    with tracking_alone(suite, secrets, desk, folder) as one, tracking_alone(suite, secrets, desk, folder) as other:
        yield one, other


@pytest.fixture(scope="module")
async def speaker(suite: Suite) -> AsyncIterator[Speaker]:
    async with speaking(suite.accounts.service_amqp) as speaker:
        yield speaker


@asynccontextmanager
async def listening(service: Service, cookie: str, since: int = 0) -> AsyncIterator[AsyncIterator[str]]:
    """Lines of the stream, without those that are signs of life."""
    cookies = {"Cookie": f"slkt-matter={cookie}"}
    async with (
        httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=PATIENCE_SECONDS, headers=cookies) as http,
        http.stream("GET", f"/track/live?since={since}") as answer,
    ):
        assert answer.status_code == 200, (await answer.aread()).decode()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert (answer.headers["x-accel-buffering"], answer.headers["cache-control"]) == ("no", "no-store")
        yield (line async for line in answer.aiter_lines() if line and not line.startswith((":", "retry")))


async def heard(lines: AsyncIterator[str]) -> str:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await anext(lines)


class Matter:
    def __init__(self, suite: Suite, secrets: Secrets, desk: StandInKeyDesk, speaker: Speaker) -> None:
        self.suite, self.secrets, self.speaker, self.story = suite, secrets, speaker, AMatter()
        self.permits = Permits(b64decode(secrets.pin_key), "page of a matter")
        desk.keys[self.story.number] = self.story.secret

    async def begin(self) -> "Matter":
        await self.hears(self.story.registered("question"), self.story.answered())
        return self

    async def hears(self, *events: object) -> None:
        await self.speaker.say(events)  # type: ignore[arg-type]
        wait_entries(self.suite, self.story, len(self.story.said))

    def version(self) -> int:
        return int(timeline_of(self.suite, self.story.number)["version"])

    def cookie(self, seconds: float = 600, round_: int = 1) -> str:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        return self.permits.made(Permit(self.story.number, "answer", until, (round_,)))


@pytest.fixture
async def matter(suite: Suite, secrets: Secrets, desk: StandInKeyDesk, speaker: Speaker) -> Matter:
    return await Matter(suite, secrets, desk, speaker).begin()


async def test_the_pages_of_all_replicas_hear_that_a_matter_moved(
    replicas: tuple[Service, Service], matter: Matter
) -> None:
    async with AsyncExitStack() as stack:
        before = matter.version()
        here = [await stack.enter_async_context(listening(one, matter.cookie(), before)) for one in replicas]
        # Whoever comes back with an older page is told at once what they missed.
        late = await stack.enter_async_context(listening(replicas[0], matter.cookie(), before - 1))
        assert [await heard(late) for _ in range(3)] == ["event: moved", f"id: {before}", f"data: {before}"]
        await matter.hears(matter.story.says(intake.ServiceReopened(standing=intake.IntakeStanding(kind="question"))))
        now = matter.version()
        assert [[await heard(one) for _ in range(3)][2] for one in here] == [f"data: {now}"] * 2


async def test_a_stream_ends_with_the_permit_and_with_the_pin_that_made_it(
    replicas: tuple[Service, Service], matter: Matter
) -> None:
    async with listening(replicas[0], matter.cookie(seconds=2), matter.version()) as lines:
        assert [await heard(lines), await heard(lines)] == ["event: over", "data: 0"]
        with pytest.raises(StopAsyncIteration):
            await heard(lines)
    async with listening(replicas[0], matter.cookie(), matter.version()) as lines:
        await matter.hears(matter.story.says(intake.PinRenewed(round=2, how="link")))
        assert await heard(lines) == "event: over"


async def test_nobody_listens_without_a_permit_of_a_page_or_too_often_at_once(
    replicas: tuple[Service, Service], matter: Matter
) -> None:
    url, link = replicas[1].url, Permits(b64decode(matter.secrets.link_key), "link of a mail")
    soon = datetime.now(UTC) + timedelta(minutes=5)
    wrong = ["", "x" * 40, link.made(Permit(matter.story.number, "proposal", soon, (1, 1))), matter.cookie(-1)]
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE_SECONDS) as http:

        async def asks(cookie: str) -> int:
            return (await http.get("/track/live", headers={"Cookie": f"slkt-matter={cookie}"})).status_code

        assert [await asks(one) for one in wrong] == [404, 404, 404, 410]
        assert await asks(matter.cookie(round_=2)) == 410
        async with AsyncExitStack() as stack:
            for _ in range(OF_ONE_MATTER):
                await stack.enter_async_context(listening(replicas[1], matter.cookie(), matter.version()))
            assert await asks(matter.cookie()) == 429
        # Those who left make room, as soon as the service has seen it.
        assert any([await room(replicas[1], matter) for _ in range(100)])


async def room(service: Service, matter: Matter) -> bool:
    try:
        async with listening(service, matter.cookie(), matter.version()):
            return True
    except AssertionError:
        return False


async def test_the_page_stays_open_by_its_cookie_and_is_left(replicas: tuple[Service, Service], matter: Matter) -> None:
    here = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=replicas[0].url, trust_env=False, timeout=PATIENCE_SECONDS) as http:
        proof = {"number": matter.story.number, "pin": pin_for(matter.secrets, matter.story.number)}
        opened = await http.post("/", data=proof, headers=here)
        cookie = opened.headers["set-cookie"]
        assert "HttpOnly" in cookie and "Path=/track;" in cookie and "SameSite=lax" in cookie
        assert matter.story.number not in cookie and proof["pin"] not in cookie
        again = await http.get("/track/matter?zone=WITA")
        assert (again.status_code, again.headers["cache-control"]) == (200, "no-store")
        assert "10.01 WITA" in again.text and "Jawabannya: ya." in again.text
        assert "http-equiv" not in again.text
        assert '<noscript><meta http-equiv="refresh"' in (await http.get("/track/matter?every=1")).text
        forged = await http.post("/track/close", headers={"Sec-Fetch-Site": "cross-site"})
        assert (forged.status_code, (await http.post("/track/close", headers=here)).status_code) == (403, 303)
        gone = await http.get("/track/matter")
        assert (gone.status_code, gone.headers["location"]) == (303, "/")


async def test_a_service_that_ends_lets_its_listeners_go_at_once(
    suite: Suite, secrets: Secrets, desk: StandInKeyDesk, matter: Matter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with tracking_alone(suite, secrets, desk, tmp_path_factory.mktemp("ends")) as service:
        async with listening(service, matter.cookie(), matter.version()) as lines:
            begun = asyncio.get_running_loop().time()
            stopping = asyncio.create_task(asyncio.to_thread(service.stop))
            with pytest.raises(StopAsyncIteration):
                await heard(lines)
            # A stream that nobody ends holds a service for ten seconds.
            assert asyncio.get_running_loop().time() - begun < 9
            await stopping
