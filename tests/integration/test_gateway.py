"""The gateway as a process: facts in, notices in firms' queues, acts from firms, decisions over HTTP."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from chassis.doors import plain
from contracts.base import Request
from contracts.intake import Demand
from contracts.pujk import AddFollowUp, Propose, TakeOver
from kit.facts import DUE, AMatter, Speaker, a_number, speaking
from kit.firm import Firm, eventually, firm_system
from kit.keydesk import StandInKeyDesk, key_desk
from kit.servers import Suite, declare_now
from kit.tokens import deciding, have_officer, staff_token
from pujk_gateway.http import DecisionIn
from slkt_local.secrets import Secrets, make_secrets
from slkt_local.services import Service, doors_of_all, settings_of

from contracts import topology

NOTE = "RAHASIA-PUJK-4711: nasabah sudah kami telepon."
WHY = "RAHASIA-PUJK-4713: pasal 7 perjanjian."
WORDS = "RAHASIA-PUJK-4712: dana kami kembalikan."
REASON = "RAHASIA-OJK-4713: tanggal pengembalian belum disebut."


@pytest.fixture(scope="module")
def desk() -> Iterator[StandInKeyDesk]:
    with key_desk() as desk:
        yield desk


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def gateway(
    suite: Suite, secrets: Secrets, desk: StandInKeyDesk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    doors = doors_of_all()
    told = settings_of(
        "pujk_gateway",
        accounts=suite.accounts,
        secrets=secrets,
        doors=doors,
        smtp_url="",
        entry_url="https://layanan.example",
        example_data=True,
        log_level="INFO",
    )
    told["KEY_DESK_URL"] = desk.url
    service = Service("pujk_gateway", doors["pujk_gateway"], told, tmp_path_factory.mktemp("logs") / "gateway.log")
    service.start()
    yield service
    service.stop()


class Ojk:
    """OJK's staff at the gateway's HTTP door."""

    def __init__(self, gateway: Service, secrets: Secrets) -> None:
        self._http = httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=20)
        self._secrets = secrets

    async def asks(self, role: str, method: str, path: str, **more: Any) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {staff_token(self._secrets, role)}"}
        return await self._http.request(method, path, headers=bearer | more.pop("headers", {}), **more)

    async def decides(self, number: str, key: str | None = None, **body: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.asks("decider", "POST", f"/cases/{number}/decision", json=body, headers=headers)

    async def close(self) -> None:
        await self._http.aclose()


@pytest.fixture(scope="module")
async def ojk(suite: Suite, gateway: Service, secrets: Secrets) -> AsyncIterator[Ojk]:
    door = Ojk(gateway, secrets)
    with suite.database.client() as client:
        have_officer(client["pujk_gateway"], secrets, deciding("BANK-001"), "BANK-001", "deciding")
    for code in ("BANK-001", "BANK-002"):
        (await door.asks("administrator", "PUT", f"/endpoints/{code}", json={"kind": "queue"})).raise_for_status()
    yield door
    await door.close()


@pytest.fixture(scope="module")
async def speaker(suite: Suite, ojk: Ojk) -> AsyncIterator[Speaker]:
    async with speaking(suite.accounts.service_amqp) as speaker:
        yield speaker


@pytest.fixture
async def bank(suite: Suite, ojk: Ojk) -> AsyncIterator[Firm]:
    async with firm_system("BANK-001", suite.accounts.firm_amqp["BANK-001"]) as firm:
        yield firm


@pytest.fixture
def matter(desk: StandInKeyDesk) -> AMatter:
    story = AMatter()
    desk.keys[story.number] = story.secret
    return story


class Stored:
    """What the gateway's database holds of a matter."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite

    def facts(self, number: str) -> list[str]:
        with self._suite.database.client() as client:
            found = client["pujk_gateway"]["facts"].find({"subject": number}).sort("seq")
            return [one["type"].split(".")[2] for one in found]

    def case(self, number: str) -> dict[str, Any]:
        with self._suite.database.client() as client:
            return client["pujk_gateway"]["cases"].find_one({"_id": number}) or {}

    def everything(self) -> str:
        with self._suite.database.client() as client:
            database = client["pujk_gateway"]
            return "".join(str(one) for name in database.list_collection_names() for one in database[name].find())


@pytest.fixture
def stored(suite: Suite) -> Stored:
    return Stored(suite)


def manages(suite: Suite, method: str, queue: str, body: Any = None) -> httpx.Response:
    """The operator does something to a queue, or to what is in it."""
    url = f"{suite.broker.management_url}/api/queues/{suite.broker.vhost}/{queue}"
    login = (suite.broker.operator.user, suite.broker.operator.password)
    return httpx.request(method, url, json=body, auth=login, trust_env=False, timeout=30).raise_for_status()


