"""Is a draft its browser's alone, does it become one matter however often it is sent, and does nothing of it get
lost or leak on the way?"""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from kit.running import Suite, eventually

WRITTEN = {
    "masalah": {"pujk": "BRI", "product": "savings", "issue": "fees", "moved": "no"},
    "cerita": {
        "story": "Potongan biaya tanpa persetujuan.", "demand_1": "Kembalikan biaya itu", "amount_1": "150.000",
        "tried": "yes", "brought_on": "2026-01-05", "in_court": "no",
    },
    "diri": {"name": "Sri Rahayu", "nik": "3171234501900001", "phone": "081234567890", "tell_by": "sms"},
}  # fmt: skip
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


class Phone:
    """A browser without a script."""

    def __init__(self, running: Suite, **but: object) -> None:
        self.http = httpx.AsyncClient(base_url=str(running.known["entry"]), timeout=30, trust_env=False, **but)  # type: ignore[arg-type]
        self.mark = ""

    async def look(self, path: str) -> httpx.Response:
        answer = await self.http.get(path)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text)
        self.mark = found[1] if found else self.mark
        return answer

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return await self.http.post(path, data={"csrf": self.mark, **fields}, headers=FROM_HERE)

    async def brings(self, kind: str = "complaint", **but: str) -> None:
        """As far as the last step."""
        assert (await self.send("/lapor", kind=kind)).status_code == 303
        for step, fields in WRITTEN.items():
            await self.look(f"/lapor/{step}")
            answer = await self.send(f"/lapor/{step}", **{**fields, **but})
            assert answer.status_code == 303, answer.text

    async def attaches(self, name: str, content: bytes) -> httpx.Response:
        await self.look("/lapor/lampiran")
        files = {"files": (name, content, "application/octet-stream")}
        return await self.http.post("/lapor/lampiran", data={"csrf": self.mark}, files=files, headers=FROM_HERE)

    async def sends(self) -> httpx.Response:
        """Nobody is believed to fill in five steps within three seconds: until they are."""
        await self.look("/lapor/periksa")

        async def sent() -> httpx.Response | None:
            answer = await self.send("/lapor/kirim", consent="yes")
            return None if "Periksa dulu" in answer.text else answer

        answer: httpx.Response = await eventually(sent, "a person's time is over")
        return answer

    async def receipt(self) -> tuple[str, str]:
        text = (await self.look("/lapor/tanda-terima")).text
        number, pin = re.search(r"data-number>([^<]+)<", text), re.search(r"data-pin>([^<]+)<", text)
        assert number and pin, text
        return "".join(filter(str.isdigit, number[1])), "".join(filter(str.isdigit, pin[1]))


async def test_pressed_twice_at_once_it_is_one_matter_with_its_file_once(running: Suite) -> None:
    phone, files = Phone(running), running.mongo["intake"]["draft_files.files"]
    others = set(files.distinct("_id"))
    await phone.brings()
    await phone.attaches("bukti.txt", b"rekening koran")
    before = running.mongo["intake"]["services"].count_documents({"state.channel": "web"})
    await phone.sends()
    both = await asyncio.gather(*(phone.send("/lapor/kirim", consent="yes") for _ in range(3)))
    assert {one.headers.get("location") for one in both} == {"/lapor/tanda-terima"}
    number, pin = await phone.receipt()
    assert (number, pin) == await phone.receipt()
    assert running.mongo["intake"]["services"].count_documents({"state.channel": "web"}) == before + 1
    (matter,) = running.mongo["intake"]["services"].find({"_id": number})
    assert [one["who"] for one in matter["state"]["attachments"]] == ["web"]
    answer = await phone.http.post("/track", json={"number": number, "pin": pin})
    assert answer.status_code in (200, 404), answer.text
    await running.said(number, "routing.ticket-routed")
    assert set(files.distinct("_id")) <= others, "nobody else's draft was sent"


async def test_a_crash_between_the_matter_and_its_files_is_made_good_by_sending_again(running: Suite) -> None:
    phone = Phone(running)
    await phone.brings()
    await phone.attaches("bukti.txt", b"tangkapan layar")
    with running.stack.database.client() as client:
        fail = {"configureFailPoint": "failCommand", "mode": {"times": 1}}
        data = {"failCommands": ["insert"], "namespace": "intake.attachments.chunks", "errorCode": 112}
        client.admin.command(fail | {"data": data})
        first = await phone.sends()
        client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    assert first.status_code == 503, first.text
    assert (await phone.send("/lapor/cerita", story="anders")).status_code in (303, 422)
    assert (await phone.send("/lapor/kirim")).headers["location"] == "/lapor/tanda-terima"
    number, _ = await phone.receipt()
    (matter,) = running.mongo["intake"]["services"].find({"_id": number})
    assert len(matter["state"]["attachments"]) == 1


