"""A PIN is lost: who asks is told the same whatever there is; the link makes a new one, and the old one dies."""

import json
import re
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from chassis.permits import Permit, Permits
from kit.running import Suite, a_complaint, eventually
from slkt_local.secrets import Secrets

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def registers(running: Suite, tail: str, key: str) -> dict[str, Any]:
    consumer = {
        "name": "Sari Dewi",
        "nik": "3171014501900001",
        "email": f"Sari.{tail}@example.org",
        "phone": "0812 7 7",
    }
    consumer["phone"] = f"0812 9000 {int(tail, 16) % 10_000:04d}"
    answer = running.submit(a_complaint(private={"consumer": consumer}), key)
    assert answer.status_code == 201, answer.text
    return {**answer.json(), **consumer}


def asks(running: Suite, number: str, contact: str) -> httpx.Response:
    data = {"number": number, "contact": contact}
    answer = running.http.post(f"{running.url('intake')}/pin", data=data, headers=FROM_HERE)
    running.http.cookies.clear()
    return answer


def link_asked(running: Suite, number: str) -> list[dict[str, Any]]:
    facts = running.mongo["intake"]["facts"].find({"subject": number, "type": "slkt.intake.pin-link-asked.v1"})
    return [json.loads(one["body"])["data"] for one in facts]


def permit_of(secrets: Secrets, number: str, asked: dict[str, Any], act: str = "pin") -> str:
    until = datetime.fromisoformat(asked["until"])
    return Permits(b64decode(secrets.link_key), "link of a mail").made(Permit(number, act, until, (asked["round"],)))


def renews(running: Suite, permit: str, once: str | None = None) -> httpx.Response:
    data = {"permit": permit, "once": once or uuid4().hex}
    return running.http.post(f"{running.url('intake')}/pin/link", data=data, headers=FROM_HERE)


def pin_in(answer: httpx.Response) -> str:
    found = re.search(r'class="pin">(\d{4}) (\d{4})<', answer.text)
    assert answer.status_code == 200 and found, answer.text
    return found[1] + found[2]


async def test_a_link_to_the_contact_on_file_makes_a_new_pin_and_the_old_one_dies(running: Suite) -> None:
    key, tail = uuid4().hex, uuid4().hex[:6]
    receipt = registers(running, tail, key)
    number, intake = receipt["number"], running.url("intake")
    await eventually(lambda: running.track(receipt), "the matter is known to tracking")

    # As the consumer types it today: another size of letters, spaces in the number.
    assert asks(running, receipt["shown"], f"sari.{tail}@EXAMPLE.org").status_code == 303
    asked = (await eventually(lambda: link_asked(running, number), "a link was asked for"))[0]
    assert asked["round"] == 1 and datetime.fromisoformat(asked["until"]) > datetime.now(UTC)

    permit = permit_of(running.stack.secrets, number, asked)
    look = running.http.get(f"{intake}/pin/link/{permit}")
    assert look.status_code == 200 and "no-store" in look.headers["cache-control"]
    assert running.track(receipt), "a look does nothing: the PIN is good"

    once = uuid4().hex
    answer = renews(running, permit, once)
    new = pin_in(answer)
    assert new != receipt["pin"] and "no-store" in answer.headers["cache-control"]
    assert "hreflang" not in answer.text, "another language would be another page, without it"
    assert pin_in(renews(running, permit, once)) == new, "the same form sent twice is answered twice"

    withdraws = {"X-API-Key": running.known["credentials"]["channels"]["web"]["api_key"]}
    dead = running.http.post(f"{intake}/services/{number}/withdrawal", json={"pin": receipt["pin"]}, headers=withdraws)
    assert dead.status_code == 404, "dead at once at intake"
    renewed = receipt | {"pin": new}
    timelines = running.mongo["tracking"]["timelines"]
    await eventually(lambda: timelines.find_one({"_id": number, "state.pin_round": 2}), "tracking heard of it")
    matter = running.track(renewed)
    assert not running.track(receipt), "dead at tracking"
    assert {"Tautan untuk PIN baru diminta", "PIN diganti"} <= {one["label"]["id"] for one in matter["timeline"]}

    # Who reads that mail later, and who has the channel's key, get nothing.
    assert running.http.get(f"{intake}/pin/link/{permit}").status_code == 409
    replayed = renews(running, permit)
    assert replayed.status_code == 409 and "sudah dipakai" in replayed.text
    again = running.submit(
        a_complaint(private={"consumer": {k: receipt[k] for k in ("name", "nik", "email", "phone")}}), key
    )
    assert again.status_code == 409 and "pin-replaced" in again.json()["type"]
    assert receipt["pin"] not in again.text and new not in again.text

    # By phone as well; the next link is for the PIN of now.
    asks(running, number, f"+62 812-9000-{int(tail, 16) % 10_000:04d}")
    second = (await eventually(lambda: link_asked(running, number)[1:], "the next link was asked for"))[0]
    assert second["round"] == 2


async def test_nobody_learns_what_there_is_and_nobody_else_gets_a_link(running: Suite) -> None:
    tail = uuid4().hex[:6]
    receipt = registers(running, tail, uuid4().hex)
    number = receipt["number"]
    asked = [
        asks(running, number, f"sari.{tail}@example.org"),
        asks(running, number, "somebody.else@example.org"),
        asks(running, "5043812177304", f"sari.{tail}@example.org"),
    ]
    first = asked[0]
    assert {(one.status_code, one.headers["location"], one.text) for one in asked} == {(303, "/pin/sent", first.text)}
    await eventually(lambda: running.mongo["intake"]["pin_asks"].count_documents({}) == 0, "all were looked at")
    assert len(await eventually(lambda: link_asked(running, number), "the one that fits is said")) == 1
    assert not running.mongo["intake"]["services"].find_one({"_id": "5043812177304"})

    # The third of an hour is the last, for what exists and for what does not.
    statuses = [
        [asks(running, one, "x@example.org").status_code for _ in range(3)] for one in (number, "5043812177304")
    ]
    assert statuses == [[303, 429, 429], [303, 303, 429]]


@pytest.mark.parametrize(("number", "contact"), [("12", "sari@example.org"), ("5043812177304", "12"), ("", "")])
def test_what_is_no_number_or_contact_is_told_beside_the_field(running: Suite, number: str, contact: str) -> None:
    answer = asks(running, number, contact)
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text


def test_a_link_for_something_else_or_of_somebody_else_does_nothing(running: Suite) -> None:
    receipt = registers(running, uuid4().hex[:6], uuid4().hex)
    about = {"round": 1, "until": "2099-01-01T00:00:00+00:00"}
    other = permit_of(running.stack.secrets, receipt["number"], about, act="proposal")
    ended = permit_of(running.stack.secrets, receipt["number"], about | {"until": "2020-01-01T00:00:00+00:00"})
    for permit in (other, ended, "nothing", permit_of(running.stack.secrets, "5043812177304", about)):
        assert renews(running, permit).status_code == 404
        assert running.http.get(f"{running.url('intake')}/pin/link/{permit}").status_code == 404
    good = permit_of(running.stack.secrets, receipt["number"], about)
    forged = running.http.post(
        f"{running.url('intake')}/pin/link", data={"permit": good}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert forged.status_code == 403
    assert "intake.pin-renewed" not in running.facts(receipt["number"])
