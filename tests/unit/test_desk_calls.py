"""Is a phone of 13 digits a phone, and a number a service's? Does a look at the caller leave what was typed?"""

import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from chassis.calendar import load_calendar
from chassis.pages.frame import Pages
from chassis.refusals import NotFound
from contracts.channel import Receipt
from contracts.numbers import shown
from intake.adapters.guidance import load_guidance
from intake.domain import PinReplaced, Service
from intake.pages.cso.calls import call_pages
from intake.usecases.desk import MatterRead
from intake.usecases.due import DueDays
from intake.usecases.finding import Found
from kit.desk_pages import the_desk

NUMBER = "5043812177304"
AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
FOUND = Found(NUMBER, "question", "open", False, "phone", AT, None, None, "S*** D***")
TYPED = {
    "kind": "complaint",
    "name": "Sari Dewi",
    "story": "Saldo saya hilang.",
    "demand_1": "Kembalikan",
    "consent": "yes",
}


@pytest.fixture(autouse=True)
def _no_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trace of a request belongs to the whole service."""

    async def about(request: Any, **said: Any) -> None:
        return None

    monkeypatch.setattr("intake.pages.cso.calls.about", about)


def desk(asked: list[tuple[str, str]], senders: tuple[str, ...] = ()) -> httpx.AsyncClient:
    """``asked``: what was looked for, and as what."""

    async def find(by: str, text: str, most: int) -> list[Found]:
        asked.append((by, text))
        return [FOUND] if text.endswith("345678901") else []

    async def read(number: str, status: bool = True) -> Any:
        if number != NUMBER:
            raise NotFound("no such service")
        service = Service(NUMBER, kind="question", channel="phone", registered_at=AT)
        return MatterRead(service, "", (), {"name": FOUND.name}, None, ())

    async def no_status(number: str) -> None:
        return None

    async def renew(act: Any, round_: int, said: Any, by: str) -> None:
        asked.append(("round", str(round_)))
        raise PinReplaced("it was replaced")

    async def register(submission: Any, channel: str, key: str, by: str) -> Receipt:
        shown_ = shown(NUMBER, submission.kind)
        return Receipt(number=NUMBER, shown=shown_, pin="12345678", kind=submission.kind, received_at=AT)

    due = DueDays(load_guidance(), load_calendar())
    story: Any = (register, find, read, SimpleNamespace(of=no_status), renew, due, senders)
    pages = Pages("chassis.people.pages", "intake.pages.cso", service="intake", base="/staff")
    return the_desk(call_pages(pages, *story), ("cso",))


@pytest.mark.parametrize("phone", ["0812345678901", "6281345678901", "+6281345678901"])
async def test_a_phone_with_as_many_digits_as_a_number_is_a_phone(phone: str) -> None:
    asked: list[tuple[str, str]] = []
    async with desk(asked) as http:
        page = await http.post("/desk/cso/callers", data={"who": phone})
    assert page.status_code == 200 and asked == [("phone", phone)]
    assert f"/desk/cso/matters/{NUMBER}" in page.text


@pytest.mark.parametrize("passport", ["X1234567", "C 1234567", "ab123456"])
async def test_letters_with_digits_are_a_passport_and_stand_in_its_field(passport: str) -> None:
    asked: list[tuple[str, str]] = []
    async with desk(asked) as http:
        page = await http.post("/desk/cso/callers", data={"who": passport})
    assert page.status_code == 200 and asked == [("passport", passport)]
    assert re.search(rf'name="passport"[^>]*value="{passport}"', page.text)
    assert re.search(r'name="phone"[^>]*value=""', page.text)


@pytest.mark.parametrize("senders", [(), ("sms",), ("whatsapp", "sms")])
async def test_callers_are_told_by_what_somebody_sends(senders: tuple[str, ...]) -> None:
    async with desk([], senders) as http:
        [select] = re.findall(r'<select[^>]*name="tell_by".*?</select>', (await http.get("/desk/cso")).text, re.S)
    assert set(re.findall('value="(.*?)"', select)) == {"phone", "email", *senders, "none"}


async def test_a_number_leads_to_its_service_and_an_unknown_one_stands_in_no_address() -> None:
    async with desk([]) as http:
        known = await http.post("/desk/cso/callers", data={"who": "L 5043 8121 7730 4"})
        assert (known.status_code, known.headers["location"]) == (303, f"/desk/cso/matters/{NUMBER}")
        unknown = await http.post("/desk/cso/callers", data={"who": "5043812177305"})
        assert unknown.status_code == 404 and "location" not in unknown.headers
        assert "Nomor Layanan ini tidak ada" in unknown.text


@pytest.mark.parametrize("who", ["0812345678901", "081298765432", NUMBER, "nobody", ""])
async def test_a_look_at_the_caller_leaves_what_was_typed(who: str) -> None:
    async with desk([]) as http:
        page = (await http.get("/desk/cso")).text
        # A browser sends one form: the first button of it is what Enter presses.
        forms = re.findall(r"<form method=\"post\".*?</form>", page, re.S)
        [form] = [one for one in forms if 'name="who"' in one]
        assert 'name="story"' in form and 'name="once"' in form
        first = re.search(r'<button[^>]*type="submit"[^>]*>', form)
        assert first is not None and 'formaction="/desk/cso/callers"' in first[0]
        after = await http.post("/desk/cso/callers", data={"who": who, "once": "this-call"} | TYPED)
    assert after.status_code in (200, 404, 422)
    for kept in ("Sari Dewi", "Saldo saya hilang.", "Kembalikan", 'value="this-call"', 'value="complaint" checked'):
        assert kept in after.text
    assert who != NUMBER or f"/desk/cso/matters/{NUMBER}" in after.text


@pytest.mark.parametrize(("typed", "round_"), [("0", "0"), ("9" * 4_301, "-1"), ("x", "-1")])
async def test_a_form_that_names_no_pin_replaces_none(typed: str, round_: str) -> None:
    asked: list[tuple[str, str]] = []
    async with desk(asked) as http:
        page = await http.post(f"/desk/cso/matters/{NUMBER}/pin", data={"once": "x", "round": typed})
    assert page.status_code == 422 and "PIN ini baru saja diganti." in page.text and asked == [("round", round_)]


async def test_consent_stands_right_below_the_story_and_not_among_the_details() -> None:
    async with desk([]) as http:
        page = (await http.get("/desk/cso")).text
    fields = re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page)
    assert fields[fields.index("story") + 1] == "consent" and fields.count("consent") == 1
    assert page.index('name="consent"') < page.index("<details")


@pytest.mark.parametrize(
    ("said", "next_", "due"),
    [
        ({"kind": "complaint"}, "meneruskan pengaduan", "30 Maret 2026 (5 hari kerja)"),
        ({"kind": "complaint", "form": "written"}, "meneruskan pengaduan", "7 April 2026 (10 hari kerja)"),
        ({"kind": "question"}, "membaca pertanyaan", "25 Maret 2026 (2 hari kerja)"),
        ({"kind": "information"}, "tidak mengirim jawaban", ""),
    ],
)
async def test_a_caller_is_told_what_happens_next_and_by_when(said: dict[str, str], next_: str, due: str) -> None:
    async with desk([]) as http:
        page = (await http.post("/desk/cso/calls", data=TYPED | {"phone": "081234567890"} | said)).text
    assert "1234 5678" in page and next_ in page
    assert (f"Jawaban paling lambat {due}." in page) if due else "paling lambat" not in page


def test_the_receipts_and_routing_say_the_same_terms() -> None:
    levels = json.loads(files("routing").joinpath("data", "service_levels.json").read_text("utf-8"))["rules"]
    of_firms = {
        (one.kind, one.form, one.valid_from.isoformat(), one.working_days)
        for one in load_guidance().terms
        if one.kind != "question"
    }
    assert of_firms == {(one["kind"], one["form"], one["valid_from"], one["working_days"]) for one in levels}
