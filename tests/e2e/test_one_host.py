"""Everybody uses the suite at one address: pages, channels and staff; nobody lies there about who asks; some doors are
not there."""

import json
import re
import secrets
from uuid import uuid4

import httpx
import pytest
from architecture.workspace import SERVICES
from chassis.auth import ServiceTokens
from chassis.pages.assets import assets
from kit.openapi import Now
from kit.running import LOOK_UPS, Suite, a_complaint, eventually
from slkt_local.mail import mails, text_of
from slkt_local.ways import CLOSED, leads_to

#: On ports of their own.
FOR_OPERATORS = ("/live", "/ready", "/metrics", "/openapi.json")
#: A question to each service, and who may ask it.
STAFF = {
    "/parked": "supervisor",
    "/directory/search?name=BRI": "supervisor",
    "/proposals": "decider",
    "/endpoints": "administrator",
    "/questions": "cso",
    "/timelines/{number}": "cso",
    "/services/{number}": "cso",
    "/tickets/{number}": "cso",
    "/cases/{number}": "decider",
    "/notifications/{number}": "cso",
}


@pytest.fixture(scope="module")
def host(running: Suite) -> str:
    return str(running.known["entry"])


@pytest.fixture(scope="module")
async def brought(running: Suite, host: str) -> dict[str, str]:
    """A complaint that a channel brought at the one host, and that was passed on."""
    key = running.known["credentials"]["channels"]["web"]["api_key"]
    headers = {"X-API-Key": key, "Idempotency-Key": uuid4().hex}
    answer = running.http.post(f"{host}/submissions", json=a_complaint(), headers=headers)
    assert answer.status_code == 201, answer.text
    again = running.http.post(f"{host}/submissions", json=json.loads(answer.request.content), headers=headers)
    assert again.json() == answer.json()
    receipt: dict[str, str] = answer.json()
    await running.said(receipt["number"], "routing.ticket-routed")
    await eventually(lambda: len(running.track(receipt).get("timeline", [])) >= 2, "both facts on the timeline")
    return receipt


def test_a_strangers_page_has_its_style_and_every_link_leads_on(running: Suite, host: str) -> None:
    page = running.http.get(f"{host}/")
    assert page.status_code == 200 and "Nomor Layanan" in page.text
    links = set(re.findall(r'(?:href|src|action)="([^"]+)"', page.text))
    look = assets().url("tracking", "style.css")
    assert {look, assets().url("tracking", "icon.svg"), "/", "/?lang=en"} <= links
    answers = {link: running.http.get(f"{host}{link}") for link in links}
    assert {link: one.status_code for link, one in answers.items()} == dict.fromkeys(links, 200)
    assert answers[look].headers["content-type"] == "text/css; charset=utf-8"
    assert 'lang="en"' in answers["/?lang=en"].text


@pytest.mark.parametrize("path", ["/", "/?lang=en", "/static/notifier/x/style.css", "/door-key", "/parked", "/track"])
def test_the_same_answer_at_the_entry_and_at_the_door(running: Suite, host: str, path: str) -> None:
    own_host = running.url(leads_to(path.partition("?")[0]) or "")
    passed, own = running.http.get(f"{host}{path}"), running.http.get(f"{own_host}{path}")
    assert (passed.status_code, passed.content) == (own.status_code, own.content)
    added = {name: value for name, value in passed.headers.items() if own.headers.get(name) != value} | {"date": ""}
    assert set(added) <= {"server", "date", "connection"}


