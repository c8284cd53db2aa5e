"""What pages are made of: words in both languages, ways that lead nowhere else, forms from here, tables."""

import gzip
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from chassis.pages.assets import KINDS, assets, followed_by_night
from chassis.pages.cookies import Cookie
from chassis.pages.forgery import Guard, NotFromHere, same_origin
from chassis.pages.forms import Form, NoForm, form_of
from chassis.pages.leads import known
from chassis.pages.posted import searched
from chassis.pages.tables import Column, asked_of
from chassis.pages.words import Words
from chassis.people.account import WRONG_CODES
from chassis.people.pages.asking import reason_of
from pujk_gateway.usecases.onboarding import OFF_BOARDED, REPLACED
from starlette.requests import Request
from starlette.responses import Response

#: Whoever has words for pages, and where the sections of the menu are named.
PACKAGES = (
    "chassis.pages",
    "chassis.people.pages",
    "chassis.audit_desk",
    "pujk_gateway",
    "tracking",
    "tracking.pages.statistics",
)
WORDS = Words(PACKAGES)
FIRST_VIEW_MOST = 100_000
COLUMNS = (Column("name", "a", "state.name"), Column("roles", "b"), Column("at", "c", "state.at"))


def sources(*suffixes: str) -> str:
    folders = (Path(str(files(package))) for package in (*PACKAGES, "contracts"))
    return "\n".join(one.read_text() for folder in folders for one in folder.rglob("*") if one.suffix in suffixes)


def a_request(**headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/staff", "query_string": b"", "headers": named})


def test_every_text_is_in_both_languages_with_the_same_blanks() -> None:
    for key, texts in WORDS.texts.items():
        assert set(texts) == {"id", "en"} and all(text.strip() for text in texts.values()), key
        assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in texts.values()}) == 1, key


@pytest.mark.parametrize("service", ["intake", "routing", "pujk_gateway", "notifier", "tracking"])
def test_a_service_says_otherwise_what_its_letters_say_and_nothing_else(service: str) -> None:
    """Two meanings of one key: the service's would stand beside a field of the log-in."""
    frame, people, own = (Words((one,)).texts for one in ("chassis.pages", "chassis.people.pages", service))
    below = frame | people
    assert {key for key in frame.keys() & people.keys() if frame[key] != people[key]} == set()
    assert {key for key in below.keys() & own.keys() if below[key] != own[key]} <= {"letter.do", "letter.text"}


def test_why_the_suite_locks_an_account_is_told_in_the_reader_s_language() -> None:
    assert [why for why in (WRONG_CODES, REPLACED, OFF_BOARDED) if f'"{why}": "locked.' not in sources(".html")] == []


def test_every_text_that_a_page_says_is_there_and_each_is_said() -> None:
    templates, code = sources(".html"), sources(".py")
    said = set(re.findall(r'say\("([^"]+)"', templates)) | set(re.findall(r'wrong\([^,]+, "([^"]+)"', code))
    # A key may be put together: of a word that is quoted and an end, or of a beginning and what a page is told.
    assert {key for key in said if key not in WORDS and key[-1] not in "._"} == set()
    text = templates + code
    quoted = set(re.findall(r'"([a-z_.-]+)"', text))
    acts = {f"{act}.{end}" for act in re.findall(r'Ask\("(\w+)"', code) for end in ("do", "title", "text", "yes")}
    assert {key for key in acts if key not in WORDS} == set()
    begun = {"password.", "role.", "state.", "refused.", *re.findall(r'"([a-z_.]+[._])" ~', templates)}
    begun |= set(re.findall(r'"([a-z_.]+[._]){', code))
    ends = set(re.findall(r'([._][a-z_]+)"', text))

    def is_put_together(key: str) -> bool:
        heads = [key[: at.start()] for at in re.finditer("[._]", key)]
        return any(head in quoted and key[len(head) :] in ends for head in heads)

    left = {key for key in WORDS.texts if key not in quoted | acts and not key.startswith(tuple(begun))}
    unsaid = {key for key in left if not is_put_together(key)}
    assert unsaid == set()


@pytest.mark.parametrize("to", ["/staff", "/staff/accounts", "/staff/accounts/budi.s", "/staff?q=a%20b&page=2"])
def test_a_page_leads_on_to_what_is_known(to: str) -> None:
    assert known(to, ["/staff"]) == to


@pytest.mark.parametrize(
    "to",
    ["", "//evil.example", "/staffs", "/other", "https://evil.example/staff", "/staff/../x", "/staff//x", "/staff\\x",
     "/staff?", "/staff?x=<", "/staff?x=1#y", "/staff?x=1\n", "/staffs?/staff",
     "/staff/%2e", "/staff\n", "staff", "/staff/" + "x" * 101],
)  # fmt: skip
def test_a_page_leads_nowhere_else(to: str) -> None:
    assert known(to, ["/staff"]) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "https://a.example", "host": "a.example"},
    ],
)
def test_a_form_from_here_is_taken(headers: dict[str, str]) -> None:
    same_origin(a_request(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": "https://a.example", "host": "a.example"},
        {"origin": "null", "host": "a.example"},
        {"origin": "https://b.example", "host": "a.example"},
        {"origin": "https://a.example:444", "host": "a.example"},
    ],
)
def test_a_form_from_elsewhere_is_not(headers: dict[str, str]) -> None:
    with pytest.raises(NotFromHere):
        same_origin(a_request(**headers))


