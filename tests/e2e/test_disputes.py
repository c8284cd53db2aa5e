"""Who objects to what OJK accepted: is it settled and paid, or does LAPS SJK get a bundle that anybody can check?"""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
from chassis.working_days import JAKARTA
from contracts.pujk import FulfilRelief, StatePosition
from e2e.test_firm_acts import Ticket, a_proposal, problem
from e2e.test_firm_acts import people as people
from kit import papers
from kit.desks import Desk, at_desk, refused
from kit.openapi import Now
from kit.running import Suite, eventually
from kit.tokens import firm_token, have_officer

People = dict[str, dict[str, str]]
WHY = "Saya belum menerima seluruh uang saya."
FIRMS_WORDS = "Kami siap mengganti setengahnya."
MINE = "Saya minta seluruhnya."


class Dispute(Ticket):
    """A complaint whose consumer objects to what OJK accepted."""

    def __init__(self, running: Suite, receipt: dict[str, Any], people: People) -> None:
        super().__init__(running, receipt["number"], people)
        self.running, self.receipt = running, receipt
        self.place = f"/desk/cases/{self.number}/facilitation"

    def answers(self, **body: Any) -> httpx.Response:
        """The consumer, on the page of their matter."""
        known = {"number": self.number, "pin": self.receipt["pin"], "round": 1}
        return self.running.http.post(f"{self.running.url('tracking')}/track/answers", json=known | body)

    async def stands(self, state: str) -> dict[str, Any]:
        seen: dict[str, Any] = await eventually(
            lambda: (found := self.seen().json())["state"] == state and found, f"{self.number} is {state}"
        )
        return seen

    async def objected(self) -> "Dispute":
        await eventually(lambda: self.seen().status_code == 200, "the ticket is the firm's")
        self.taken_over()
        self.does("deciding", "proposals", self.tag, **a_proposal()).raise_for_status()
        url = f"{self.running.url('pujk_gateway')}/cases/{self.number}/decision"
        decider = self.running.staff("decider")
        self.running.http.post(url, json={"decision": "accept"}, headers=decider).raise_for_status()
        wish = {"answer": "objects", "proposal": 1, "facilitation": True, "text": WHY}
        await eventually(lambda: self.answers(**wish).status_code == 200, "the consumer objects")
        await self.stands("objected")
        return self

    async def said(self, fact: str, times: int = 1) -> list[dict[str, Any]]:
        """So often, and no more."""
        facts = self.running.mongo["pujk_gateway"]["facts"]
        wanted = {"subject": self.number, "type": {"$regex": f"[.]{fact}[.]"}}
        await eventually(lambda: facts.count_documents(wanted) >= times, f"{fact} of {self.number}")
        found = [json.loads(one["body"])["data"] for one in facts.find(wanted).sort("seq", 1)]
        assert len(found) == times
        return found

    @property
    def kept(self) -> dict[str, Any]:
        found = self.running.mongo["pujk_gateway"]["cases"].find_one({"_id": self.number}) or {}
        state: dict[str, Any] = found["state"]
        return state


@pytest.fixture
def desk(running: Suite) -> Any:
    with at_desk(running, "decider") as desk:
        yield desk


def done(answer: httpx.Response) -> None:
    assert answer.status_code == 303, refused(answer)


def later(days: int) -> str:
    return (Now().now().astimezone(JAKARTA).date() + timedelta(days=days)).isoformat()


