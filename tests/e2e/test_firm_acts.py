"""Firms act over HTTP as by queue: on what they have seen, once per key, in a name; two at once lose nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from kit import papers
from kit.running import Suite, eventually
from kit.tokens import deciding, firm_token, have_officer, system_token
from slkt_local.mail import mails, text_of

FIRM = "BANK-002"
WORDS = "Mohon kirim salinan buku tabungan bulan Maret."
PROMISED = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
WHY = "Kami menunggu rekaman dari penyedia mesin ATM."


class Ticket:
    """A complaint whose turn is the firm's, and ways to act on it."""

    def __init__(self, running: Suite, number: str, people: dict[str, dict[str, str]]) -> None:
        self._running, self.number, self.people = running, number, people
        self.url = f"{running.url('pujk_gateway')}/pujk/tickets/{number}"

    def seen(self, who: str = "service") -> httpx.Response:
        return self._running.http.get(self.url, headers=self.people[who])

    @property
    def tag(self) -> str:
        return str(self.seen().headers["etag"])

    def does(self, who: str, act: str, tag: str | None = None, key: str | None = None, **body: Any) -> httpx.Response:
        headers = self.people[who] | ({"If-Match": tag} if tag else {}) | ({"Idempotency-Key": key} if key else {})
        return self._running.http.post(f"{self.url}/{act}", json=body, headers=headers)

    def taken_over(self) -> "Ticket":
        self.does("service", "take-over", round=1).raise_for_status()
        return self


@pytest.fixture(scope="module")
def people(running: Suite) -> dict[str, dict[str, str]]:
    """Who acts, by seat, and the firm's systems, by what they may."""

    def bearer(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    gateway, secrets, found = running.mongo["pujk_gateway"], running.stack.secrets, {}
    for seat in ("product", "service", "deciding"):
        account = f"acting-{seat}-1"
        have_officer(gateway, secrets, account, FIRM, seat)
        found[seat] = bearer(firm_token(secrets, FIRM, seat, subject=account))
    for scope in ("tickets:read", "tickets:act"):
        found[scope] = bearer(system_token(gateway, secrets, FIRM, scope))
    return found


@pytest.fixture
async def ticket(running: Suite, people: dict[str, dict[str, str]]) -> Ticket:
    brought = Ticket(running, running.bring()["number"], people)
    await eventually(lambda: brought.seen().status_code == 200, "the ticket is the firm's")
    return brought


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:slkt:problem:")


def a_proposal(**but: Any) -> dict[str, Any]:
    answers = [{"demand": 1, "answer": "granted", "amount": 750_000, "promised_by": PROMISED}]
    return {"kind": "monetary-relief", "amount": 750_000, "answers": answers, "text": "Kami kembalikan."} | but


async def test_a_file_is_brought_first_and_named_then(running: Suite, ticket: Ticket) -> None:
    def bring(who: str, content: bytes, **query: str) -> httpx.Response:
        headers = ticket.people[who] | {"Content-Disposition": "attachment; filename=bukti.pdf"}
        return running.http.post(f"{ticket.url}/attachments", content=content, headers=headers, params=query)

    content = papers.pdf()
    note: dict[str, Any] = {"round": 1, "kind": "documents-checked", "note": "Lihat lampiran."}
    assert problem(bring("service", content)) == (409, "not-taken-over")
    ticket.taken_over()
    assert problem(bring("service", b"MZ\x90\0" + b"\0" * 9_000)) == (415, "attachment-kind")
    assert problem(bring("tickets:act", content)) == (422, "invalid"), "a system says in whose name"
    brought = bring("tickets:act", content, officer="acting-service-1")
    assert (brought.status_code, brought.json()["name"], brought.json()["scan"]) == (201, "bukti.pdf", "not-scanned")
    file = brought.json()["id"]
    assert bring("product", content).json()["id"] == file, "the same content of the same firm is the same file"
    assert problem(ticket.does("service", "follow-ups", attachments=["0" * 32], **note)) == (422, "no-such-file")
    assert ticket.does("service", "follow-ups", attachments=[file], **note).status_code == 200
    assert ticket.does("deciding", "proposals", ticket.tag, **a_proposal(attachments=[file])).status_code == 200
    seen = ticket.seen().json()
    assert [one["attachments"] for one in seen["history"] if one["what"] == "follow-up-added"] == [[file]]
    assert seen["proposals"][0]["attachments"] == [file]
    facts, told = running.mongo["pujk_gateway"]["facts"], {"subject": ticket.number, "body": {"$regex": file}}
    await eventually(lambda: facts.count_documents(told) == 2, "both say the file")


async def test_of_two_who_act_at_once_the_second_is_told_what_the_first_did(ticket: Ticket) -> None:
    tag = ticket.taken_over().tag
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("deciding", "proposals", a_proposal()),
        ("product", "decline", {"kind": "not-our-customer", "text": "Bukan nasabah kami."}),
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: ticket.does(one[0], one[1], tag, **one[2]), acts))
    [done] = [one for one in answers if one.status_code == 200]
    [refused] = [one for one in answers if one.status_code != 200]
    if done.json()["state"] == "proposed":
        assert problem(refused) == (412, "case-has-moved")
        assert [one["what"] for one in refused.json()["changes"]] == ["proposed"]
        assert refused.json()["basis"] == done.json()["basis"]
    else:
        assert problem(refused) == (403, "no-longer-yours"), "the firm itself gave the ticket up"
    assert done.headers["etag"] == f'"r1-b{done.json()["basis"]}"' == ticket.tag
    happened = [one["what"] for one in ticket.seen().json()["history"]]
    assert happened == ["routed", "taken-over", done.json()["state"]]


