"""Is what is private readable anywhere? Markers in each personal field are looked for wherever data comes to rest."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import bson
from chassis.auth import ServiceTokens
from chassis.dossiers import DossierDesk
from contracts.dossier import Opening
from contracts.pujk import AddFollowUp, Decline, Propose, TakeOver
from contracts.topology import OWNERS, channel_user
from kit.openapi import Now
from kit.running import Suite, a_complaint, eventually
from slkt.sending import ChannelSender, DoorKey

MARK = f"penanda{uuid4().hex[:10]}"


def marked() -> dict[str, Any]:
    """A complaint with a marker in each field that may hold something personal."""
    return a_complaint(
        private={
            "consumer": {
                "name": f"{MARK} nama",
                "nik": "3171014501907777",
                "email": f"{MARK}@example.org",
                "phone": "+6281077712345",
                "address": f"{MARK} jalan",
            },
            "representative": {"name": f"{MARK} wakil", "email": f"{MARK}-w@example.org", "power_of_attorney": True},
            "story": f"{MARK} cerita",
            "account_number": f"{MARK} rekening",
            "demands": [f"{MARK} tuntutan"],
            "pujk_reference": f"{MARK} rujukan",
        },
    )


#: Addresses that open a file: whoever reads one could open it.
LINKS: list[str] = []
NEEDLES = (MARK, "3171014501907777", "6281077712345")


async def test_what_is_private_is_found_in_clear_in_no_place(running: Suite) -> None:
    door = DoorKey(running.http.get(f"{running.url('intake')}/door-key").json())
    receipts = [running.submit(marked()).json()]
    amqp = running.known["credentials"]["channels"]["phone"]["amqp"]
    async with ChannelSender(amqp, "phone", door) as phone:
        receipts.append(await phone.submit(uuid4().hex, marked()))
    await _refused_and_poison(running, amqp)
    await _file_and_looks(running, receipts[0])
    wrong = marked() | {"product": None, "surname": f"{MARK} kolom asing"}
    assert running.submit(wrong).status_code == 422
    await _acts(running, receipts[0]["number"])
    question = {
        "kind": "question",
        "private": {"consumer": {"name": MARK, "email": f"{MARK}@example.org"}, "story": MARK},
    }
    asked = running.submit(question).json()["number"]
    answer = running.http.post(
        f"{running.url('intake')}/services/{asked}/answer",
        json={"text": f"{MARK} jawaban"},
        headers=running.staff("cso"),
    )
    assert answer.status_code == 200
    await running.said(receipts[0]["number"], "pujk_gateway.ticket-declined")
    await eventually(lambda: _mailed(running) >= 3, "three mails to the marked addresses")
    await running.quiet()

    places = {
        **_databases(running),
        **_logs(running),
        **{f"metrics {n}": running.http.get(f"{url}/metrics").text for n, url in running.known["ops"].items()},
        **await _queues(running),
        **_spans(running),
    }
    assert len([name for name in places if name.startswith("database")]) > 15
    assert any(name.startswith("queue") and name.endswith(".dead") for name in places)
    assert any(name.startswith("spans") and text for name, text in places.items())
    found = [(name, needle) for name, text in places.items() for needle in (*NEEDLES, *LINKS) if needle in text]
    assert not found


async def _file_and_looks(running: Suite, receipt: dict[str, Any]) -> None:
    """A file with a marker in its name and content, also one that is not taken; a look with a reason; its opening."""
    intake, number = running.url("intake"), receipt["number"]
    headers = {
        "X-API-Key": running.known["credentials"]["channels"]["web"]["api_key"],
        "X-Service-PIN": receipt["pin"],
        "Content-Disposition": f'attachment; filename="{MARK} lampiran.txt"',
    }
    for content, status in ((f"{MARK} isi lampiran".encode(), 201), (f"{MARK}\0".encode(), 415)):
        brought = running.http.post(f"{intake}/services/{number}/attachments", content=content, headers=headers)
        assert brought.status_code == status
    tokens = ServiceTokens(running.stack.secrets.service_key("pujk_gateway"), "pujk_gateway", Now())
    desk = DossierDesk(intake, tokens, "show a ticket")
    opening = Opening(fields=("consumer.phone",), reason=f"{MARK} sebab melihat")
    found = await desk.dossier(number, by="account-" + "d1" * 16, role="service", pujk="BANK-002", opening=opening)
    await desk.close()
    (file,) = found.attachments
    assert file.name == f"{MARK} lampiran.txt"
    assert MARK in running.http.get(f"{intake}{file.link}").text
    assert running.http.get(f"{intake}{file.link}x").status_code == 404
    LINKS.append(str(file.link).rpartition("/")[2])


async def _refused_and_poison(running: Suite, amqp: str) -> None:
    """What cannot be accepted, in clear as a careless channel would send it: refused, and no message at all."""
    event = {
        "specversion": "1.0",
        "id": uuid4().hex,
        "type": "slkt.channel.submission.v1",
        "source": "/channel/phone",
        "data": marked() | {"issue": None},
    }
    connection = await aio_pika.connect(amqp)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange("slkt.submissions", ensure=False)
        bodies = (json.dumps(event), json.dumps(event)[:-5], json.dumps({"story": MARK}), f"{MARK}" * 100_000)
        for body in bodies:
            message = aio_pika.Message(
                body.encode(), type="slkt.channel.submission.v1", user_id=channel_user("phone"), message_id=uuid4().hex
            )
            await exchange.publish(message, "submission.phone", mandatory=True)

    def put_aside() -> bool:
        dead = running.management("/queues/slkt/submissions.phone.dead").get("messages", 0)
        return dead >= 2 and running.mongo["intake"]["refused"].count_documents({}) >= 1

    await eventually(put_aside, "two dead letters and a refusal kept")


async def _acts(running: Suite, number: str) -> None:
    """Everything a firm writes about a consumer; the last act ends its part."""
    async with running.firm("BANK-002") as firm:
        await firm.notice(number, "ticket-routed")
        taken = await firm.act(TakeOver, number, round=1, officer="dina")
        note = await firm.act(AddFollowUp, number, round=1, officer="dina", kind="other", note=f"{MARK} catatan")
        assert note["status"] == "done", note
        refused = await firm.act(
            Propose, number, round=1, basis=taken["basis"], officer="dina", kind="explanation", text=f"{MARK} usul"
        )
        assert refused["status"] == "refused"
        declined = await firm.act(
            Decline, number, round=1, basis=note["basis"], officer="dina", kind="affiliate", text=f"{MARK} alasan"
        )
        assert declined["status"] == "done", declined


def _mailed(running: Suite) -> int:
    return sum(MARK in path.read_text(errors="replace") for path in Path(running.known["mail_dir"]).glob("*.eml"))


def _databases(running: Suite) -> dict[str, str]:
    """Every document of every database, as it lies there."""
    found = {}
    for name in OWNERS:
        for collection in running.mongo[name].list_collection_names():
            raw = b"".join(bson.encode(document) for document in running.mongo[name][collection].find())
            found[f"database {name}.{collection}"] = raw.decode("utf-8", errors="replace")
    return found


async def _queues(running: Suite) -> dict[str, str]:
    """Every message that rests in any queue, with its headers."""
    found = {}
    connection = await aio_pika.connect(running.known["amqp"])
    async with connection:
        for queue in running.management("/queues/slkt"):
            channel = await connection.channel()
            held = await channel.get_queue(queue["name"], ensure=False)
            texts: list[str] = []
            while len(texts) < 500 and (message := await held.get(fail=False)) is not None:
                texts.append(message.body.decode("utf-8", errors="replace") + str(message.headers))
            found[f"queue {queue['name']}"] = "\n".join(texts)
            await channel.close()
    return {name: text for name, text in found.items() if text}


def _logs(running: Suite) -> dict[str, str]:
    return {f"log {name}": Path(path).read_text(errors="replace") for name, path in running.known["logs"].items()}


def _spans(running: Suite) -> dict[str, str]:
    return {f"spans {p.stem}": p.read_text() for p in running.stack.root.glob("*.spans")}
