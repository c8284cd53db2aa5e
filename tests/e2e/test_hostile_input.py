"""What can an outsider do with what nobody would send? Be told what is wrong, be put aside, and harm nobody."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from contracts.topology import channel_user
from kit.running import Suite, a_complaint, eventually
from pamqp import encode
from pamqp.commands import Basic
from slkt.sending import ChannelSender, DoorKey

KEY = "a key of its own"


def post(running: Suite, body: bytes, service: str = "intake", path: str = "/submissions") -> Any:
    api_key = running.known["credentials"]["channels"]["web"]["api_key"]
    headers = {"X-API-Key": api_key, "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    return running.http.post(f"{running.url(service)}{path}", content=body, headers=headers)


@pytest.mark.parametrize(
    "body",
    [
        b'{"kind":"\\ud800"}',
        b'{"\\ud800":1}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"loss":' + b"9" * 5_000 + b"}",
        b'{"pujk":{"name":"\\ud800"},"kind":"complaint"}',
    ],
)
def test_bytes_that_are_no_message_are_refused_with_field_came_and_expected(running: Suite, body: bytes) -> None:
    answer = post(running, body)
    assert answer.status_code == 422, answer.text
    assert all(one.keys() == {"field", "came", "expected"} for one in answer.json()["problems"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("consent", "yes"), ("loss", "12"), ("loss", True), ("transaction_date", 0), ("region", "٣١")],
)
def test_a_value_of_the_wrong_type_is_not_guessed_at(running: Suite, field: str, value: Any) -> None:
    answer = running.submit(a_complaint() | {field: value})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == [field]


NAME, ARABIC = "Sari Dewi", "Saya menulis: \u202bشكوى عن حساب\u202c."


@pytest.mark.parametrize(
    ("name", "story", "wrong"),
    [("Sari\u202eDewi", "Uang hilang.", "consumer.name"), (NAME, "uang\0hilang", "story"), (NAME, ARABIC, None)],
)
def test_a_name_turns_no_line_and_a_text_may_but_is_cut_off_by_nothing(
    running: Suite, name: str, story: str, wrong: str | None
) -> None:
    told = a_complaint(private={"story": story})
    told["private"]["consumer"]["name"] = name
    answer = running.submit(told)
    assert answer.status_code == (422 if wrong else 201), answer.text
    assert [one["field"] for one in answer.json().get("problems", [])] == ([f"private.{wrong}"] if wrong else [])


def test_what_is_wrapped_wrongly_is_not_quoted(running: Suite) -> None:
    double = json.dumps({**a_complaint(), "private": json.dumps(a_complaint()["private"])}).encode()
    for body in (
        double,
        json.dumps(json.dumps(a_complaint())).encode(),
        json.dumps(a_complaint(kind="Sari Dewi, " * 9)).encode(),
    ):
        answer = post(running, body)
        assert answer.status_code == 422
        assert "Sari" not in answer.text


def test_a_private_part_that_cannot_be_sealed_is_told_its_limit(running: Suite) -> None:
    texts = ["é" * 19_000] * 5
    answer = running.submit(a_complaint(private={"demands": texts}, demands=[{}] * 5))
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "private")


@pytest.mark.parametrize(
    "header", [{"crit": 5}, {"alg": []}, {"epk": {"kty": "EC"}}, {"epk": {"kty": "OKP", "crv": "X"}}]
)
def test_a_hostile_seal_is_refused(running: Suite, header: dict[str, Any]) -> None:
    door = DoorKey(running.http.get(f"{running.url('intake')}/door-key").json())
    sealed = door.sealed(a_complaint())
    head, rest = sealed["sealed"].split(".", 1)
    known = json.loads(urlsafe_b64decode(head + "=="))
    sealed["sealed"] = urlsafe_b64encode(json.dumps(known | header).encode()).decode().rstrip("=") + "." + rest
    answer = running.submit(sealed)
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "sealed")


def test_a_right_pin_leaves_no_digest_that_it_could_be_found_again_from(running: Suite) -> None:
    digests = []
    for _ in range(2):
        receipt = running.bring()
        url = f"{running.url('intake')}/services/{receipt['number']}/withdrawal"
        api_key = {"X-API-Key": running.known["credentials"]["channels"]["web"]["api_key"], "Idempotency-Key": KEY}
        assert running.http.post(url, json={"pin": receipt["pin"]}, headers=api_key).status_code == 200
        kept = running.mongo["intake"]["services"].find_one({"_id": receipt["number"]})
        assert kept is not None
        assert KEY not in str(kept["acts"])
        digests.append(kept["acts"][-1]["digest"])
    assert digests[0] == digests[1]


async def test_properties_that_cannot_be_decoded_are_put_aside_and_harm_nobody(
    running: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    amqp = running.known["credentials"]["channels"]["phone"]["amqp"]
    door = DoorKey(running.http.get(f"{running.url('intake')}/door-key").json())
    dead = "/queues/slkt/submissions.phone.dead"
    before = running.management(dead).get("messages", 0)
    strict = encode.short_string
    # The library refuses to write what the broker takes: a name that is no UTF-8.
    monkeypatch.setitem(encode.METHODS, "shortstr", lambda value: b"\x02\xff\xfe" if value == KEY else strict(value))
    connection = await aio_pika.connect(amqp)
    async with connection:
        channel: Any = await (await connection.channel()).get_underlay_channel()
        properties = Basic.Properties(message_id=KEY, user_id=channel_user("phone"))
        await channel.basic_publish(
            b"{}", exchange="slkt.submissions", routing_key="submission.phone", properties=properties, mandatory=True
        )
    monkeypatch.undo()
    async with ChannelSender(amqp, "phone", door) as phone:
        assert (await phone.submit(uuid4().hex, a_complaint()))["status"] == "accepted"
    await eventually(lambda: running.management(dead).get("messages", 0) == before + 1, "it is put aside")
    reasons = await _reasons(running.known["amqp"], "submissions.phone.dead")
    assert reasons.count("sender-unknown") == 1
    assert "kills-its-reader" not in reasons


async def _reasons(amqp: str, queue: str) -> list[str]:
    connection = await aio_pika.connect(amqp)
    async with connection:
        held = await (await connection.channel()).get_queue(queue, ensure=False)
        found = []
        while (message := await held.get(fail=False)) is not None:
            found.append(str(message.headers.get("x-slkt-reason")))
        return found