async def test_two_follow_ups_at_once_are_both_kept_and_a_colleague_takes_over_with_notice(ticket: Ticket) -> None:
    ticket.taken_over()
    note: dict[str, Any] = {"round": 1, "kind": "internal-review", "note": "Diperiksa."}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda who: ticket.does(who, "follow-ups", **note), ["service", "product"] * 4))
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["basis"] for one in answers}) == 8
    old = ticket.does("product", "take-over", '"r1-b2"', round=1)
    assert problem(old) == (412, "case-has-moved"), "If-Match is heeded where it is said"
    assert ticket.does("product", "take-over", round=1).json()["basis"] == 11
    assert ticket.does("deciding", "release", round=1).json()["state"] == "in-handling"
    seen = ticket.seen().json()
    handed, given_back = seen["history"][-2:]
    assert (handed["before"], handed["by"]) == ("acting-service-1", "acting-product-1")
    assert (given_back["what"], given_back["before"], given_back["by"], seen["holder"]) == (
        *("released", "acting-product-1", "acting-deciding-1"),
        None,
    )
    assert problem(ticket.does("service", "follow-ups", **note)) == (409, "not-taken-over")


async def test_a_judgement_says_what_was_seen(ticket: Ticket) -> None:
    tag = ticket.taken_over().tag
    assert problem(ticket.does("service", "documents", text=WORDS)) == (428, "precondition-required")
    assert problem(ticket.does("service", "documents", "*", text=WORDS)) == (428, "precondition-required")
    for stranger in ('"abc"', "W/" + tag, '"r1-b999"'):
        assert problem(ticket.does("service", "documents", stranger, text=WORDS)) == (412, "unknown-basis"), stranger
    assert problem(ticket.does("service", "documents", '"r7-b2"', text=WORDS)) == (422, "no-such-round")
    assert ticket.does("service", "documents", f'"r1-b1", {tag}', text=WORDS).status_code == 200
    assert problem(ticket.does("product", "documents", ticket.tag, text=WORDS)) == (409, "already-waiting")


async def test_a_key_is_one_persons_and_the_same_act_is_answered_the_same_way(ticket: Ticket) -> None:
    key = uuid4().hex
    note: dict[str, Any] = {"round": 1, "kind": "other", "note": "Dicek."}
    tag = ticket.taken_over().tag
    first = ticket.does("service", "documents", tag, key, text=WORDS)
    assert ticket.does("product", "follow-ups", None, key, **note).json()["basis"] == first.json()["basis"] + 1
    again = ticket.does("service", "documents", tag, key, text=WORDS)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), first.headers["etag"])
    assert problem(ticket.does("service", "documents", tag, key, text="Lain.")) == (409, "key-reused")


async def test_a_system_acts_in_somebodys_name_and_proposes_in_the_name_of_who_decides(
    running: Suite, ticket: Ticket
) -> None:
    assert problem(ticket.does("tickets:read", "take-over", round=1)) == (403, "forbidden")
    nameless = ticket.does("tickets:act", "take-over", round=1)
    assert (problem(nameless), nameless.json()["problems"][0]["field"]) == ((422, "invalid"), "officer")
    assert problem(ticket.does("tickets:act", "take-over", round=1, officer="somebody")) == (403, "officer-may-not-act")
    assert problem(ticket.does("service", "take-over", round=1, officer="acting-product-1")) == (422, "invalid")
    taken = ticket.does("tickets:act", "take-over", round=1, officer="acting-product-1").raise_for_status()
    tag = taken.headers["etag"]
    for officer in ("acting-product-1", "acting-service-1"):
        refused = ticket.does("tickets:act", "proposals", tag, **a_proposal(officer=officer))
        assert problem(refused) == (403, "no-deciding-seat")
    assert problem(ticket.does("service", "proposals", tag, **a_proposal())) == (403, "no-deciding-seat")
    have_officer(running.mongo["pujk_gateway"], running.stack.secrets, "acting-deciding-2", "BANK-008", "deciding")
    stranger = ticket.does("tickets:act", "proposals", tag, **a_proposal(officer="acting-deciding-2"))
    assert problem(stranger) == (403, "officer-may-not-act"), "another firm's is nobody"
    proposed = ticket.does("tickets:act", "proposals", tag, **a_proposal(officer=deciding(FIRM)))
    assert proposed.json()["state"] == "proposed"
    audit = running.mongo["pujk_gateway"]["audit"]
    assert audit.find_one({"act": "POST /pujk/tickets/{number}/proposals", "behalf": FIRM})