async def test_a_draft_is_sealed_its_browsers_alone_and_no_form_from_elsewhere_touches_it(running: Suite) -> None:
    phone, other, secret = Phone(running), Phone(running), f"rahasia {uuid4().hex}"
    await phone.brings(story=secret)
    kept = str(list(running.mongo["intake"]["drafts"].find()))
    token = phone.http.cookies["slkt-draft"]
    assert secret not in kept and token not in kept
    assert secret in (await phone.look("/lapor/periksa")).text
    assert (await other.look("/lapor/periksa")).headers["location"] == "/lapor"
    other.http.cookies.set("slkt-draft", token[:-1] + ("0" if token[-1] != "0" else "1"))
    assert (await other.look("/lapor/periksa")).headers["location"] == "/lapor"
    mark, phone.mark = phone.mark, "0" * 64
    assert (await phone.send("/lapor/hapus")).status_code == 403
    phone.mark = mark
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = await phone.http.post("/lapor/hapus", data={"csrf": mark}, headers=elsewhere)
    assert answer.status_code == 403
    assert (await phone.send("/lapor/hapus")).status_code == 303
    assert (await phone.look("/lapor/periksa")).headers["location"] == "/lapor"
    logs = [Path(one) for one in running.known["logs"].values()]
    said = "".join([await asyncio.to_thread(one.read_text) for one in logs])
    assert secret not in said and token not in said


async def test_every_problem_of_a_step_is_told_at_once_and_what_was_written_stays(running: Suite) -> None:
    phone = Phone(running)
    await phone.send("/lapor", kind="complaint")
    await phone.look("/lapor/diri")
    answer = await phone.send("/lapor/diri", name="Sri", nik="123", email="sri", phone="nol", tell_by="email")
    assert answer.status_code == 422
    assert [f'id="{one}-wrong"' in answer.text for one in ("nik", "email", "phone", "name")] == [True] * 3 + [False]
    assert 'value="123"' in (await phone.look("/lapor/diri")).text
    files = [await phone.attaches("x.exe", b"MZ\x90\x00" * 999), await phone.attaches("kosong.pdf", b"")]
    assert [one.status_code for one in files] == [422, 422]
    assert "kosong.pdf" in files[1].text
    page = await phone.sends()
    assert page.status_code == 422
    assert all(f'href="/lapor/{step}"' in page.text for step in ("masalah", "cerita", "diri"))


async def test_several_files_come_at_once_and_each_that_is_not_taken_is_named(running: Suite) -> None:
    """Together they are more than one file may be; what is wrong with one keeps no other out."""
    phone, line = Phone(running), b"rekening koran\n"
    await phone.brings()
    await phone.look("/lapor/lampiran")
    large = {name: name.encode() + line * 420_000 for name in ("satu.txt", "tiga.txt", "lima.txt")}
    large |= {"dua.exe": b"MZ\x90\x00" * 999, "empat.txt": line * 700_000}
    files = [("files", (name, large[name])) for name in ("satu.txt", "dua.exe", "tiga.txt", "empat.txt", "lima.txt")]
    answer = await phone.http.post("/lapor/lampiran", data={"csrf": phone.mark}, files=files, headers=FROM_HERE)
    assert answer.status_code == 422 and "3 berkas sudah masuk" in answer.text
    wrong = re.search(r'id="files-wrong">(.*?)</div>', answer.text, re.DOTALL)
    assert wrong and [name for name in large if name in wrong[1]] == ["dua.exe", "empat.txt"]
    assert "empat.txt: terlalu besar. Paling banyak 10 MB" in wrong[1]