async def test_ojk_brings_both_together_and_what_they_settle_is_paid(
    running: Suite, people: People, desk: Desk
) -> None:
    dispute = await Dispute(running, running.bring(loss=12_500_000, in_court=False), people).objected()
    position: dict[str, Any] = {"round": 1, "text": FIRMS_WORDS}
    assert problem(dispute.does("service", "position", **position)) == (409, "no-facilitation")
    listed = desk.look("/desk/cases?queue=objected&sort=number")
    assert dispute.number in listed.text.replace("&#8209;", "") or listed.status_code == 200
    page = desk.look(dispute.place).text
    assert all(word in page for word in ("Rp12.500.000", "Rp500.000.000", "Buka fasilitasi"))
    with at_desk(running, "supervisor") as onlooker:
        assert "Buka fasilitasi" not in onlooker.look(dispute.place).text
        assert onlooker.send(f"{dispute.place}/open", basis=desk.basis).status_code == 403
    assert "Ya, buka" in desk.look(f"{dispute.place}/open?basis={desk.basis}").text, (
        "asked on a page of its own, without a script"
    )
    form = {"once": desk.once()}
    with ThreadPoolExecutor(2) as pool:
        for answer in pool.map(lambda _: desk.send(f"{dispute.place}/open", **form), range(2)):
            done(answer)
    [opened] = await dispute.said("facilitation-opened")
    assert {one["what"]: one["holds"] for one in opened["checks"]} == dict.fromkeys(
        ("complaint", "firm-tried-first", "loss", "not-in-court"), True
    )

    await _both_state_their_position(running, dispute, position)
    old = desk.basis
    desk.look(dispute.place)
    planned = {"kind": "session-planned", "on": later(3), "at": "10:00", "text": "Daring, tautan menyusul."}
    done(desk.send(f"{dispute.place}/step", **planned))
    done(desk.send(f"{dispute.place}/step", **planned | {"kind": "note", "text": "RAHASIA-OJK"}))
    assert "sudah berubah" in refused(desk.send(f"{dispute.place}/step", **planned | {"on": later(4)})), "not as seen"
    desk.look(dispute.place)
    done(desk.send(f"{dispute.place}/step", **planned | {"on": later(4)}))
    assert "sudah dijadwalkan" in refused(desk.send(f"{dispute.place}/step", **planned | {"on": later(4)}))
    assert "Tidak ada pertemuan" in refused(
        desk.send(f"{dispute.place}/step", **planned | {"kind": "session-cancelled", "on": later(5)})
    )
    desk.look(dispute.place)
    done(desk.send(f"{dispute.place}/step", **planned | {"kind": "session-cancelled", "on": later(4)}))
    over = planned | {"on": later(-400)}
    assert "di waktu mendatang" in refused(desk.send(f"{dispute.place}/step", **over))
    held = {"kind": "session-held", "on": later(0), "at": "00:00", "text": "Sepakat."}
    done(desk.send(f"{dispute.place}/step", **planned | held))
    assert "RAHASIA-OJK" not in dispute.seen().text and "Daring, tautan" in dispute.seen().text
    sessions = [one["held_at"] for one in dispute.seen().json()["history"] if one["held_at"]]
    assert [at[11:16] for at in sessions] == ["03:00", "03:00", "03:00", "17:00"], "10:00 and midnight in Jakarta"
    terms = {"outcome": "settled", "text": "Rp500.000 dibayar.", "promised_0": later(5), "amount_0": "Rp500.000"}
    desk.look(dispute.place)
    assert "Rp500.000" in desk.send(f"{dispute.place}/end", **terms).text, "it is asked about once more"
    stale = desk.send(f"{dispute.place}/end", **terms, sure="yes", basis=old)
    assert stale.status_code == 409 and "sudah berubah" in refused(stale)
    assert "Pertemuan dijadwalkan" in stale.text and "Rp500.000 dibayar." in stale.text, "what moved, what was typed"
    desk.look(dispute.place)
    done(desk.send(f"{dispute.place}/end", **terms, sure="yes"))

    owed = await dispute.stands("owed")
    assert "Sesi ini tidak diadakan." in dispute.seen().text, "the session in three days is off, and the firm reads so"
    assert owed["obligations"] == [
        {"demand": 0, "proposal": 0, "amount": 500_000, "promised_by": later(5), "state": "promised"}
    ]
    paid: dict[str, Any] = {"round": 1, "demand": 0, "note": "Ditransfer hari ini."}
    assert problem(dispute.does("service", "relief", **paid | {"demand": 7})) == (409, "nothing-owed")
    assert problem(dispute.does("service", "relief", '"r1-b2"', **paid)) == (412, "case-has-moved")
    assert problem(dispute.does("tickets:read", "relief", **paid)) == (403, "forbidden")
    key = uuid4().hex
    first = dispute.does("tickets:act", "relief", dispute.tag, key, officer="acting-service-1", **paid)
    again = dispute.does("tickets:act", "relief", first.headers["etag"], key, officer="acting-service-1", **paid)
    assert (first.status_code, first.json(), first.headers["etag"]) == (200, again.json(), dispute.tag)
    assert problem(dispute.does("service", "relief", **paid)) == (409, "nothing-owed"), "it is paid already"
    there = {"answer": "there", "demand": 0}
    await eventually(lambda: dispute.answers(**there).status_code == 200, "the consumer says that it is there")
    assert (await dispute.stands("closed"))["reason"] == "settled"
    ended = ["facilitation-ended", "relief-paid", "relief-fulfilled", "ticket-closed"]

    def said() -> bool:
        return [one for fact in running.facts(dispute.number) if (one := fact.split(".")[1]) in ended] == ended

    await eventually(said, f"{ended}, in this order")
    assert desk.send(f"{dispute.place}/step", **planned).status_code == 409, "it has ended"


