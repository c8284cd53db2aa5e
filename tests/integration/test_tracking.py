"""Where a matter stands can be seen with number and PIN, and nobody learns anything without them."""

import gzip
import re
from asyncio import gather
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from chassis.pages.assets import KINDS, assets
from kit.facts import AMatter, Speaker, a_number, speaking
from kit.keydesk import StandInKeyDesk, key_desk
from kit.servers import Suite
from kit.tokens import staff_token
from kit.tracked import pin_for, tracking_alone, wait_entries
from slkt_local.secrets import Secrets, make_secrets
from slkt_local.services import Service
from tracking.pages.installed import at as file_at

WRONG, FROM_HERE = "00000000", {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def desk() -> Iterator[StandInKeyDesk]:
    with key_desk() as running:
        yield running


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def tracking(
    suite: Suite, secrets: Secrets, desk: StandInKeyDesk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with tracking_alone(suite, secrets, desk, tmp_path_factory.mktemp("logs")) as service:
        yield service


@pytest.fixture(scope="module")
async def speaker(suite: Suite) -> AsyncIterator[Speaker]:
    async with speaking(suite.accounts.service_amqp) as speaker:
        yield speaker


@pytest.fixture(scope="module")
async def http(tracking: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=tracking.url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def pin(secrets: Secrets) -> Callable[[str], str]:
    return lambda number: pin_for(secrets, number)


@pytest.fixture
def matter(desk: StandInKeyDesk) -> AMatter:
    story = AMatter()
    desk.keys[story.number] = story.secret
    return story


@pytest.fixture
def heard(suite: Suite, speaker: Speaker) -> Callable[[AMatter], Any]:
    """Says all facts of a matter and waits until its timeline holds them."""

    async def say(story: AMatter) -> None:
        await speaker.say(story.said)
        wait_entries(suite, story, len(story.said))

    return say


async def test_a_resolved_complaint_is_seen_whole(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, pin: Callable[[str], str]
) -> None:
    matter.registered(), matter.routed(), matter.taken_over(), matter.followed_up(), matter.proposed()
    matter.accepted(), matter.closed()
    await heard(matter)
    number = matter.number
    asked = {"number": f"P {number[:4]} {number[4:8]} {number[8:12]} {number[12]}", "pin": pin(number)}
    answer = await http.post("/track", json=asked)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    seen = answer.json()
    assert (seen["number"], seen["shown"], seen["kind"]) == (number, asked["number"], "complaint")
    assert (seen["stage"]["code"], seen["stage"]["title"]["id"]) == ("closed_resolved", "Selesai")
    assert [one["type"].split(".")[1] for one in seen["timeline"]] == [
        "service-registered",
        "ticket-routed",
        "ticket-taken-over",
        "follow-up-added",
        "resolution-proposed",
        "resolution-accepted",
        "ticket-closed",
    ]
    assert seen["timeline"][1]["label"]["id"].startswith("Diteruskan ke PT Bank Contoh")
    assert seen["resolution"]["text"] == "Kami kembalikan dana nasabah."
    assert [one["text"] for one in seen["resolution"]["demands"]] == ["Pasal 7 perjanjian."]
    assert seen["answer"] is None


async def test_the_answer_to_a_question_is_unsealed(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, pin: Callable[[str], str], desk: StandInKeyDesk
) -> None:
    matter.registered("question"), matter.answered("Ya, boleh.")
    await heard(matter)
    asked = {"number": matter.number, "pin": pin(matter.number)}
    assert (await http.post("/track", json=asked)).json()["answer"] == "Ya, boleh."


async def test_the_timeline_is_shown_while_the_key_desk_is_away(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, pin: Callable[[str], str], desk: StandInKeyDesk
) -> None:
    matter.registered("question"), matter.answered()
    await heard(matter)
    desk.shut = True
    try:
        seen = (await http.post("/track", json={"number": matter.number, "pin": pin(matter.number)})).json()
    finally:
        desk.shut = False
    assert (seen["stage"]["code"], seen["answer"], seen["withheld"]) == ("answered", None, True)


async def test_a_stranger_cannot_tell_whether_a_number_exists(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, pin: Callable[[str], str]
) -> None:
    matter.registered()
    await heard(matter)
    unknown, digits = a_number(), matter.number
    wrong_check = digits[:12] + str((int(digits[12]) + 1) % 10)
    tries = [(matter.number, WRONG), (unknown, WRONG), (unknown, pin(unknown)), (wrong_check, WRONG)]
    answers = [await http.post("/track", json={"number": number, "pin": tried}) for number, tried in tries]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    shown = [{k: v for k, v in answer.headers.items() if k != "date"} for answer in answers]
    assert all(one == shown[0] for one in shown)


async def test_five_wrong_tries_lock_a_number_whether_it_exists_or_not(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, pin: Callable[[str], str]
) -> None:
    matter.registered()
    await heard(matter)
    for number in (matter.number, a_number()):
        codes = [(await http.post("/track", json={"number": number, "pin": WRONG})).status_code for _ in range(6)]
        assert codes == [404] * 5 + [429]
        locked = await http.post("/track", json={"number": number, "pin": pin(number)})
        assert locked.status_code == 429
        assert 0 < int(locked.headers["retry-after"]) <= 900


async def test_many_tries_at_once_are_no_more_than_many_in_turn(http: httpx.AsyncClient) -> None:
    number = a_number()
    answers = await gather(*(http.post("/track", json={"number": number, "pin": WRONG}) for _ in range(30)))
    assert sorted(answer.status_code for answer in answers) == [404] * 5 + [429] * 25


async def test_looking_up_with_the_right_pin_is_never_counted(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, pin: Callable[[str], str]
) -> None:
    asked = {"number": matter.number, "pin": pin(matter.number)}
    early = [(await http.post("/track", json=asked)).status_code for _ in range(8)]
    matter.registered()
    await heard(matter)
    assert (early, (await http.post("/track", json=asked)).status_code) == ([404] * 8, 200)


async def test_bad_input_names_the_field_and_repeats_nothing(http: httpx.AsyncClient) -> None:
    answer = await http.post("/track", json={"number": "504381217730", "pin": "1234567"})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == ["number", "pin"]
    assert "1234567" not in answer.text and "504381217730" not in answer.text


async def test_one_client_asks_so_often_a_minute(
    http: httpx.AsyncClient, tracking: Service, heard: Any, matter: AMatter, pin: Callable[[str], str]
) -> None:
    tracking.stop()
    tracking.told |= {"TRIES_PER_CLIENT": "3", "TRUSTED_PROXIES": "127.0.0.1"}
    tracking.start()
    try:
        # Only who is believed may say where an asker is from; here it is the test itself.
        headers = {"X-Forwarded-For": "203.0.113.7"}
        asked = {"number": a_number(), "pin": WRONG}
        codes = [(await http.post("/track", json=asked, headers=headers)).status_code for _ in range(4)]
        other = (await http.post("/track", json=asked, headers={"X-Forwarded-For": "203.0.113.8"})).status_code
    finally:
        tracking.stop()
        tracking.told |= {"TRIES_PER_CLIENT": "100000", "TRUSTED_PROXIES": ""}
        tracking.start()
    assert (codes, other) == ([404, 404, 404, 429], 404)


async def test_staff_see_a_timeline_without_what_is_sealed(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, secrets: Secrets
) -> None:
    matter.registered("question"), matter.answered("Geheim")
    await heard(matter)
    url = f"/timelines/{matter.number}"
    assert (await http.get(url)).status_code == 401
    bearer = {"Authorization": f"Bearer {staff_token(secrets, 'administrator')}"}
    assert (await http.get(url, headers=bearer)).status_code == 403
    seen = await http.get(url, headers={"Authorization": f"Bearer {staff_token(secrets, 'cso')}"})
    assert seen.json()["matter"]["stage"]["code"] == "answered"
    assert seen.json()["matter"]["answer"] is None
    assert '"sealed"' not in seen.text and "seal_key" not in seen.text


async def test_the_page_shows_the_matter_and_escapes_what_people_wrote(
    http: httpx.AsyncClient, heard: Any, matter: AMatter, pin: Callable[[str], str]
) -> None:
    matter.registered("question"), matter.answered("<script>alert(1)</script>\nBaris dua & tiga")
    matter.says(matter.routed(name="PT <b>Bank</b> & Co").data)
    await heard(matter)
    form = await http.get("/")
    assert form.status_code == 200 and "Data contoh" in form.text and 'lang="id"' in form.text
    policy = form.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    seen = await http.post("/", data={"number": matter.number, "pin": pin(matter.number)}, headers=FROM_HERE)
    assert (seen.status_code, seen.headers["cache-control"]) == (200, "no-store")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seen.text and "<script>" not in seen.text
    scripts = (file_at("track.js"), assets().url("tracking", "suite.js"))
    assert re.findall("<script[^>]*>", seen.text) == [f'<script src="{one}" defer>' for one in scripts]
    assert "PT &lt;b&gt;Bank&lt;/b&gt; &amp; Co" in seen.text
    assert pin(matter.number) not in seen.text and "style=" not in seen.text
    # What a phone loads at first sight, as it comes over the wire: page, look, scripts, manifest.
    own = [len(gzip.compress((await http.get(one)).content)) for one in (scripts[0], "/manifest.webmanifest")]
    assert len(gzip.compress(seen.content)) + sum(assets().packed_bytes(name) for name in KINDS) + sum(own) < 100_000
    english = await http.get("/?lang=en")
    assert "Track your matter" in english.text and 'lang="en"' in english.text


async def test_the_page_says_what_is_wrong_in_words(http: httpx.AsyncClient) -> None:
    number = a_number()
    codes = []
    for _ in range(6):
        seen = await http.post("/?lang=en", data={"number": number, "pin": WRONG}, headers=FROM_HERE)
        codes.append(seen.status_code)
    assert codes == [404] * 5 + [429]
    assert "Try again in 15 minutes" in seen.text
    assert f'value="{number}"' in seen.text and WRONG not in seen.text
    malformed = await http.post("/", data={"number": "5", "pin": "x"}, headers=FROM_HERE)
    assert malformed.status_code == 422 and 'id="number-wrong"' in malformed.text and 'id="pin-wrong"' in malformed.text


async def test_the_look_is_the_suites_and_nothing_else_is_read(http: httpx.AsyncClient) -> None:
    assert (await http.get(assets().url("tracking", "style.css"))).headers["content-type"].startswith("text/css")
    assert (await http.get("/static/tracking/x/..%2f__init__.py")).status_code == 404


def test_no_address_and_no_pin_is_kept(suite: Suite, tracking: Service) -> None:
    with suite.database.client() as client:
        kept = str(list(client["tracking"]["attempts"].find()))
    assert "203.0.113" not in kept and "127.0.0.1" not in kept
    assert WRONG not in tracking.log.read_text()