async def test_what_is_over_is_gone_and_a_robot_begins_nothing(running: Suite) -> None:
    phone = Phone(running)
    before = running.mongo["intake"]["drafts"].count_documents({})
    assert (await phone.send("/lapor", kind="question", website="http://spam")).headers["location"] == "/lapor"
    assert running.mongo["intake"]["drafts"].count_documents({}) == before
    await phone.send("/lapor", kind="question")
    await phone.look("/lapor/masalah")
    running.mongo["intake"]["drafts"].update_many({}, {"$set": {"until": datetime.now(UTC) - timedelta(seconds=1)}})
    assert (await phone.look("/lapor/masalah")).headers["location"] == "/lapor"
    assert (await phone.send("/lapor/masalah", pujk="x")).status_code == 404
    attempts, until = running.mongo["intake"]["attempts"], datetime.now(UTC) + timedelta(minutes=1)
    attempts.update_one({"_id": "lapor:127.0.0.1"}, {"$set": {"wrong": 10**9, "until": until}}, upsert=True)
    refused = await phone.send("/lapor", kind="question")
    attempts.delete_one({"_id": "lapor:127.0.0.1"})
    assert (refused.status_code, refused.headers["retry-after"] > "0") == (429, True)


async def test_who_sends_a_page_of_an_earlier_draft_gets_their_words_back_and_no_draft_takes_them(
    running: Suite,
) -> None:
    phone, story, staff = Phone(running), f"Panjang <b>{uuid4().hex}</b>", "Jaga kerahasiaan data konsumen"

    async def tells(status: int, link: str) -> None:
        answer = await phone.send("/lapor/cerita", story=story, loss="2 juta", in_court="no")
        page = answer.text
        assert (answer.status_code, story.replace("<", "&lt;").replace(">", "&gt;") in page) == (status, True), page
        assert ("Rp2.000.000" in page, link in page, staff in page) == (True, True, False), page

    await phone.send("/lapor", kind="complaint")
    await phone.look("/lapor/cerita")
    old, token = phone.mark, phone.http.cookies["slkt-draft"]
    await phone.send("/lapor/hapus")
    await tells(404, "Isian ini sudah tidak ada")
    phone.http.cookies.set("slkt-draft", token, path="/lapor")
    await tells(404, "Isian ini sudah tidak ada")
    phone.http.cookies.clear()
    await phone.send("/lapor", kind="question")
    phone.mark = old
    await tells(403, "Ini halaman dari isian lama")
    assert story.split(">")[1][:32] not in (await phone.look("/lapor/periksa")).text
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    forged = await phone.http.post("/lapor/cerita", data={"csrf": phone.mark, "story": story}, headers=elsewhere)
    assert (forged.status_code, "Panjang" in forged.text, staff in forged.text) == (403, False, False)
    assert staff in (await phone.look("/staff/log-in")).text


async def test_firms_are_found_by_anybody_and_the_list_of_illegal_entities_is_replaced_as_a_whole(
    running: Suite,
) -> None:
    phone, url = Phone(running), f"{running.url('routing')}/illegal-entities"
    headers = running.staff("administrator")

    async def told(name: str) -> tuple[list[str], list[str]]:
        found = (await phone.http.get("/directory/find", params={"q": name})).json()
        return [one["code"] for one in found["firms"]], [one["name"] for one in found["illegal"]]

    assert (await told("bank rakyt indonesia"))[0][0] == "BANK-002"
    for names in (["Dompet Kilat Jaya", "Cepat Kaya"], ["Cepat Kaya"], []):
        body = json.dumps([{"name": one} for one in names])
        assert running.http.put(url, content=body, headers=headers).json() == {"entities": len(names)}
        assert (await told("cepatkaya"))[1] == [one for one in names if one == "Cepat Kaya"]
        assert (await told("dompet kilat jaya"))[1] == [one for one in names if one != "Cepat Kaya"]
    assert running.mongo["routing"]["illegal_entities"].count_documents({}) == 0
    assert running.http.put(url, content="[]", headers=running.staff("cso")).status_code == 403
    assert running.http.put(url, content='[{"name": ""}]', headers=headers).status_code == 422
    assert (await phone.http.get("/directory/find")).status_code == 422


@pytest.mark.parametrize("kind", ["indication", "question", "information"])
async def test_the_other_kinds_come_through_as_well(running: Suite, kind: str) -> None:
    phone = Phone(running)
    await phone.brings(kind)
    await phone.attaches("foto.txt", b"isi foto")
    assert (await phone.sends()).headers["location"] == "/lapor/tanda-terima"
    number, _ = await phone.receipt()
    (matter,) = running.mongo["intake"]["services"].find({"_id": number})
    assert (matter["state"]["kind"], len(matter["state"]["attachments"])) == (kind, 1)
