"""Does everybody see the same day, when a firm's time stands still, runs on, is extended, and is over?"""

from datetime import UTC, datetime
from typing import Any

from contracts.pujk import AskDocuments, AskExtension, ReceiveDocuments, TakeOver
from kit.running import Suite, eventually

LONG_AGO = datetime(2026, 1, 5, 16, 59, 59, tzinfo=UTC)


def ours(running: Suite, number: str) -> dict[str, Any]:
    return dict((running.mongo["routing"]["assignments"].find_one({"_id": number}) or {})["state"])


def theirs(running: Suite, number: str) -> dict[str, Any]:
    return dict((running.mongo["pujk_gateway"]["cases"].find_one({"_id": number}) or {})["state"])


async def test_time_stands_still_runs_on_and_is_extended_for_everybody_alike(running: Suite) -> None:
    receipt = running.bring()
    number = receipt["number"]
    async with running.firm("BANK-002") as firm:
        notice = await firm.notice(number, "ticket-routed")
        first = ours(running, number)["due"]
        taken = await firm.act(TakeOver, number, round=notice["round"], officer="dina")
        asked = await firm.act(
            AskDocuments, number, round=1, basis=taken["basis"], officer="dina", text="Mohon salinan buku tabungan."
        )
        await running.said(number, "routing.clock-paused")
        still = await eventually(
            lambda: running.track(receipt).get("stage", {}).get("stands_still"), "the page says so"
        )
        assert still["id"].startswith("Waktu PUJK berhenti sejak")
        got = await firm.act(ReceiveDocuments, number, round=1, officer="dina")
        assert (asked["status"], got["status"]) == ("done", "done")
        await running.said(number, "routing.clock-resumed")
        # Within one day no working day stood still.
        assert ours(running, number)["due"] == first
        wish = await firm.act(
            AskExtension, number, round=1, basis=got["basis"], officer="dina", text="Arsip ada di cabang lain."
        )
        assert wish["status"] == "done", wish
    granted = running.http.post(
        f"{running.url('pujk_gateway')}/cases/{number}/extension",
        json={"decision": "grant", "basis": wish["basis"]},
        headers=running.staff("decider"),
    )
    assert granted.status_code == 200, granted.text
    await running.said(number, "routing.deadline-moved")
    due = ours(running, number)["due"]
    assert due > first
    await eventually(lambda: theirs(running, number)["due"] == due, "the gateway names the same day")

    def shown() -> Any:
        stage = running.track(receipt)["stage"]
        return stage["stands_still"] is None and stage["due"] and datetime.fromisoformat(stage["due"]) == due

    await eventually(shown, "the consumer sees the same day")
    seen = running.track(receipt)
    assert seen["due_days"][-1]["why"]["id"] == "Hari kerja ke-20"
    assert seen["why_due"]["id"] == "PUJK mendapat 10 hari kerja menurut aturan. OJK memberinya 10 hari kerja lagi."


async def test_a_day_that_passed_is_told_to_everybody_once(running: Suite) -> None:
    receipt = running.bring()
    number = receipt["number"]
    await running.said(number, "routing.ticket-routed")
    passed = {"state.term.due": LONG_AGO, "state.due": LONG_AGO, "state.miss_at": LONG_AGO}
    running.mongo["routing"]["assignments"].update_one({"_id": number}, {"$set": passed, "$inc": {"version": 1}})
    await eventually(lambda: running.facts(number).count("routing.ticket-escalated") == 2, "both are told")
    await running.quiet()
    assert running.facts(number).count("routing.deadline-missed") == 1
    tracked = await eventually(lambda: running.track(receipt), "the consumer sees it")
    titles = [one["label"]["id"] for one in tracked["timeline"]]
    assert titles.count("Keterlambatan disampaikan kepada atasan di OJK") == 2