def test_a_mark_belongs_to_one_session() -> None:
    guard, request = Guard(lambda data: data.hex()), a_request(sec_fetch_site="same-origin")
    guard.check(request, "one", guard.mark("one"))
    for mark in ("", "x", guard.mark("two"), "\udcff"):
        with pytest.raises(NotFromHere):
            guard.check(request, "one", mark)


def test_behind_tls_a_cookie_is_given_by_tls_alone() -> None:
    for secure, name in ((False, "slkt-staff-session"), (True, "__Secure-slkt-staff-session")):
        response = Response()
        Cookie("slkt-staff-session", "/staff", secure).put(response, "t")
        told = response.headers["set-cookie"]
        assert told.startswith(f"{name}=t;") and ("; Secure" in told) is secure
        assert all(part in told for part in ("; HttpOnly", "; Path=/staff", "; SameSite=lax"))
        assert "max-age" not in told.lower()


def test_a_field_with_signs_that_nobody_sees_is_wrong_and_no_other_value() -> None:
    form = Form(
        {"code": ["a\0b"], "roles": ["cso", "q\x1ba"], "expires": ["\0"], "story": ["satu\r\n\tdua"], "x": ["\x7f"]}
    )
    assert (form["code"], form.all("roles"), form["expires"], form["story"]) == ("", [], "", "satu\n\tdua")
    assert list(form.errors) == ["code", "roles", "expires"], "of those that somebody looks at"
    assert {key for key, _ in form.errors.values()} == {"form.unseen"}


def test_a_reason_that_is_too_long_is_told_and_never_cut() -> None:
    for length, wrong in ((500, []), (501, ["reason"])):
        form = Form({"reason": ["x" * length]})
        assert (len(reason_of(form)), list(form.errors)) == (length, wrong)


async def test_what_is_no_form_of_a_browser_is_not_read() -> None:
    async def sent(body: bytes, **headers: str) -> Form:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        return await form_of(Request(a_request(**headers).scope, receive))

    assert (await sent(b"a=1", content_type="application/x-www-form-urlencoded; charset=UTF-8"))["a"] == "1"
    lines = await sent(b"a=1%0D%0A2%0D3%0A4&a=%0D%0A", content_type="application/x-www-form-urlencoded")
    assert lines.all("a") == ["1\n2\n3\n4", "\n"], "the end of a line is one sign, as the browser counts"
    assert (await sent(b""))["a"] == ""
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", ""):
        with pytest.raises(NoForm):
            await sent(b"a=1", content_type=kind)


def test_what_an_address_asks_of_a_table_is_a_column_a_page_and_a_filter_of_it_or_left_out() -> None:
    filters = {"q": (), "role": ("cso",)}
    asked = asked_of("/t", {"sort": "at", "down": "1", "page": "3", "q": " Budi ", "role": "cso"}, COLUMNS, filters)
    assert (asked.order, asked.down, asked.page, asked.filters) == ("state.at", True, 3, {"q": "Budi", "role": "cso"})
    for wrong in ("roles", "_id", "state.password", ""):
        assert asked_of("/t", {"sort": wrong, "role": "king"}, COLUMNS, filters).order == "state.name"
    for page in ("0", "-1", "x", "²", "9" * 5000):
        assert asked_of("/t", {"page": page}, COLUMNS, filters).page == 1
    for unseen in ("\0", "a\0b", "\x1b[2J"):
        assert asked_of("/t", {"q": unseen}, COLUMNS, filters).filters == {}, "no pattern for the database"
    told = {one["name"] for one in searched(COLUMNS, filters)["parameters"]}
    assert told == {"q", "role", "sort", "down", "page", "spot"}, "and the documents say all of it"
    assert asked.link(page=4) == "/t?q=Budi&role=cso&sort=at&down=1&page=4"
    assert asked.link(sort="at") == "/t?q=Budi&role=cso&sort=at&page=1", "turned round"
    assert asked.link(sort="name") == "/t?q=Budi&role=cso&sort=name&page=1", "from the first page"


def test_the_reader_s_system_darkens_the_library() -> None:
    css = followed_by_night(
        ".a{b:c}[data-bs-theme=dark]{--x:1}.d,.e[data-bs-theme=dark]{f:g}[data-bs-theme=dark] .h{i:j}"
    )
    assert css.endswith("\n@media screen and (prefers-color-scheme:dark){:root{--x:1}:root .h{i:j}}\n")
    assert (
        "--bs-body-bg:#212529" in bytes(assets().answer("x", "bootstrap.css", "").body).decode().rpartition("@media")[2]
    )


def test_the_first_view_is_light() -> None:
    page = gzip.compress(sources(".html").encode())
    assert sum(assets().packed_bytes(name) for name in KINDS) + len(page) < FIRST_VIEW_MOST


def test_a_file_is_kept_for_a_year_by_its_content_and_not_at_all_by_another_name() -> None:
    kept, other = (assets().answer(version, "style.css", "gzip, br") for version in (assets().version, "0" * 12))
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "cache-control" not in other.headers and other.body == kept.body
    assert kept.headers["content-encoding"] == "gzip" and kept.headers["vary"] == "Accept-Encoding"
