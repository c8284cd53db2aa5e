"""A dossier is masked by role; what is opened leaves its reason in the matter before it is shown; each look stays."""

from typing import Any

import pytest
from chassis.auth import ServiceTokens
from chassis.dossiers import DossierDesk, NotTaken
from chassis.refusals import Forbidden, NotFound, Unavailable
from contracts.dossier import Dossier, Opening
from kit import papers
from kit.openapi import Now
from kit.running import Suite, a_complaint
from slkt_local.ports import free_ports

DINA = "account-" + "d1" * 16
PERSON = {"name": "Sari Dewi", "nik": "3171014501900001", "email": "sari@example.org", "phone": "+6281234567890"}
BROUGHT = {"on": "2026-02-02", "how": "Kantor cabang", "outcome": "Ditolak"}
REASON = "Menelepon konsumen tentang buktinya"


@pytest.fixture(scope="module")
def number(running: Suite) -> str:
    private = {
        "consumer": PERSON | {"address": "Jalan Melati 5"},
        "account_number": "0012345678",
        "story": "Saldo hilang.",
    }
    asked = a_complaint(private=private, brought_to_pujk=BROUGHT, loss=750_000, transaction_date="2026-01-31")
    answer = running.submit(asked)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


@pytest.fixture
async def desk(running: Suite) -> Any:
    tokens = ServiceTokens(running.stack.secrets.service_key("pujk_gateway"), "pujk_gateway", Now())
    made = DossierDesk(running.url("intake"), tokens, "show a ticket")
    yield made
    await made.close()


def fields(found: Dossier) -> dict[str, str]:
    return {one.name: one.shown for one in found.fields}


async def test_a_firm_sees_what_it_needs_to_answer(desk: DossierDesk, number: str) -> None:
    found = await desk.dossier(number, by=DINA, role="product", pujk="BANK-002")
    assert (found.story, found.kind, found.loss) == ("Saldo hilang.", "complaint", 750_000)
    assert [(one.id, one.amount, one.text) for one in found.demands] == [(1, 750_000, "Kembalikan saldo saya.")]
    assert found.brought_to_pujk is not None
    assert found.brought_to_pujk.model_dump(mode="json") == BROUGHT
    assert fields(found) == {
        "consumer.name": "Sari Dewi",
        "consumer.nik": "***0001",
        "consumer.email": "***@example.org",
        "consumer.phone": "***7890",
        "consumer.address": "***",
        "account_number": "0012345678",
    }
    assert {one.name for one in found.fields if one.opens} == {
        "consumer.nik", "consumer.email", "consumer.phone", "consumer.address",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "story", "opens"),
    [("decider", True, True), ("cso", True, True), ("qa", True, False), ("auditor", False, False)],
)
async def test_ojks_roles_see_no_name(desk: DossierDesk, number: str, role: str, story: bool, opens: bool) -> None:
    found = await desk.dossier(number, by=DINA, role=role)
    assert (found.story is not None, bool(found.demands), found.brought_to_pujk is not None) == (story,) * 3
    assert all(one.masked and one.opens is opens for one in found.fields)
    assert "Sari" not in str(found.fields)


async def test_what_is_opened_is_a_fact_first_and_its_reason_is_sealed(
    running: Suite, desk: DossierDesk, number: str
) -> None:
    opening = Opening(fields=("consumer.phone", "consumer.email"), reason=REASON)
    found = await desk.dossier(number, by=DINA, role="service", pujk="BANK-002", opening=opening)
    assert (fields(found)["consumer.phone"], fields(found)["consumer.email"]) == (PERSON["phone"], PERSON["email"])
    assert fields(found)["consumer.nik"] == "***0001"
    await running.said(number, "intake.data-viewed")
    said = running.mongo["intake"]["facts"].find_one({"subject": number, "type": "slkt.intake.data-viewed.v1"}) or {}
    assert DINA in str(said["body"]) and "consumer.phone" in str(said["body"])
    assert "Menelepon" not in str(said["body"])
    read = running.mongo["intake"]["key_reads"].find_one({"numbers": number, "opened.0": {"$exists": True}}) or {}
    assert (read["service"], read["by"], read["role"], read["opened"]) == (
        "pujk_gateway", DINA, "service", ["consumer.phone", "consumer.email"],
    )  # fmt: skip
    again = await desk.dossier(number, by=DINA, role="service", pujk="BANK-002")
    assert fields(again)["consumer.phone"] == "***7890", "opened once is not opened for ever"


async def test_what_a_role_may_not_open_stays_closed_and_leaves_no_fact(
    running: Suite, desk: DossierDesk, number: str
) -> None:
    before = running.facts(number)
    opening = Opening(fields=("consumer.phone",), reason=REASON)
    for role, pujk in (("qa", None), ("auditor", None), ("decider", "BANK-002"), ("deciding", None), ("nobody", None)):
        with pytest.raises(Forbidden):
            await desk.dossier(number, by=DINA, role=role, pujk=pujk, opening=opening)
    assert [fact for fact in running.facts(number) if fact not in before] == []


async def test_the_client_tells_apart_what_went_wrong(running: Suite, desk: DossierDesk, number: str) -> None:
    with pytest.raises(NotFound):
        await desk.dossier("5043812177304", by=DINA, role="decider")
    with pytest.raises(NotTaken) as refused:
        await desk.attach(number, by="pujk", account=DINA, pujk="BANK-002", name="a.exe", content=b"MZ\x90\0" * 9)
    assert refused.value.code == "attachment-kind"
    added = await desk.attach(number, by="pujk", account=DINA, pujk="BANK-002", name="é.pdf", content=papers.pdf())
    assert (added.attachment.name, added.attachment.by, added.known) == ("é.pdf", "pujk", False)
    away = DossierDesk(f"http://127.0.0.1:{free_ports(1)[0]}", desk._tokens, "show a ticket")
    with pytest.raises(Unavailable):
        await away.dossier(number, by=DINA, role="decider")
    await away.close()
