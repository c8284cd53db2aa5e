"""In whose name does a firm's system act by AMQP, who may not be named, and what does each act leave in the audit?"""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.pujk import AddFollowUp, TakeOver
from contracts.topology import pujk_user
from kit.command import slkt
from kit.running import FIRMS, Suite
from kit.tokens import have_officer

OURS, LOCKED, EXPIRED, UNKNOWN = (f"bank-002-product-{number}" for number in (777, 778, 779, 780))
STRANGER = next(code for code in FIRMS if code != "BANK-002")
ANOTHERS = f"{STRANGER.lower()}-product-777"
BEFORE = datetime.now(UTC) - timedelta(minutes=1)


def people(running: Suite) -> Any:
    """Of BANK-002, and one of another firm; their accounts."""
    gateway = running.mongo["pujk_gateway"]
    for account in (OURS, LOCKED, EXPIRED):
        have_officer(gateway, running.stack.secrets, account, "BANK-002", "product")
    have_officer(gateway, running.stack.secrets, ANOTHERS, STRANGER, "product")
    lock(gateway["accounts"], LOCKED)
    gateway["accounts"].update_one({"state.id": EXPIRED}, {"$set": {"state.expires": BEFORE}})
    return gateway["accounts"]


def lock(accounts: Any, account: str) -> None:
    accounts.update_one({"state.id": account}, {"$set": {"state.locked": "under suspicion"}})


def left(running: Suite, number: str) -> list[tuple[str, str, str, int]]:
    """Who acted in whose name, what, and what came of it."""
    audit = running.mongo["pujk_gateway"]["audit"]
    found = []
    for asked in audit.find({"object.number": number, "from": "amqp"}, sort=[("_id", 1)]):
        [answered] = audit.find({"asked": asked["_id"]})
        found.append((asked["actor"]["id"], asked["behalf"], asked["act"], answered["outcome"]))
        assert asked["actor"]["kind"] == "system"
    return found


async def test_a_system_acts_for_an_account_that_stands_or_for_an_id_of_its_own(running: Suite) -> None:
    accounts, number = people(running), running.bring()["number"]
    note: dict[str, Any] = {"round": 1, "kind": "contacted-consumer", "note": "Konsumen sudah kami hubungi."}
    async with running.firm("BANK-002") as firm:
        await firm.notice(number, "ticket-routed")
        for named in (LOCKED, LOCKED.upper(), EXPIRED, UNKNOWN, ANOTHERS):
            refused = await firm.act(TakeOver, number, round=1, officer=named)
            assert (refused["code"], refused["problems"][0]["field"]) == ("officer-may-not-act", "data.officer")
            assert refused["problems"][0]["came"] == named
        assert (await firm.act(TakeOver, number, round=1, officer=OURS))["status"] == "done"
        done = await firm.act(AddFollowUp, number, id_=f"{number}-1", officer=OURS, **note)
        lock(accounts, OURS)
        assert (await firm.act(AddFollowUp, number, officer=OURS, **note))["code"] == "officer-may-not-act"
        again = await firm.act(AddFollowUp, number, id_=f"{number}-1", officer=OURS, **note)
        assert (done["status"], again) == ("done", done), "what was done is answered as it was"
        assert (await firm.act(TakeOver, number, round=1, officer="dina")).get("status") == "done"
        assert (await firm.act(TakeOver, number, round=9, officer="dina")).get("code") == "no-such-round"
    taking, noting = "AMQP slkt.pujk.take-over.v1", "AMQP slkt.pujk.add-follow-up.v1"
    expected = [(named, taking, 403) for named in (LOCKED, LOCKED.upper(), EXPIRED, UNKNOWN, ANOTHERS)]
    expected += [(OURS, taking, 200), (OURS, noting, 200), (OURS, noting, 403), (OURS, noting, 200)]
    expected += [("dina", taking, 200), ("dina", taking, 422)]
    assert left(running, number) == [(pujk_user("BANK-002"), *one) for one in expected]
    read = slkt("audit", "list", "--number", number, stack=running)
    for told in (f"system {pujk_user('BANK-002')}", OURS, taking, "amqp", "403"):
        assert told in read.said
    assert slkt("audit", "verify", "--service", "pujk_gateway", stack=running).code == 0


async def test_what_another_firm_tries_is_in_the_audit_too(running: Suite) -> None:
    number = running.bring()["number"]
    await running.said(number, "routing.ticket-routed")
    async with running.firm(STRANGER) as stranger:
        assert (await stranger.act(TakeOver, number, round=1, officer="ani"))["code"] == "not-found"
    outcomes = {(who, officer, outcome) for who, officer, _, outcome in left(running, number)}
    assert outcomes == {(pujk_user(STRANGER), "ani", 404)}