async def test_a_consumer_sees_the_matter_by_form_and_by_json(
    running: Suite, host: str, brought: dict[str, str]
) -> None:
    fields = {"number": brought["number"], "pin": brought["pin"]}
    page = running.http.post(f"{host}/", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 200 and brought["shown"] in page.text
    tracked = running.http.post(f"{host}/track", json=fields)
    assert tracked.json()["shown"] == brought["shown"]


def test_staff_ask_all_five_services_at_one_address(running: Suite, host: str, brought: dict[str, str]) -> None:
    paths = {path.format(number=brought["number"]): role for path, role in STAFF.items()}
    without = {running.http.get(f"{host}{path}").status_code for path in paths}
    known = {path: running.http.get(f"{host}{path}", headers=running.staff(role)) for path, role in paths.items()}
    assert without == {401}
    assert {path: one.status_code for path, one in known.items()} == dict.fromkeys(paths, 200)


async def test_mails_lead_to_the_one_host(running: Suite, host: str, brought: dict[str, str]) -> None:
    def told() -> list[str]:
        texts = (text_of(one) for one in mails(running.stack.mail.mail_dir))
        return [text for text in texts if brought["shown"] in text]

    assert all(f"{host}/ " in text for text in await eventually(told, "a mail about the complaint"))


def test_the_throttle_counts_who_asks_and_not_who_they_say_they_are(running: Suite, host: str) -> None:
    """Addresses of this machine stand for two households; only one of them guesses."""

    def guess(http: httpx.Client, number: int, url: str = host) -> int:
        lie = {"X-Forwarded-For": f"203.0.113.{number % 250}", "Forwarded": "for=203.0.113.7"}
        asked = {"number": f"{secrets.randbelow(10**13):013d}", "pin": "00000000"}
        return http.post(f"{url}/track", json=asked, headers=lie).status_code

    def household(address: str) -> httpx.Client:
        return httpx.Client(transport=httpx.HTTPTransport(local_address=address), trust_env=False)

    with household("127.0.71.1") as guesser, household("127.0.71.2") as neighbour:
        # At most two minutes' worth, should one begin meanwhile.
        codes = [guess(guesser, number) for number in range(LOOK_UPS + 1)]
        codes += [guess(guesser, number) for number in range(LOOK_UPS) if codes[-1] != 429]
        assert (set(codes[:LOOK_UPS]), codes[-1]) == ({404}, 429)
        assert guess(neighbour, 1) == 404
        # Nor does the service believe anybody else at its own door.
        assert guess(guesser, 2, running.url("tracking")) == 429


@pytest.mark.parametrize("path", [*CLOSED, *FOR_OPERATORS])
def test_what_is_for_services_and_operators_is_not_there(running: Suite, host: str, path: str) -> None:
    token = ServiceTokens(running.stack.secrets.service_key("notifier"), "notifier", Now()).token("intake", "a test")
    headers = {"Authorization": f"Bearer {token}"}
    answers = [
        running.http.get(f"{host}{path}"),
        running.http.post(f"{host}{path}", json={"numbers": []}, headers=headers),
    ]
    if path in CLOSED:
        below, status = {"/keys": ("", 200), "/dossiers": ("/5043812177304", 403), "/status": ("/5043812177304", 401)}[
            path
        ]
        door = f"{running.url(CLOSED[path])}{path}{below}"
        assert running.http.post(door, json={"numbers": []}, headers=headers).status_code == status
    assert [(one.status_code, one.headers["content-type"]) for one in answers] == [
        (404, "application/problem+json")
    ] * 2


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_gives_a_version(running: Suite, host: str, service: str) -> None:
    path = {"tracking": "/", "intake": "/door-key", "routing": "/parked", "notifier": "/notifications/1"}
    answer = running.http.get(f"{host}{path.get(service, '/cases/1')}")
    assert answer.headers["server"] == "nginx"
    assert not any(name in answer.headers for name in ("via", "x-powered-by"))


def test_a_service_that_is_gone_is_told_and_the_others_stay(running: Suite, host: str) -> None:
    one = running.stack.services["notifier"]
    one.kill()
    try:
        gone = running.http.get(f"{host}/notifications/5043812177304", headers=running.staff("cso"))
        other = running.http.get(f"{host}/")
    finally:
        one.start()
        running.stack.describe()
    assert (gone.status_code, gone.headers["content-type"]) == (503, "application/problem+json")
    assert gone.json()["type"] == "urn:slkt:problem:unavailable" and int(gone.headers["retry-after"]) > 0
    assert other.status_code == 200
    back = running.http.get(f"{host}/notifications/5043812177304", headers=running.staff("cso"))
    assert back.status_code == 404 and back.json()["type"] != gone.json()["type"]


def test_the_key_of_staff_tokens_is_published_at_the_one_host(running: Suite) -> None:
    path = "/staff/jwks.json"
    there = running.http.get(f"{running.known['entry']}{path}").json()
    assert there["keys"] and there == running.http.get(f"{running.url('intake')}{path}").json()
