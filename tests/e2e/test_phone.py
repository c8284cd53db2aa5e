"""Does a machine on the phone say what the consumer's page says? Does a CSO renew a PIN for the right caller only?"""

import re
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
from kit.desks import at_desk, refused
from kit.running import Suite, eventually


def by_phone(running: Suite, path: str, **body: Any) -> httpx.Response:
    headers = {"X-API-Key": running.stack.channel_keys["phone"], "Idempotency-Key": uuid4().hex}
    return running.http.post(f"{running.url('intake')}/ivr/{path}", json=body, headers=headers)


async def test_a_machine_on_the_phone_says_what_the_page_says(running: Suite) -> None:
    receipt = running.bring(pujk={"name": "Bank Entah"})
    await running.said(receipt["number"], "routing.ticket-parked")
    asked = {"number": receipt["number"], "pin": receipt["pin"]}
    await eventually(lambda: running.track(receipt).get("stage", {}).get("code") == "parked", "the page knows")
    said, page = by_phone(running, "status", **asked).json(), running.track(receipt)["stage"]
    assert said["stage"] == "parked"
    for language in ("id", "en"):
        assert all(page[part][language] in said[language] for part in ("title", "now", "you_can"))
    wrong = by_phone(running, "status", number=receipt["number"], pin="00000000")
    unknown = by_phone(running, "status", number="5043812177304", pin="00000000")
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.json()["detail"] == unknown.json()["detail"]


async def test_wrong_pins_on_the_phone_close_the_number(running: Suite) -> None:
    number = str(running.bring()["number"])
    statuses = [by_phone(running, "status", number=number, pin="00000000").status_code for _ in range(6)]
    assert statuses == [404] * 5 + [429]


async def test_whoever_wants_to_be_called_back_has_a_question_with_number_and_pin(running: Suite) -> None:
    receipt = by_phone(running, "callback", phone="+6281298765432", language="en", pujk={"name": "Bank BRI"}).json()
    assert receipt["kind"] == "question"
    await eventually(lambda: running.track(receipt), "its number and PIN open the page")
    said = by_phone(running, "status", number=receipt["number"], pin=receipt["pin"])
    assert said.status_code == 200, said.text
    for wrong in ("not a number", "+1-------", "0812-34"):
        assert by_phone(running, "callback", phone=wrong).status_code == 422
    number, place = receipt["number"], f"/desk/cases/{receipt['number']}"
    with at_desk(running, "cso", "intake") as desk, at_desk(running, "cso") as cases:
        for page in ("questions", "matters"):
            assert f'href="{place}/data"' in desk.look(f"/desk/cso/{page}/{number}").text
        await eventually(lambda: f"{place}/data" in cases.look(f"{place}/data").text, "the gateway heard of it")
        opened = cases.send(f"{place}/data", fields="consumer.phone", reason="Menelepon kembali konsumen")
        assert opened.status_code == 200 and "+6281298765432" in opened.text, refused(opened)
    await is_a_call_to_make(running, number)


async def is_a_call_to_make(running: Suite, number: str) -> None:
    """Nothing reaches them but a person: until one did it stands on the list, with the words to say."""
    place, unheard = (
        f"/desk/notifications/failed/{number}",
        ("notifier.notification-sent", "notifier.notification-failed"),
    )
    with at_desk(running, "cso", "notifier") as desk:
        read = partial(re.search, r'name="seen" value="([^"]+)"')
        seen = (await eventually(lambda: read(desk.look(place).text), "it stands on the list"))[1]
        page, listed = desk.look(place).text, desk.look("/desk/notifications/failed?reason=to-call&sort=-since").text
        assert "Pertanyaan diterima" in page and "“We have your question. " in page and "minta ditelepon" in page
        assert f'href="{place}"' in listed and f'href="/desk/cases/{number}/data"' in page
        assert desk.send(place, outcome="contact-mended", seen=seen).status_code == 422, "no door mends a contact"
        assert desk.send(place, outcome="phoned", seen=seen).status_code == 303
        page = desk.look(place).text
        assert not read(page) and "Konsumen sudah ditelepon (1 pesan)" in page
    assert not set(unheard) & set(running.facts(number))


async def test_only_tracking_knows_and_only_intake_may_ask(running: Suite) -> None:
    number = str(running.bring()["number"])
    url = f"{running.url('tracking')}/status/{number}"
    assert running.http.post(url, headers=running.staff("cso")).status_code == 401
    assert running.http.post(f"{running.known['entry']}/status/{number}").status_code == 404


async def test_a_pin_is_renewed_for_who_knows_what_is_on_file(running: Suite) -> None:
    phone = f"+62812{uuid4().int % 10**8:08d}"
    consumer = {"name": "Sari Dewi", "nik": "3171014501900001", "phone": phone, "email": "sari@example.org"}
    receipt = running.bring(private={"consumer": consumer})
    number, place = receipt["number"], f"/desk/cso/matters/{receipt['number']}"
    with at_desk(running, "cso", "intake") as desk:
        assert "Sari Dewi" not in desk.look(place).text
        for said in ({"nik": consumer["nik"]}, {"nik": "3171014501900002", "phone": phone}, {}):
            answer = desk.send(f"{place}/pin", round="1", **said)
            assert answer.status_code == 422 and "tidak cocok" in refused(answer)
        told = desk.send(f"{place}/pin", round="1", nik=consumer["nik"], phone=phone.replace("+62", "0"))
        assert told.status_code == 200, refused(told)
        found = re.search(r'class="secret once nowrap">(\d{4}) (\d{4})<', told.text)
        assert found is not None
        pin = found[1] + found[2]
        assert pin != receipt["pin"]
    await running.said(number, "intake.pin-renewed")
    # Asked for only then: too many wrong PINs would lock the number.
    await running.quiet()
    assert running.track({"number": number, "pin": pin}), "the new PIN opens the page"
    assert not running.track(receipt)