async def test_documents_are_asked_of_the_consumer_by_mail_and_on_the_page_until_they_are_there(
    running: Suite, people: dict[str, dict[str, str]]
) -> None:
    receipt = running.bring()
    ticket = Ticket(running, receipt["number"], people)
    await eventually(lambda: ticket.seen().status_code == 200, "the ticket is the firm's")
    tag = ticket.taken_over().tag
    asked = ticket.does("service", "documents", tag, text=WORDS).raise_for_status()
    stands = ticket.seen().json()
    assert (stands["state"], stands["waiting_for"], asked.json()["state"]) == (
        "in-handling",
        "documents",
        "in-handling",
    )
    waits = await eventually(lambda: (shown := running.track(receipt)).get("documents") and shown, "it is asked for")
    assert (waits["stage"]["code"], waits["stage"]["whose_turn"]["id"]) == ("documents", "Anda")
    assert waits["documents"] == WORDS
    folder = Path(running.known["mail_dir"])

    def mailed() -> bool:
        read = (f"{one['subject']}\n{text_of(one)}" for one in mails(folder))
        return any(WORDS in text and "membutuhkan dokumen" in text for text in read)

    await eventually(mailed, "the consumer is mailed what is asked")
    await running.said(ticket.number, "routing.clock-paused")
    ticket.does("service", "documents/received", round=1).raise_for_status()
    assert problem(ticket.does("service", "documents/received", round=1)) == (409, "not-waiting")
    await running.said(ticket.number, "routing.clock-resumed")
    ticket.does("service", "documents", ticket.tag, text=WORDS).raise_for_status()
    headers = {"X-API-Key": running.known["credentials"]["channels"]["web"]["api_key"]}
    headers |= {"X-Service-PIN": receipt["pin"], "Content-Disposition": 'attachment; filename="buku-tabungan.txt"'}
    door = f"{running.url('intake')}/services/{ticket.number}/attachments"
    running.http.post(door, content=b"Saldo bulan Maret: nihil.", headers=headers).raise_for_status()
    await eventually(lambda: ticket.seen().json()["waiting_for"] is None, "the consumer's file ended the wait")
    came = ticket.seen().json()["history"][-1]
    assert (came["what"], came["kind"], came["by"]) == ("documents-received", "consumer", None)
    await eventually(lambda: running.track(receipt)["stage"]["code"] == "in_handling", "the firm goes on")


async def test_ojk_decides_about_more_time_and_the_new_day_is_the_firms(running: Suite, ticket: Ticket) -> None:
    gateway, decider = running.url("pujk_gateway"), running.staff("decider")
    before = ticket.taken_over().seen().json()["due"]
    ticket.does("service", "extension", ticket.tag, text=WHY).raise_for_status()
    assert problem(ticket.does("product", "extension", ticket.tag, text=WHY)) == (409, "extension-spent")
    listed = (
        running.http.get(f"{gateway}/extensions?limit=500", headers=decider).raise_for_status().json()["extensions"]
    )
    [asked] = [one for one in listed if one["number"] == ticket.number]
    assert (asked["text"], asked["by"], asked["pujk"], asked["extension_days"]) == (WHY, "acting-service-1", FIRM, 10)
    path = f"{gateway}/cases/{ticket.number}/extension"
    for wrong in ({"decision": "refuse"}, {"decision": "grant", "reason": "ya"}, {"decision": "later"}):
        assert running.http.post(path, json=wrong, headers=decider).status_code == 422
    stale = running.http.post(path, json={"decision": "grant", "basis": 1}, headers=decider)
    assert problem(stale) == (409, "case-has-moved")
    key = decider | {"Idempotency-Key": uuid4().hex}
    said = {"decision": "grant", "basis": asked["basis"]}
    granted = running.http.post(path, json=said, headers=key).raise_for_status().json()
    assert running.http.post(path, json=said, headers=key).json() == granted
    assert problem(running.http.post(path, json={"decision": "grant"}, headers=decider)) == (409, "no-extension-asked")
    await running.said(ticket.number, "routing.deadline-moved")
    await eventually(lambda: ticket.seen().json()["due"] > before, "the firm has until another day")
    shown = ticket.seen().json()
    assert (shown["extension"], shown["history"][-1]["what"], shown["history"][-1]["by"]) == (
        *("granted", "extension-decided"),
        None,
    )
    told = {"subject": ticket.number, "body": {"$regex": "deadline-moved"}}
    await eventually(lambda: running.mongo["notifier"]["facts"].find_one(told), "the consumer is mailed the new day")