def a_proposal(basis: int, **but: Any) -> Propose:
    answers = ({"demand": 1, "answer": "granted", "text": WHY},)
    known = {"round": 1, "basis": basis, "officer": deciding("BANK-001"), "text": WORDS}
    known |= {"kind": "explanation"}
    return Propose.model_validate({"answers": answers, **known, **but})


async def test_a_complaint_goes_the_whole_way(
    speaker: Speaker, bank: Firm, ojk: Ojk, matter: AMatter, stored: Stored, gateway: Service
) -> None:
    number = matter.number
    demand = Demand(id=1, amount=1_500_000)
    await speaker.say([matter.registered(product="savings", demands=(demand,)), matter.routed()])
    notice = await bank.is_told(number, "ticket-routed")
    assert notice["link"] == f"https://layanan.example/pujk/tickets/{number}"
    assert (notice["product"], notice["demands"], notice["basis"]) == ("savings", 1, 1)
    assert notice["due"] == DUE.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    taken = await bank.does(TakeOver(round=1, officer="ani"), number)
    assert taken == {"status": "done", "number": number, "round": 1, "basis": 2, "state": "in-handling"}
    noted = await bank.does(AddFollowUp(round=1, officer="ani", kind="contacted-consumer", note=NOTE), number)
    moved = await bank.does(a_proposal(taken["basis"]), number)
    assert (moved["code"], moved["extra"]["basis"]) == ("case-has-moved", noted["basis"])
    assert [one["what"] for one in moved["extra"]["changes"]] == ["follow-up-added"]
    proposed = await bank.does(a_proposal(noted["basis"]), number, "propose-1")
    assert await bank.does(a_proposal(noted["basis"]), number, "propose-1") == proposed
    assert (await bank.does(a_proposal(noted["basis"], text="lain"), number, "propose-1"))["code"] == "key-reused"

    waiting = (await ojk.asks("decider", "GET", "/proposals?limit=500")).json()["proposals"]
    [seen] = [one for one in waiting if one["number"] == number]
    assert (seen["proposal"], seen["text"], seen["basis"]) == (1, WORDS, proposed["basis"])
    assert [(one["answer"], one["text"]) for one in seen["answers"]] == [("granted", WHY)]
    assert (seen["pujk_name"], seen["ticket"], seen["kind"]) == ("PT Bank Contoh", "complaint", "explanation")
    old = await ojk.decides(number, decision="accept", basis=proposed["basis"] - 1)
    assert (old.status_code, old.json()["type"]) == (409, "urn:slkt:problem:case-has-moved")
    returning = {"decision": "return", "basis": seen["basis"], "reason": REASON}
    returned = await ojk.decides(number, "r-1", **returning)
    assert (await ojk.decides(number, "r-1", **returning)).json() == returned.json()
    back = await bank.is_told(number, "ticket-routed", "resolution-returned")
    assert back["basis"] == returned.json()["basis"]
    again = await bank.does(a_proposal(back["basis"]), number)
    case = (await ojk.asks("cso", "GET", f"/cases/{number}")).json()
    assert [(one["state"], one["text"], one["reason"]) for one in case["proposals"]] == [
        ("returned", WORDS, REASON),
        ("waiting", WORDS, None),
    ]
    assert NOTE in [one["text"] for one in case["history"]]
    accepted = await ojk.decides(number, decision="accept", basis=again["basis"])
    assert accepted.json()["state"] == "accepted"
    await speaker.say([matter.agreed(proposal=2)])
    await bank.is_told(number, "ticket-routed", "resolution-returned", "ticket-closed")
    ended = ["resolution-proposed", "resolution-accepted", "consumer-answered", "ticket-closed"]
    whole = ["ticket-taken-over", "follow-up-added", "resolution-proposed", "resolution-returned", *ended]
    await eventually(lambda: stored.facts(number) == whole, f"{whole} said")
    assert (await bank.does(TakeOver(round=1, officer="budi"), number))["code"] == "case-closed"
    dump = stored.everything() + gateway.log.read_text()
    assert not [secret for secret in ("RAHASIA-PUJK", "RAHASIA-OJK") if secret in dump]
    assert json.dumps(bank.notices).count("RAHASIA") == 0
    # Nor can what was written be guessed and found again by what tells two bodies under one id apart.
    note = AddFollowUp(round=1, officer="ani", kind="contacted-consumer", note=NOTE)
    sent = Request[AddFollowUp](id="any", type=note.type(), source="/pujk/BANK-001", subject=number, data=note)
    guesses = [DecisionIn.model_validate(returning).model_dump_json()]
    guesses.append(sent.model_dump_json(include={"type", "subject", "data"}))
    kept = {one["digest"] for one in stored.case(number)["acts"]}
    assert len(kept) >= 5 and kept.isdisjoint(plain(guess) for guess in guesses)


