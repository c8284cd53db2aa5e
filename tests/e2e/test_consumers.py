"""Do consumers end what concerns them? They follow the mail's link without a log-in and agree, object or confirm; who
stays silent is told why it ended."""

import re
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from contracts.pujk import FulfilRelief, Propose, TakeOver
from kit.openapi import Now
from kit.running import FirmSystem, Suite, eventually
from kit.tokens import deciding
from slkt_local.mail import mails, text_of

FIRM = "BANK-002"
#: A browser says where a form stands.
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
LINK = re.compile(r"\S+(/track/link/(\S+))")
WHY = "Bunga yang hilang belum dihitung."
DAY = timedelta(days=1)
#: Each consumer asks from an address of their own, as in life.
PLACES = count(1)


class Consumer:
    """Who brought a complaint, reads mail and follows links; knows number and PIN as well."""

    def __init__(self, running: Suite, firm: FirmSystem) -> None:
        self.running, self.firm, self.address = running, firm, f"konsumen-{uuid4().hex[:8]}@example.org"
        here = httpx.HTTPTransport(local_address=f"127.7.0.{next(PLACES)}")
        self.http = httpx.Client(base_url=str(running.known["entry"]), transport=here, timeout=30, headers=FROM_HERE)
        person = {"name": "Sari Dewi", "nik": "3171014501900001", "email": self.address}
        self.receipt = running.bring(private={"consumer": person})
        self.number = str(self.receipt["number"])

    async def accepted(self, promised: str | None = None) -> "Consumer":
        """The firm proposed, and OJK accepted."""
        await self.firm.notice(self.number, "ticket-routed")
        taken = await self.firm.act(TakeOver, self.number, round=1, officer="dina")
        about: dict[str, Any] = {"kind": "explanation", "text": "Salah catat, sudah benar."}
        answers: list[dict[str, Any]] = [{"demand": 1, "answer": "granted"}]
        if promised:
            answers = [{"demand": 1, "answer": "granted", "amount": 750_000, "promised_by": promised}]
            about = {"kind": "monetary-relief", "amount": 750_000, "text": "Saldo kami kembalikan seluruhnya."}
        said = {**about, "answers": answers, "officer": deciding(FIRM), "round": 1, "basis": taken["basis"]}
        assert (await self.firm.act(Propose, self.number, **said))["status"] == "done"
        url = f"{self.running.url('pujk_gateway')}/cases/{self.number}/decision"
        decided = self.running.http.post(url, json={"decision": "accept"}, headers=self.running.staff("decider"))
        assert decided.status_code == 200, decided.text
        return self

    async def mail(self, subject: str) -> str:
        def found() -> str | None:
            kept = mails(Path(self.running.known["mail_dir"]))
            mine = (f"{one['Subject']}\n{text_of(one)}" for one in kept if self.address in str(one["To"]))
            return next((text for text in mine if subject in text), None)

        text: str = await eventually(found, f"a mail about {subject}")
        return text

    async def link(self, subject: str) -> str:
        """The way to the page behind the mail's link."""
        found = LINK.search(await self.mail(subject))
        assert found, "the mail has no link"
        return found[1]

    def follow(self, link: str) -> str:
        seen = self.http.get(link)
        assert seen.status_code == 200, seen.text
        return seen.text

    def send(self, link: str, **said: str) -> httpx.Response:
        """The form of that page."""
        return self.http.post("/track/link", data={"permit": link.rsplit("/", 1)[1], **said})

    async def stands(self, code: str) -> dict[str, Any]:
        proof = {"number": self.number, "pin": self.receipt["pin"]}

        def there() -> dict[str, Any] | None:
            shown: dict[str, Any] = self.http.post("/track", json=proof).json()
            return shown if shown.get("stage", {}).get("code") == code else None

        found: dict[str, Any] = await eventually(there, f"{self.number} stands at {code}")
        return found

    def said(self) -> list[str]:
        return [one.removeprefix("tracking.") for one in self.running.facts(self.number) if one.startswith("tracking")]


@pytest.fixture
async def consumer(running: Suite) -> Any:
    async with running.firm(FIRM) as firm:
        yield Consumer(running, firm)


