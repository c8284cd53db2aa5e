"""What no firm can be asked to answer a supervisor ends, with a reason that its consumer is told."""

import json
import re
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from chassis.messages import Act
from chassis.pages.forms import form_of
from chassis.pages.passes import Visit, Visitor, visit
from chassis.refusals import NotFound
from chassis.sealing import new_secret, public_half, unseal
from fastapi import FastAPI, Request
from httpx import ASGITransport, AsyncClient
from kit.clocks import TERMS, an_assignment, july, said
from routing.domain.assignment import Assignment
from routing.domain.parts import ENDINGS, Firm, NoDeskFound, NotParked, TicketEnded, TicketHasMoved
from routing.pages.triage import staff_pages, triage_pages
from routing.refusals import REFUSALS
from routing.usecases.tickets import EndTicket, ShowTicket
from tracking.domain.stages import Stands

from contracts import routing

SECRET = new_secret()


def parked(**but: Any) -> Assignment:
    return an_assignment(NoDeskFound("no-pujk-named"), seal_key=public_half(SECRET), **but)


def declined() -> Assignment:
    one = an_assignment(seal_key=public_half(SECRET))
    about: dict[str, Any] = {"round_": 1, "at": july(6), "terms": TERMS, "declined": "in-court"}
    one.gateway_stands(3, state="declined", **about)
    said(one)
    return one


class Stored:
    def __init__(self, assignment: Assignment) -> None:
        self.one = assignment

    async def get(self, number: str) -> Assignment | None:
        return self.one if number == self.one.number else None

    async def change(self, message: Any, change: Any) -> Any:
        change(self.one)
        return SimpleNamespace(aggregate=self.one)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_supervisor_ends_what_is_parked_and_nothing_waits_any_more(ending: Any) -> None:
    one = declined()
    one.end(ending, one.seen, "putu", "1.words")
    assert one.said == [("ticket-closed", {"reason": ending, "by": "putu", "sealed": "1.words"})]
    assert said(one) == ["ticket-closed"]
    assert (one.state, one.reason, one.wake_at, one.at_desk) == ("closed", ending, None, False)
    with pytest.raises(TicketEnded):
        one.end(ending, one.seen, "putu", "1.words")


def test_what_a_firm_has_or_what_moved_is_not_ended() -> None:
    one = an_assignment()
    with pytest.raises(NotParked):
        one.end("fraud", one.seen, "putu", "1.words")
    other = declined()
    with pytest.raises(TicketHasMoved):
        other.end("fraud", "parked-0", "putu", "1.words")


def test_why_a_firm_declined_is_known_until_another_one_has_it() -> None:
    one = declined()
    assert one.declined == "in-court"
    one.route_to(Firm("BANK-002", "Bank Dua"), july(7), TERMS)
    assert one.declined is None


async def test_the_words_are_sealed_to_the_matter() -> None:
    one = declined()
    await EndTicket(Stored(one))(Act("1", one.number), "in-court", "Perkara 12/2026.", one.seen, "putu")  # type: ignore[arg-type]
    sealed = one.said[0][1]["sealed"]
    assert json.loads(unseal(sealed, SECRET, one.number)) == {"text": "Perkara 12/2026."}
    with pytest.raises(NotFound):
        await EndTicket(Stored(one))(Act("2", "5043812177312"), "fraud", "x", "parked-0", "putu")  # type: ignore[arg-type]


def test_each_reason_has_a_stage_a_mail_and_words_of_its_own() -> None:
    reasons = get_args(routing.TicketClosed.model_fields["reason"].annotation)
    stages = {Stands({}, {"state": "closed", "reason": one}, {}).stage for one in reasons}
    assert len(stages) == len(reasons) and set(ENDINGS) < set(reasons)
    # The gateway ends a former round with it, and says nothing.
    gateway = {"state": "closed", "reason": "fraud", "round": 1}
    assert Stands({}, {"state": "closed", "reason": "fraud", "round": 1}, gateway).stage == "closed_fraud"
    mails = json.loads(files("notifier").joinpath("data/mails.json").read_text("utf-8"))["turns"]
    subjects = {mails[f"closed-{one}"][language]["subject"] for one in reasons for language in ("id", "en")}
    assert len(subjects) == 2 * len(reasons)


def desk(one: Assignment) -> AsyncClient:
    settings: Any = SimpleNamespace(example_data=False, behind_tls=False)
    stored, nothing = Stored(one), None
    router = triage_pages(
        staff_pages(settings, REFUSALS), nothing, ShowTicket(stored), nothing, nothing, nothing, EndTicket(stored),  # type: ignore[arg-type]
    )  # fmt: skip

    async def let_in(request: Request) -> Visit:
        request.state.recognized = Visitor("putu", "Putu", ("supervisor",), "mark")
        return Visit(request.state.recognized, await form_of(request))

    app = FastAPI()
    app.include_router(router)
    app.dependency_overrides[visit] = let_in
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


async def test_triage_tells_why_it_was_declined_leads_to_the_matter_and_to_its_end() -> None:
    one = declined()
    place = f"/desk/triage/{one.number}"
    async with desk(one) as http:
        page = (await http.get(place)).text
        assert "Di pengadilan atau arbitrase" in page and f"/desk/cases/{one.number}" in page and f"{place}/end" in page
        form = (await http.get(f"{place}/end")).text
        found = re.search(r'name="seen" value="([^"]+)"', form)
        assert found is not None
        sent = {"seen": found[1], "once": "1"}
        wrong = await http.post(f"{place}/end", data=sent)
        assert (wrong.status_code, wrong.text.count('class="wrong"')) == (422, 2)
        done = await http.post(f"{place}/end", data={**sent, "ending": "in-court", "text": "Perkara 12/2026."})
        assert (done.status_code, one.state, one.reason) == (303, "closed", "in-court")
        late = await http.post(f"{place}/end", data={**sent, "once": "2", "ending": "fraud", "text": "Lain."})
        assert late.status_code == 409 and "sudah berubah" in late.text and one.reason == "in-court"
        assert f"{place}/end" not in (await http.get(place)).text
