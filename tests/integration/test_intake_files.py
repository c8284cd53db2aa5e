"""Files come to a matter, are kept sealed, and are opened by addresses that end."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from chassis.auth import ServiceTokens
from intake.adapters.links import SealedLinks
from intake.attachments import Link, LinkEnded, LinkWrong
from kit import papers
from kit.openapi import Now
from kit.running import Suite

DINA = "account-" + "d1" * 16
NAME = "bukti transfer Sari Dewi.pdf"


def named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def brings(running: Suite, receipt: dict[str, Any], content: Any, name: str = NAME, **but: str) -> httpx.Response:
    """The consumer, by the channel of the web."""
    key = running.known["credentials"]["channels"]["web"]["api_key"]
    headers = {"X-API-Key": key, "X-Service-PIN": receipt["pin"], **named(name), **but}
    return running.http.post(
        f"{running.url('intake')}/services/{receipt['number']}/attachments", content=content, headers=headers
    )


def as_gateway(running: Suite) -> dict[str, str]:
    tokens = ServiceTokens(running.stack.secrets.service_key("pujk_gateway"), "pujk_gateway", Now())
    return {"Authorization": f"Bearer {tokens.token('intake', 'show a ticket')}"}


def dossier(running: Suite, number: str, **asked: Any) -> httpx.Response:
    body = {"by": DINA, "role": "service", "pujk": "BANK-002"} | asked
    return running.http.post(f"{running.url('intake')}/dossiers/{number}", json=body, headers=as_gateway(running))


def adds(running: Suite, number: str, content: bytes, *, by: str = "pujk", pujk: str | None = "BANK-002") -> Any:
    answer = running.http.post(
        f"{running.url('intake')}/dossiers/{number}/attachments",
        params={"by": by, "account": DINA} | ({"pujk": pujk} if pujk else {}),
        content=content,
        headers=as_gateway(running) | named("rekening koran.pdf"),
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def receipt(running: Suite) -> dict[str, Any]:
    return running.bring()


def opens(running: Suite, link: str) -> httpx.Response:
    return running.http.get(f"{running.url('intake')}{link}")


async def test_a_file_is_kept_sealed_said_and_given_back_as_it_came(running: Suite, receipt: dict[str, Any]) -> None:
    content = papers.pdf(3_000_000)
    answer = brings(running, receipt, content)
    assert answer.status_code == 201, answer.text
    kept = answer.json()["attachment"]
    assert (kept["name"], kept["media_type"], kept["size"]) == (NAME, "application/pdf", len(content))
    assert (kept["scan"], kept["by"], answer.json()["known"]) == ("not-scanned", "consumer", False)

    await running.said(receipt["number"], "intake.service-amended")
    stored = running.mongo["intake"]["services"].find_one({"_id": receipt["number"]}) or {}
    assert "Sari" not in str(stored["state"]["attachments"])
    chunks = running.mongo["intake"]["attachments.chunks"].find({"files_id": kept["id"]}).sort("n", 1)
    sealed = b"".join(one["data"] for one in chunks)
    assert len(sealed) > len(content) and content[1_000:1_032] not in sealed
    assert running.mongo["intake"]["uploads"].count_documents({"_id": kept["id"]}) == 0

    shown = dossier(running, receipt["number"]).json()["attachments"][0]
    opened = opens(running, shown["link"])
    assert opened.content == content
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME, safe='')}"
    assert opened.headers["x-content-type-options"] == "nosniff"
    assert opened.headers["cache-control"] == "no-store"
    assert opened.headers["content-security-policy"].startswith("sandbox;")
    read = running.mongo["intake"]["key_reads"].find_one({"file": kept["id"]}) or {}
    assert (read["by"], read["numbers"], read["pujk"]) == (DINA, [receipt["number"]], "BANK-002")


def test_the_same_content_is_told_as_known_and_kept_once(running: Suite, receipt: dict[str, Any]) -> None:
    content = papers.png()
    first = brings(running, receipt, content, "layar.png").json()
    again = brings(running, receipt, content, "lain.png").json()
    assert (again["known"], again["attachment"]["id"]) == (True, first["attachment"]["id"])
    stored = running.mongo["intake"]["services"].find_one({"_id": receipt["number"]}) or {}
    ids = [one["id"] for one in stored["state"]["attachments"]]
    files = running.mongo["intake"]["attachments.files"]
    assert ids.count(first["attachment"]["id"]) == 1
    assert running.mongo["intake"]["uploads"].count_documents({"number": receipt["number"]}) == 0
    assert files.count_documents({"_id": {"$in": ids}}) == len(ids)


def test_what_is_not_taken_is_told_why_and_leaves_nothing(running: Suite, receipt: dict[str, Any]) -> None:
    files = running.mongo["intake"]["attachments.files"]
    before = files.count_documents({})
    refused = {
        "attachment-kind": (415, b"MZ\x90\0" + b"\0" * 20_000, "Windows Executable"),
        "attachment-empty": (422, b"", "choose another"),
        "attachment-too-large": (413, papers.pdf(10 * 2**20 + 1), "10 MiB"),
    }
    for code, (status, content, says) in refused.items():
        answer = brings(running, receipt, content)
        told = answer.json()
        assert (answer.status_code, told["type"]) == (status, f"urn:slkt:problem:{code}"), told
        assert says in told["detail"]
    far = brings(running, receipt, iter([b"x" * 2**20] * 17))
    assert far.status_code in (413, 415)
    assert files.count_documents({}) == before
    assert (
        running.mongo["intake"]["attachments.chunks"].count_documents({"files_id": {"$nin": files.distinct("_id")}})
        == 0
    )


def test_only_who_has_the_pin_brings_a_file(running: Suite) -> None:
    receipt = running.bring()
    wrong = receipt | {"pin": str((int(receipt["pin"]) + 1) % 10**8).zfill(8)}
    assert brings(running, wrong, papers.pdf()).status_code == 404
    nobody = running.http.post(f"{running.url('intake')}/services/{receipt['number']}/attachments", content=b"x")
    assert nobody.status_code == 401


def test_a_matter_that_ended_takes_no_file(running: Suite) -> None:
    data = {
        "kind": "question",
        "private": {"consumer": {"name": "Budi", "phone": "+62 810-1111-2222"}, "story": "Apakah ini berizin?"},
        "tell_by": "none",
    }
    ended = running.submit(data).json()
    withdrawal = f"{running.url('intake')}/services/{ended['number']}/withdrawal"
    headers = {"X-API-Key": running.stack.channel_keys["web"]}
    assert running.http.post(withdrawal, json={"pin": ended["pin"]}, headers=headers).status_code == 200
    answer = brings(running, ended, papers.pdf())
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:slkt:problem:service-ended")


def test_a_matter_takes_so_many_files(running: Suite) -> None:
    receipt = running.bring()
    for _ in range(20):
        assert brings(running, receipt, papers.png()).status_code == 201
    full = brings(running, receipt, papers.png())
    assert (full.status_code, full.json()["type"]) == (409, "urn:slkt:problem:attachments-full")


def test_a_firm_sees_the_consumers_files_and_its_own(running: Suite) -> None:
    receipt = running.bring()
    number = receipt["number"]
    consumers = brings(running, receipt, papers.pdf()).json()["attachment"]["id"]
    own, others = adds(running, number, papers.pdf()), adds(running, number, papers.pdf(), pujk="BANK-008")
    ojks = adds(running, number, papers.pdf(), by="ojk", pujk=None)

    def seen(**asked: Any) -> set[str]:
        return {one["id"] for one in dossier(running, number, **asked).json()["attachments"]}

    ids = [one["attachment"]["id"] for one in (own, others, ojks)]
    assert seen() == {consumers, ids[0]}
    assert seen(pujk="BANK-008") == {consumers, ids[1]}
    assert seen(role="decider", pujk=None) == {consumers, *ids}


def test_a_link_that_is_changed_or_over_opens_nothing(running: Suite, receipt: dict[str, Any]) -> None:
    link = dossier(running, receipt["number"]).json()["attachments"][0]["link"]
    assert receipt["number"] not in link and DINA not in link
    changed = link[:60] + ("A" if link[60] != "A" else "B") + link[61:]
    for forged in (changed, link[:-8], "/attachments/x", f"/attachments/{'A' * 200}"):
        assert opens(running, forged).json()["type"] == "urn:slkt:problem:link-wrong"
    collection = running.mongo["intake"]["services"]
    collection.update_one({"_id": receipt["number"]}, {"$set": {"state.attachments.0.scan": "infected"}})
    assert opens(running, link).json()["type"] == "urn:slkt:problem:attachment-closed"
    assert dossier(running, receipt["number"]).json()["attachments"][0]["link"] is None
    collection.update_one({"_id": receipt["number"]}, {"$set": {"state.attachments.0.scan": "clean"}})
    assert opens(running, link).status_code == 200


def test_to_a_browser_a_link_that_opens_nothing_is_a_page(running: Suite) -> None:
    answer = running.http.get(f"{running.url('intake')}/attachments/x", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Tautan ini tidak membuka apa pun" in answer.text


def test_the_time_of_a_link_ends_by_the_databases_clock() -> None:
    links, now = SealedLinks(bytes(32)), Now().now()
    link = Link("5043812177304", "ab" * 16, DINA, "service", "BANK-002", now + timedelta(minutes=10))
    token = links.address(link).removeprefix("/attachments/")
    assert links.read(token, now + timedelta(minutes=9)).by == DINA
    with pytest.raises(LinkEnded):
        links.read(token, now + timedelta(minutes=11))
    with pytest.raises(LinkWrong):
        SealedLinks(bytes([1] * 32)).read(token, now)