async def test_a_strangers_ticket_and_an_unknown_number_are_answered_alike(
    speaker: Speaker, bank: Firm, matter: AMatter, stored: Stored
) -> None:
    await speaker.say([matter.registered(), matter.routed(code="BANK-002", name="PT Lain")])
    await eventually(lambda: stored.case(matter.number).get("state", {}).get("rounds"), "the round of BANK-002")
    act = TakeOver(round=1, officer="ani")
    ids = [await bank.send(act, number) for number in (matter.number, a_number())]
    theirs, unknown = [await bank.reply(id_) for id_ in ids]
    assert theirs == unknown and theirs["code"] == "not-found"
    nameless = await bank.does(act, None)
    assert (nameless["code"], nameless["problems"][0]["field"]) == ("invalid", "subject")


async def test_a_withdrawal_before_the_routing_ends_the_ticket_and_delivers_nothing(
    speaker: Speaker, bank: Firm, matter: AMatter, stored: Stored
) -> None:
    await speaker.say([matter.withdrawal_asked(), matter.routed(), matter.registered()])
    await eventually(lambda: stored.facts(matter.number) == ["ticket-closed"], "ticket-closed said")
    control = AMatter()
    await speaker.say([control.registered(), control.routed()])
    await bank.is_told(control.number, "ticket-routed")
    assert bank.told(matter.number) == [] and stored.case(matter.number)["state"]["deliveries"] == []


async def test_every_message_twice_and_backwards_tells_a_firm_once(
    speaker: Speaker, bank: Firm, matter: AMatter, stored: Stored
) -> None:
    told = [matter.registered(), matter.routed()]
    await speaker.say([*reversed(told), *told, *told])
    await bank.is_told(matter.number, "ticket-routed")
    control = AMatter()
    await speaker.say([control.registered(), control.routed()])
    await bank.is_told(control.number, "ticket-routed")
    assert bank.told(matter.number) == ["ticket-routed"] and stored.facts(matter.number) == []


async def test_a_firms_missing_queue_delays_that_firm_alone(
    suite: Suite, speaker: Speaker, bank: Firm, gateway: Service, stored: Stored, desk: StandInKeyDesk
) -> None:
    manages(suite, "DELETE", "pujk.BANK-002.inbox")
    late, prompt = AMatter(), AMatter()
    await speaker.say([late.registered(), late.routed(code="BANK-002", name="PT Lain")])
    await speaker.say([prompt.registered(), prompt.routed()])
    await bank.is_told(prompt.number, "ticket-routed")

    def tries() -> int:
        return max((one["tries"] for one in stored.case(late.number)["state"]["deliveries"]), default=0)

    await eventually(lambda: tries() >= 2, "a second try")
    assert gateway.ready() and stored.case(late.number)["state"]["told"] == []
    declare_now(suite.broker.amqp_url, topology.firm("BANK-002"))
    async with firm_system("BANK-002", suite.accounts.firm_amqp["BANK-002"]) as firm:
        await firm.is_told(late.number, "ticket-routed")


async def test_who_sends_without_its_name_is_put_aside(suite: Suite, bank: Firm, gateway: Service) -> None:
    await bank.send(AddFollowUp(round=1, officer="ani", kind="other", note=NOTE), a_number(), user_id=None)
    body = {"count": 10, "ackmode": "ack_requeue_false", "encoding": "auto"}

    def taken() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = manages(suite, "POST", "pujk.BANK-001.actions.dead/get", body).json()
        return found

    [letter] = await eventually(taken, "a dead letter")
    assert letter["properties"]["headers"]["x-slkt-reason"] == "sender-unknown"
    assert "RAHASIA" not in letter["payload"]


async def test_a_firm_without_queues_gets_no_endpoint(ojk: Ojk) -> None:
    refused = await ojk.asks("administrator", "PUT", "/endpoints/BANK-0O1", json={"kind": "queue"})
    assert refused.status_code == 409 and "not-onboarded" in refused.text and "BANK-0O1" in refused.json()["detail"]
    assert (await ojk.asks("administrator", "GET", "/endpoints/BANK-0O1")).status_code == 404


async def test_endpoints_come_and_go(
    suite: Suite, speaker: Speaker, ojk: Ojk, bank: Firm, matter: AMatter, stored: Stored
) -> None:
    assert (await ojk.asks("decider", "DELETE", "/endpoints/BANK-001")).status_code == 403
    assert (await ojk.asks("administrator", "DELETE", "/endpoints/BANK-001")).status_code == 204
    await speaker.say([matter.registered(), matter.routed()])
    await eventually(lambda: stored.case(matter.number).get("state", {}).get("to_announce"), "a ticket to announce")
    assert bank.told(matter.number) == []
    await ojk.asks("administrator", "PUT", "/endpoints/BANK-001", json={"kind": "queue"})
    notice = await bank.is_told(matter.number, "ticket-routed")
    assert (await bank.does(TakeOver(round=1, officer="ani"), matter.number))["basis"] == notice["basis"] + 1