async def _both_state_their_position(running: Suite, dispute: Dispute, position: dict[str, Any]) -> None:
    have_officer(running.mongo["pujk_gateway"], running.stack.secrets, "another-firms-1", "BANK-008", "service")
    token = firm_token(running.stack.secrets, "BANK-008", "service", subject="another-firms-1")
    dispute.people["another"] = {"Authorization": f"Bearer {token}"}
    assert problem(dispute.does("another", "position", **position)) == (404, "not-found")
    assert problem(dispute.does("service", "position", '"r1-b2"', **position)) == (412, "case-has-moved")
    key, tag = uuid4().hex, dispute.tag
    stated = [dispute.does("service", "position", tag, key, **position) for _ in range(2)]
    assert [one.status_code for one in stated] == [200, 200] and stated[0].json() == stated[1].json()
    assert problem(dispute.does("service", "position", None, key, **position | {"text": "Lain."})) == (
        *(409, "key-reused"),
    )
    async with running.firm("BANK-002") as system:
        said = [await system.act(StatePosition, dispute.number, id_=key, officer="dina", **position) for _ in range(2)]
        assert said[0]["status"] == "done" and said[0] == said[1]
        unowed = await system.act(FulfilRelief, dispute.number, round=1, officer="dina", demand=1, note="Lunas.")
        assert unowed["code"] == "nothing-owed"
    mine = {"answer": "position", "text": MINE}
    await eventually(lambda: dispute.answers(**mine).status_code == 200, "the consumer says what they think")
    await eventually(lambda: MINE in dispute.seen().text, "the firm reads it")
    await dispute.said("facilitation-step", 3)


async def test_what_is_not_settled_goes_to_laps_sjk_as_a_bundle_that_anybody_checks(
    running: Suite, people: People, desk: Desk, tmp_path: Path
) -> None:
    receipt = running.bring(loss=12_500_000)
    _brings_a_file(running, receipt)
    dispute = await Dispute(running, receipt, people).objected()
    desk.look(dispute.place)
    done(desk.send(f"{dispute.place}/open"))
    desk.look(dispute.place)
    done(desk.send(f"{dispute.place}/end", outcome="not-settled", text="Tidak sepakat.", sure="yes"))
    desk.look(dispute.place)

    intake = running.stack.services["intake"]
    intake.kill()
    away = desk.send(f"{dispute.place}/send")
    assert away.status_code == 503 and "Tidak ada yang dikirim" in refused(away)
    assert (dispute.kept["laps"], _kept(running, dispute)) == (None, (0, 0)), "nothing half"
    intake.start()
    form = {"once": desk.once()}
    with ThreadPoolExecutor(2) as pool:
        for answer in pool.map(lambda _: desk.send(f"{dispute.place}/send", **form), range(2)):
            done(answer)
    [sent] = await dispute.said("sent-to-laps")
    assert (sent["because"], sent["working_days"], _kept(running, dispute)[0]) == ("not-settled", 20, 1)
    viewed = len(running.facts(dispute.number))
    with at_desk(running, "supervisor") as onlooker:
        assert onlooker.look(f"/desk/cases/{dispute.number}/bundle").status_code == 403
    taken = desk.look(f"/desk/cases/{dispute.number}/bundle")
    assert (taken.status_code, taken.headers["content-type"]) == (200, "application/zip")
    await eventually(lambda: len(running.facts(dispute.number)) > viewed, "that it was taken is said")
    assert running.facts(dispute.number).count("intake.data-viewed") >= 2
    audit = running.mongo["pujk_gateway"]["audit"]
    acts = {one["_id"]: one["act"] for one in audit.find({"object.number": dispute.number})}
    assert "GET /desk/cases/{number}/bundle" in acts.values()
    assert audit.find_one({"asked": {"$in": list(acts)}, "object.decision": "not-settled"})
    _is_what_it_says(taken.content, sent["bundle"], tmp_path)

    page = desk.look(dispute.place).text
    assert "hari kerja ke-20" in page and sent["bundle"] in page
    done(desk.send(f"{dispute.place}/verified"))
    [step] = await dispute.said("laps-step")
    assert step["step"] == "verified" and step["mediated_by"][:10] == later(30)
    twice = desk.send(f"{dispute.place}/verified")
    assert twice.status_code == 409
    desk.look(dispute.place)
    done(desk.send(f"{dispute.place}/decided", outcome="award", text="Menurut putusan.", sure="yes"))
    assert (await dispute.stands("closed"))["reason"] == "laps"
    await eventually(
        lambda: running.track(receipt).get("stage", {}).get("code", "").startswith("closed"), "the consumer reads it"
    )


