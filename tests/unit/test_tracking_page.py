"""The page of a matter: it says by what somebody was told, and keeps what nobody changed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from chassis.pages.forms import Form
from chassis.pages.frame import Pages
from chassis.permits import PermitEnded, Permits
from contracts.cases import Obligation
from contracts.notifier import NotificationFailed, NotificationSent
from contracts.tracking import PreferencesSet, QuietHours
from fastapi import FastAPI
from kit.facts import AMatter
from starlette.requests import Request
from tracking.domain.timeline import NoMatch, Timeline
from tracking.pages.answering import answer_router
from tracking.pages.installed import at
from tracking.pages.looking import page_router
from tracking.pages.opened import OpenedPage
from tracking.pages.wishing import _preferences, wish_router
from tracking.usecases.answering import PermitAnswers
from tracking.usecases.looking import Tracked
from tracking.views.matter import Views
from tracking.words import Words

from contracts import settling

NOW = datetime(2026, 4, 8, 3, 0, tzinfo=UTC)
PAGES = Pages("tracking", service="tracking", base="/", also={"file": at})


class Then:
    def now(self) -> datetime:
        return NOW


def shown(story: AMatter, language: str = "id", senders: Sequence[str] = ("sms", "whatsapp")) -> str:
    """The page, as its consumer reads it."""
    timeline = Timeline(story.number)
    for event in story.said:
        data = event.data.model_dump(mode="json", exclude_none=True)
        about = {"id": event.id, "owner": event.owner, "type": event.type.removeprefix("slkt."), "time": event.time}
        timeline.hear({**about, "seq": event.seq, "clock": event.clock, "data": data}, lambda one: str(one["id"]))
    doubles: tuple[Any, ...] = (*(Permits(bytes(32), one) for one in ("page", "mail", "way")), None, Then())
    nobody: Any = None
    opened = OpenedPage(nobody, nobody, PermitAnswers(*doubles), Views(Words()), PAGES, senders)
    query = f"lang={language}".encode()
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": query, "headers": []})
    page = opened.show(request, Tracked(timeline, now=NOW), 200, permit="", since=0)
    return unescape(bytes(page.body).decode())


@pytest.mark.parametrize(
    ("by", "told", "missed"),
    [
        ("email", "Anda dikabari lewat surel", "Kabar lewat surel tidak sampai kepada Anda"),
        ("sms", "Anda dikabari lewat SMS", "Kabar lewat SMS tidak sampai kepada Anda"),
        ("whatsapp", "Anda dikabari lewat WhatsApp", "Kabar lewat WhatsApp tidak sampai kepada Anda"),
        ("push", "Anda dikabari lewat pemberitahuan di ponsel", "Kabar lewat pemberitahuan di ponsel tidak sampai"),
    ],
)
def test_the_history_says_on_which_way_somebody_was_told(by: Any, told: str, missed: str) -> None:
    sent, failed = AMatter(), AMatter()
    sent.says(NotificationSent(of=sent.registered().id, turn="registered", by=by))
    failed.says(NotificationFailed(of=failed.registered().id, turn="registered", reason="gave-up", by=by))
    assert told in shown(sent) and missed in shown(failed)


def test_who_left_no_address_is_not_told_that_a_mail_did_not_arrive() -> None:
    story = AMatter()
    story.says(NotificationFailed(of=story.registered(tell_by="phone").id, turn="registered", reason="no-contact"))
    page = shown(story)
    assert "kami tidak punya alamat atau nomor Anda" in page and "Kabar lewat" not in page
    assert "we have no address or number of yours" in shown(story, "en")


@pytest.mark.parametrize(
    ("held", "chosen"),
    [("phone", ("", "telepon")), ("push", ("", "pemberitahuan di ponsel")), ("sms", ("sms", "SMS"))],
)
def test_how_somebody_is_told_now_is_shown_and_kept_unless_they_change_it(held: str, chosen: tuple[str, str]) -> None:
    story = AMatter()
    story.registered(tell_by=held)
    [select] = re.findall(r'<select[^>]*name="tell_by">(.*?)</select>', shown(story), re.S)
    assert re.findall('value="(.*?)" selected>(.*?)<', select) == [chosen]
    sent = {"tell_by": chosen[0], "language": "id", "quiet": "1", "quiet_begin": "21:00", "quiet_end": "06:00"}
    form = Form({name: [value] for name, value in sent.items()})
    assert _preferences(form).get("tell_by", held) == held and not form.errors


NOBODY_RINGS = {"begin": "00:00", "end": "00:00", "zone": "WIB"}
OWN_HOURS = {"begin": "22:00", "end": "05:00", "zone": "WITA"}


@pytest.mark.parametrize(
    ("said", "offered", "chosen", "told"),
    [
        (None, ["", "1", "0"], "", "Pada malam hari ponsel Anda tidak kami bunyikan."),
        (NOBODY_RINGS, ["1", "0"], "0", "Ponsel Anda boleh berbunyi kapan saja."),
        (OWN_HOURS, ["1", "0"], "1", "Tidak pada pukul 22:00–05:00 WITA."),
    ],
)
def test_a_form_that_leaves_the_quiet_hours_alone_changes_none(
    said: dict[str, str] | None, offered: list[str], chosen: str, told: str
) -> None:
    story = AMatter()
    story.registered(tell_by="whatsapp")
    if said:
        story.says(PreferencesSet(quiet=QuietHours.model_validate(said)))
    page = shown(story)
    [select] = re.findall(r'<select[^>]*name="quiet">(.*?)</select>', page, re.S)
    assert re.findall('value="(.*?)"', select) == offered and told in page
    assert re.findall('value="(.*?)" selected', select) == [chosen]
    sent = {"language": "en", "quiet": chosen} | {
        name: re.findall(rf'name="{name}" type="time" value="(.*?)"', page)[0] for name in ("quiet_begin", "quiet_end")
    }
    [zones] = re.findall(r'<select[^>]*name="zone">(.*?)</select>', page, re.S)
    sent["zone"] = re.findall('value="(.*?)" selected', zones)[0]
    form = Form({name: [value] for name, value in sent.items()})
    wanted = _preferences(form)
    assert wanted.get("quiet") == said and not form.errors, "what nobody said the night's rule still decides"


@pytest.mark.parametrize(("held", "offered"), [("email", ["email", "none"]), ("sms", ["", "email", "none"])])
def test_what_no_provider_sends_is_not_offered(held: str, offered: list[str]) -> None:
    story = AMatter()
    story.registered(tell_by=held)
    page = shown(story, senders=())
    [select] = re.findall(r'<select[^>]*name="tell_by">(.*?)</select>', page, re.S)
    assert re.findall('value="(.*?)"', select) == offered
    assert ('name="quiet"' in page) == (held == "sms"), "hours are for what rings"


def test_who_wants_to_be_told_at_any_hour_says_so() -> None:
    assert _preferences(Form({"quiet": ["0"]})) == {"quiet": NOBODY_RINGS}
    assert _preferences(Form({"quiet": ["1"], "quiet_begin": ["22:00"], "quiet_end": ["05:00"], "zone": ["WITA"]})) == {
        "quiet": OWN_HOURS
    }
    form = Form({"quiet": ["x"]})
    assert _preferences(form) == {} and form.errors


def test_what_answers_with_a_file_can_be_asked_for_again() -> None:
    story = AMatter()
    story.registered()
    assert '<form method="post" action="/tanda-terima/unduh" data-downloads>' in shown(story)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Origin": "http://test"}, 404),
    ],
)
async def test_another_sites_form_opens_no_matter_here(headers: dict[str, str], status: int) -> None:
    asked = list[str]()

    class Nobodys:
        async def prove(self, number: str, *_: str) -> str:
            asked.append(number)
            raise NoMatch

    doubles: tuple[Any, ...] = (Nobodys(), None)
    app = FastAPI()
    app.include_router(page_router(track_matter=doubles[0], opened=doubles[1], pages=PAGES))
    here = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=here, base_url="http://test", headers=headers) as http:
        answer = await http.post("/", data={"number": "5043812177304", "pin": "12345678"})
    assert (answer.status_code, len(asked)) == (status, status == 404)


@pytest.mark.parametrize("to", ["/track/answer", "/track/wish"])
async def test_what_was_written_on_a_page_that_is_over_is_shown_whole(to: str) -> None:
    class Over:
        async def count(self, _: str) -> None: ...

        async def page(self, _: str) -> str:
            raise PermitEnded

    over: Any = Over()
    tracks: Any = SimpleNamespace(prove=over)
    none: Any = None
    app = FastAPI()
    app.include_router(wish_router(opened=none, prove=over, permit=over, take_wish=none, pages=PAGES))
    about: Any = {"opened": none, "permit": over, "take_answer": none, "take_wish": none, "views": none}
    app.include_router(answer_router(track_matter=tracks, pages=PAGES, **about))
    here = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=here, base_url="http://test", headers={"Origin": "http://test"}) as http:
        page = await http.post(to, data={"permit": "x", "text": f"{'x' * 6_000} tamat"})
    assert page.status_code == 404 and f"{'x' * 6_000} tamat" in page.text


def test_who_is_asked_for_documents_is_told_of_the_button_first_and_led_to_it() -> None:
    story = AMatter()
    story.registered(), story.routed(), story.taken_over(), story.documents_asked()
    page = shown(story)
    assert "<dd>Kirim dokumen itu di halaman ini, lewat tombol Tambah dokumen." in page
    assert '<a class="btn btn-primary" href="#acts">Tambah dokumen</a>' in page and 'id="acts"' in page


def test_what_shows_an_information_may_still_be_added_and_nothing_else_that_has_ended() -> None:
    told, asked = AMatter(), AMatter()
    told.registered("information"), told.recorded()
    asked.registered("question"), asked.answered()
    page = shown(told)
    assert 'action="/lapor/berkas' in page and "Ada yang ingin ditambahkan?" in page and "Cabut layanan" not in page
    assert 'action="/lapor/berkas' not in shown(asked)


@pytest.mark.parametrize("silent", [True, False])
def test_what_is_owed_after_a_silence_says_that_silence_counted_as_agreement(silent: bool) -> None:
    story = AMatter()
    story.registered(), story.routed(), story.taken_over(), story.proposed(), story.accepted(until=NOW)
    owed = Obligation(demand=1, amount=1_500_000, promised_by=NOW.date(), state="promised")
    standing = story.stands("owed", proposal=1, obligations=(owed,))
    said: Any = settling.ConsumerAnswered(round=1, proposal=1, answer="agrees", standing=standing)
    lapsed = settling.ConsumerTimeLapsed(round=1, proposal=1, until=NOW, standing=standing)
    story.says(lapsed if silent else said)
    words = "Anda tidak menanggapi sampai batas waktu, jadi Anda dianggap setuju. PT Bank Contoh harus memenuhi"
    assert (words in shown(story)) == silent and "PT Bank Contoh harus memenuhi" in shown(story)