async def test_who_agrees_by_the_mails_link_ends_the_matter_and_nobody_finds_the_link_in_a_log(
    running: Suite, consumer: Consumer
) -> None:
    link = await (await consumer.accepted()).link("Setujukah Anda?")
    for _ in range(3):
        assert "Ya, saya setuju" in consumer.follow(link), "a mail scanner follows links: nothing comes of it"
    assert consumer.said() == []
    assert (await consumer.stands("accepted"))["awaited"][0]["until"]
    assert "Anda menyatakan setuju" in consumer.send(link, what="agrees").text
    assert consumer.send(link, what="agrees").status_code == 200, "the same twice is one answer"
    assert consumer.send(link, what="objects", text="Eh").status_code == 409
    ended = await consumer.stands("closed_resolved")
    assert ended["awaited"] == [] and ended["resolution"]["kind"]["en"] == "Explanation"
    assert "sudah dijawab" in consumer.follow(link)
    assert "selesai" in await consumer.mail(f"{ended['shown']} selesai")
    assert consumer.said() == ["consumer-confirmed"]
    secret = link.rsplit("/", 1)[1]
    told = [*running.stack.root.rglob("*.log"), *running.stack.root.rglob("*.spans")]
    assert told and [str(one) for one in told if secret in one.read_text(errors="replace")] == []


async def test_who_objects_with_a_reason_asks_ojk_to_facilitate(running: Suite, consumer: Consumer) -> None:
    link = await (await consumer.accepted()).link("Setujukah Anda?")
    nothing = consumer.send(link, what="objects")
    assert (nothing.status_code, consumer.said()) == (422, [])
    assert "Keberatan Anda sudah kami terima" in consumer.send(link, what="objects", text=WHY, facilitation="1").text
    shown = await consumer.stands("objected")
    objection = next(one for one in shown["timeline"] if one["type"] == "tracking.consumer-objected.v1")
    assert (objection["text"], objection["detail"]["id"]) == (WHY, "Anda meminta OJK memfasilitasi")
    case = f"{running.url('pujk_gateway')}/cases/{consumer.number}"
    seen = running.http.get(case, headers=running.staff("decider")).json()
    assert (seen["state"], WHY in str(seen)) == ("objected", True), "OJK reads why"
    returned = running.http.post(
        f"{case}/decision", json={"decision": "return", "reason": "Hitung bunganya."}, headers=running.staff("decider")
    )
    assert returned.status_code == 200, returned.text
    await consumer.stands("returned")


async def test_what_was_promised_is_reported_by_the_firm_and_confirmed_by_link(
    running: Suite, consumer: Consumer
) -> None:
    promised = (Now().now() + 9 * DAY).date().isoformat()
    link = await (await consumer.accepted(promised)).link("Setujukah Anda?")
    consumer.send(link, what="agrees")
    owed = await consumer.stands("owed")
    assert owed["promises"] == [owed["promises"][0] | {"state": "promised", "amount": 750_000}]
    paid = await consumer.firm.act(
        FulfilRelief, consumer.number, round=1, officer="dina", demand=1, note="Ditransfer ke rekening Anda."
    )
    assert paid["status"] == "done", paid
    relief = await consumer.link("Sudah Anda terima?")
    assert "Ya, sudah saya terima" in consumer.follow(relief)
    assert consumer.send(relief, what="agrees").status_code == 409, "good for one question only"
    assert consumer.send(link, what="there").status_code == 409
    assert consumer.http.get(relief[:-4]).status_code == 404, "a part of it is nothing"
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    forged = consumer.http.post("/track/link", data={"permit": relief.rsplit("/", 1)[1]}, headers=elsewhere)
    assert forged.status_code == 403, "another site's form does nothing"
    assert "sudah diterima" in consumer.send(relief, what="there").text
    assert (await consumer.stands("closed_resolved"))["promises"][0]["state"] == "fulfilled"
    assert consumer.said() == ["consumer-confirmed", "relief-confirmed"]


async def test_who_stays_silent_is_told_why_it_ended(running: Suite, consumer: Consumer) -> None:
    await (await consumer.accepted()).stands("accepted")
    cases, one = running.mongo["pujk_gateway"]["cases"], {"_id": consumer.number}
    state = (cases.find_one(one) or {})["state"]
    # Ten working days go by.
    past = state["asked"]["until"] - 20 * DAY
    moved = {"state.asked.until": past, "state.wakes_at": past}
    assert cases.update_one(one, {"$set": moved, "$inc": {"version": 1}}).modified_count
    ended = await consumer.stands("closed_silent")
    assert "Anda tidak menanggapi sampai batas waktu" in ended["stage"]["now"]["id"]
    assert "dianggap setuju" in await consumer.mail(f"{ended['shown']} selesai")
    proof = {"number": consumer.number, "pin": consumer.receipt["pin"], "round": 1, "proposal": 1}
    late = consumer.http.post("/track/answers", json={**proof, "answer": "agrees"})
    assert (late.status_code, late.json()["type"]) == (409, "urn:slkt:problem:moved-on")