async def test_over_the_limit_ojk_does_not_facilitate_and_sends_it_on(
    running: Suite, people: People, desk: Desk
) -> None:
    dispute = await Dispute(running, running.bring(loss=600_000_000), people).objected()
    page = desk.look(dispute.place).text
    assert "Rp600.000.000" in page and f'action="{dispute.place}/open"' not in page
    failed = desk.send(f"{dispute.place}/open", basis=str(dispute.seen().json()["basis"]))
    assert failed.status_code == 409 and "syarat" in refused(failed)
    assert dispute.kept["facilitation"] is None
    desk.look(dispute.place)
    done(desk.send(f"{dispute.place}/send"))
    [sent] = await dispute.said("sent-to-laps")
    assert sent["because"] == "over-limit"
    assert (await dispute.stands("at-laps"))["laps_until"].startswith(sent["verified_by"][:10])


def _brings_a_file(running: Suite, receipt: dict[str, Any]) -> None:
    headers = {"X-API-Key": running.known["credentials"]["channels"]["web"]["api_key"]}
    headers |= {"X-Service-PIN": receipt["pin"], "Content-Disposition": 'attachment; filename="buku tabungan.pdf"'}
    door = f"{running.url('intake')}/services/{receipt['number']}/attachments"
    running.http.post(door, content=papers.pdf(), headers=headers).raise_for_status()


def _kept(running: Suite, dispute: Dispute) -> tuple[int, int]:
    """Bundles of the matter that are kept, and pieces of no bundle."""
    gateway, ours = running.mongo["pujk_gateway"], {"$regex": f"^{dispute.number}"}
    files = [one["_id"] for one in gateway["bundles.files"].find({"_id": ours})]
    return len(files), gateway["bundles.chunks"].count_documents({"files_id": ours | {"$nin": files}})


def _is_what_it_says(made: bytes, bundle: str, folder: Path) -> None:
    """By the lines that it brings itself, with nothing of ours."""
    with ZipFile(BytesIO(made)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    signature, hashes = re.findall(
        r"^ {3}(openssl pkeyutl .*|python3 -c .*)$", (folder / "CARA-PERIKSA.txt").read_text("utf-8"), re.M
    )

    def typed(line: str) -> str:
        return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=False).stdout

    assert "Verified Successfully" in typed(signature)
    assert {line.split()[0] for line in typed(hashes).splitlines()} == {"COCOK"}
    digest = typed("sha256sum manifest.json").split()[0]
    assert digest == bundle, "what was said is what was taken"
    evidence = folder / "bukti" / "01-buku_tabungan.pdf"
    evidence.write_bytes(evidence.read_bytes() + b" ")
    assert "BERBEDA bukti/01-buku_tabungan.pdf" in typed(hashes)
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b" ")
    assert "Verified Successfully" not in typed(signature)
