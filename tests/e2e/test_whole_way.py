"""Does one complaint go the whole way, and does each of its people see what they must?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from contracts.pujk import AddFollowUp, Decline, Propose, TakeOver
from kit.running import FirmSystem, Suite, a_complaint, eventually
from kit.tokens import deciding
from slkt.sending import ChannelSender, DoorKey
from slkt_local.mail import mails, text_of, told_in

PROMISED = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
NOTE = "Konsumen sudah kami hubungi."


async def handled(firm: FirmSystem, number: str) -> dict[str, Any]:
    """Taken over, followed up, proposed; the last reply."""
    notice = await firm.notice(number, "ticket-routed")
    taken = await firm.act(TakeOver, number, round=notice["round"], officer="dina")
    assert taken["status"] == "done", taken
    followed = await firm.act(AddFollowUp, number, round=1, officer="dina", kind="contacted-consumer", note=NOTE)
    assert followed["status"] == "done", followed
    return await propose(firm, number, followed["basis"])


async def propose(firm: FirmSystem, number: str, basis: int) -> dict[str, Any]:
    return await firm.act(
        Propose,
        number,
        round=1,
        basis=basis,
        officer=deciding(firm.code),
        kind="monetary-relief",
        amount=750_000,
        answers=[{"demand": 1, "answer": "granted", "amount": 750_000, "promised_by": PROMISED}],
        text="Saldo kami kembalikan seluruhnya.",
    )


def decide(running: Suite, number: str, **body: Any) -> Any:
    url = f"{running.url('pujk_gateway')}/cases/{number}/decision"
    return running.http.post(url, json=body, headers=running.staff("decider"))


def mails_to(running: Suite, address: str) -> list[Any]:
    return [mail for mail in mails(Path(running.known["mail_dir"])) if address in str(mail["To"])]


async def test_a_complaint_is_routed_answered_returned_accepted_and_told_at_each_turn(running: Suite) -> None:
    address = f"konsumen-{uuid4().hex[:8]}@example.org"
    consumer = {"name": "Sari Dewi", "nik": "3171014501900001", "email": address}
    receipt = running.bring(private={"consumer": consumer})
    number = receipt["number"]
    async with running.firm("BANK-002") as firm:
        proposed = await handled(firm, number)
        assert proposed["status"] == "done", proposed
        again = await propose(firm, number, proposed["basis"])
        assert (again["status"], again["code"]) == ("refused", "already-proposed")
        returned = decide(running, number, decision="return", reason="Mohon lampirkan bukti.")
        assert returned.status_code == 200, returned.text
        notice = await firm.notice(number, "resolution-returned")
        stale = await propose(firm, number, proposed["basis"])
        assert (stale["status"], stale["code"]) == ("refused", "case-has-moved")
        assert (await propose(firm, number, notice["basis"]))["status"] == "done"
        assert decide(running, number, decision="accept").status_code == 200
    await running.said(number, "pujk_gateway.resolution-accepted")
    track = await eventually(lambda: _accepted(running.track(receipt)), "the consumer is asked")
    assert [entry["label"]["id"] for entry in track["timeline"]], track

    def seven() -> list[str] | None:
        told = [of for mail in mails_to(running, address) for of in told_in(mail)]
        return told if len(told) >= 7 else None

    told = await eventually(seven, "seven things are told by mail")
    assert len(told) == len({*told}) == 7
    assert any("Bank Rakyat Indonesia" in text_of(mail) for mail in mails_to(running, address))


def _accepted(track: dict[str, Any]) -> dict[str, Any] | None:
    return track if track.get("stage", {}).get("code") == "accepted" else None


async def test_the_same_matter_by_amqp_gets_the_same_receipt_as_by_http(running: Suite) -> None:
    door = DoorKey(running.http.get(f"{running.url('intake')}/door-key").json())
    key, data = uuid4().hex, a_complaint()
    async with ChannelSender(running.known["credentials"]["channels"]["web"]["amqp"], "web", door) as web:
        first = await web.submit(key, data)
        second = await web.submit(key, data)
        other = await web.submit(key, data | {"loss": 5})
    by_http = running.submit(data, key).json()
    assert first == second == by_http
    assert (other["status"], other["code"]) == ("refused", "key-reused")


async def test_a_question_is_answered_by_mail_and_on_the_tracking_view(running: Suite) -> None:
    address = f"penanya-{uuid4().hex[:8]}@example.org"
    question = {
        "kind": "question",
        "private": {"consumer": {"name": "Budi", "email": address}, "story": "Apakah pinjaman ini berizin?"},
    }
    receipt = running.submit(question).json()
    url = f"{running.url('intake')}/services/{receipt['number']}/answer"
    answer = running.http.post(url, json={"text": "Ya, berizin sejak 2020."}, headers=running.staff("cso"))
    assert answer.status_code == 200, answer.text
    found = await eventually(lambda: [m for m in mails_to(running, address) if "2020" in text_of(m)], "the mail")
    assert len(found) == 1
    track = await eventually(lambda: (t := running.track(receipt)).get("answer") and t, "the answer on the view")
    assert "Ya, berizin sejak 2020." in str(track["answer"])
    assert running.http.post(url, json={"text": "lagi"}, headers=running.staff("cso")).status_code == 409


async def test_what_nobody_answers_for_is_parked_until_a_supervisor_routes_it(running: Suite) -> None:
    receipt = running.bring(pujk={"name": "Koperasi Entah Di Mana"})
    number = receipt["number"]
    await running.said(number, "routing.ticket-parked")
    supervisor = running.staff("supervisor")
    listed = running.http.get(f"{running.url('routing')}/parked", params={"limit": 500}, headers=supervisor).json()
    assert number in [one["number"] for one in listed["tickets"]]
    url = f"{running.url('routing')}/tickets/{number}/route"
    unknown = running.http.post(url, json={"pujk": "BANK-999"}, headers=supervisor)
    assert (unknown.status_code, unknown.json()["type"]) == (422, "urn:slkt:problem:no-such-pujk")
    assert running.http.post(url, json={"pujk": "BANK-008"}, headers=supervisor).status_code == 200
    async with running.firm("BANK-008") as firm:
        assert (await firm.notice(number, "ticket-routed"))["round"] == 1


async def test_a_declined_ticket_goes_to_another_firm_and_the_first_loses_it(running: Suite) -> None:
    number = running.bring()["number"]
    async with running.firm("BANK-002") as first, running.firm("BANK-008") as second:
        notice = await first.notice(number, "ticket-routed")
        taken = await first.act(TakeOver, number, round=1, officer="dina")
        declined = await first.act(
            Decline, number, round=1, basis=taken["basis"], officer="dina", kind="not-our-customer", text="Bukan kami."
        )
        assert declined["status"] == "done", declined
        await running.said(number, "routing.ticket-parked")
        url = f"{running.url('routing')}/tickets/{number}/route"
        moved = running.http.post(url, json={"pujk": "BANK-008"}, headers=running.staff("supervisor"))
        assert moved.status_code == 200, moved.text
        assert (await second.notice(number, "ticket-routed"))["round"] == 2
        late = await first.act(
            AddFollowUp, number, round=notice["round"], officer="dina", kind="other", note="Masih kami?"
        )
        assert (late["status"], late["code"]) == ("refused", "no-longer-yours")
        stranger = await second.act(TakeOver, running.bring()["number"], round=1, officer="x")
        assert stranger["status"] == "refused"


async def test_a_withdrawn_complaint_is_ended_by_the_gateway_and_a_late_wish_is_told_so(running: Suite) -> None:
    receipt = running.bring()
    number = receipt["number"]
    await running.said(number, "routing.ticket-routed")
    url = f"{running.url('intake')}/services/{number}/withdrawal"
    key = {"X-API-Key": running.known["credentials"]["channels"]["web"]["api_key"]}
    assert running.http.post(url, json={"pin": "00000000"}, headers=key).status_code == 404
    assert running.http.post(url, json={"pin": receipt["pin"]}, headers=key).status_code == 200
    await running.said(number, "pujk_gateway.ticket-closed")
    await eventually(
        lambda: running.track(receipt).get("stage", {}).get("code") == "closed_withdrawn", "the end is shown"
    )
