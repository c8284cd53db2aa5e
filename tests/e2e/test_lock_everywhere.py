"""Whoever is put out, is it felt at every door at once, and at nobody else's?"""

from contextlib import ExitStack
from typing import Any

from contracts.intake import OfficerLocked
from contracts.topology import OWNERS
from kit.command import damaged, judged
from kit.firms import onboarded
from kit.members import Insider
from kit.running import Suite, eventually
from slkt.owners import Databases
from slkt.repair import rebuild
from slkt.settings import Addresses
from slkt.verifying.accounts import judge_accounts

EVERYWHERE, GATEWAY = set(OWNERS), "pujk_gateway"
#: Some 50 ms on a quiet machine; two busy cores of a test run are no quiet machine.
SECONDS = 5.0


async def test_a_lock_is_felt_at_all_five_doors(running: Suite) -> None:
    locked, other = Insider(running), Insider(running)
    assert locked.let_in_by() == other.let_in_by() == EVERYWHERE
    assert locked.lock().status_code == 200
    assert await locked.shut_out() < SECONDS
    assert other.let_in_by() == EVERYWHERE
    # What ended stays ended; a new log-in is another matter.
    locked.administer("DELETE", locked.person.id, "/lock").raise_for_status()
    assert not locked.let_in_by()
    locked.person.begin().raise_for_status()
    locked.person.prove(locked.person.recovery_codes[0]).raise_for_status()
    assert locked.let_in_by(locked.at_all()) == EVERYWHERE


async def test_logging_out_everywhere_is_felt_everywhere(running: Suite) -> None:
    insider = Insider(running)
    api, session = insider.person.url, {"Authorization": f"Bearer {insider.person.session}"}
    assert running.http.delete(f"{api}/sessions", headers=session).status_code == 204
    await insider.shut_out()


async def test_a_firms_person_who_is_locked_is_out_at_once_and_every_service_knows(running: Suite) -> None:
    with onboarded(running) as firm:
        person = firm.settled("service")
        url, headers = f"{running.url('pujk_gateway')}/pujk/tickets", person.bearer("pujk_gateway")
        assert running.http.get(url, headers=headers).status_code == 200
        firm.ask("PUT", f"/people/{person.id}/lock", {"reason": "keluar"}).raise_for_status()
        assert running.http.get(url, headers=headers).status_code == 401
        account: Any = running.mongo["pujk_gateway"]["accounts"].find_one({"state.id": person.id})

        def known() -> bool:
            ended = [running.mongo[one]["ended"].find_one({"_id": account["_id"]}) for one in EVERYWHERE - {GATEWAY}]
            return all(one and one["epoch"] == account["state"]["epoch"] for one in ended)

        await eventually(known, "every other service knows from which epoch on tokens are good")


async def test_what_is_said_of_an_account_is_verified_and_no_timeline(running: Suite) -> None:
    insider = Insider(running)
    insider.lock().raise_for_status()
    await insider.shut_out()
    await running.quiet()
    databases = Databases(Addresses.of_stack(running.known).mongo_url)
    number, facts = insider.number, list(running.mongo["intake"]["facts"].find({"subject": insider.number}))
    assert [one["type"] for one in facts] == [OfficerLocked.type()] * 2, "the first log-in, then the lock"
    assert insider.person.id not in str(facts), "a username is nothing for facts, which are kept for ever"
    assert (await judged(running, number))[1] == []
    with ExitStack() as harm:
        harm.enter_context(damaged(running, "tracking", "ended", {"_id": number})).delete_one({"_id": number})
        facts_of_it = {"subject": number, "seq": 1}
        harm.enter_context(damaged(running, "intake", "facts", facts_of_it)).delete_one(facts_of_it)
        found = (await judge_accounts(databases, await databases.now(), OWNERS)).findings
    assert {(one.kind, one.service, one.seq) for one in found if one.number == number} == {
        ("not-heard", "tracking", 2),
        ("fact-missing", "intake", 1),
    }
    await rebuild(Addresses.of_stack(running.known))
    assert running.mongo["tracking"]["timelines"].find_one({"_id": number}) is None
    databases.close()
