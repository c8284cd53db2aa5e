"""Whatever is asked of any door, by whom it likes: is the answer one that the service's OpenAPI names, and no 5xx?"""

import json
import os
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest
import requests
import schemathesis
from architecture.workspace import SERVICES
from contracts.topology import OWNERS
from e2e.test_who_may import led_to_log_in
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from kit.callers import visitor
from kit.openapi import everybody, page_of
from kit.running import FIRMS, Suite, a_complaint, load
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

SEED = 20_261_122
#: Of each operation, with what its schema allows and with what it forbids; `make fuzz` asks for more.
EXAMPLES = int(os.environ.get("EXAMPLES", "2"))
#: Of a page: the forms of all are read by the same lines, and refused by them where they are not from here.
OF_A_PAGE = EXAMPLES // 2
#: An address of its own: look-ups are counted by client, and other tests look up, too.
FROM = ("127.0.0.9", 0)
#: Rules are finer than a schema: a complaint needs a way to answer it, a basis one that was. And a parameter that
#: nobody knows is nobody's: browsers and proxies add theirs.
NOT_JUDGED: list[Any] = [positive_data_acceptance, negative_data_rejection]
#: Any text is a name there: nothing can be wrong.
NEVER_WRONG = {
    *(f"GET /static/{service}/{{version}}/{{name}}" for service in SERVICES),
    "GET /track/files/{version}/{name}",
}
#: Doors behind a log-in by browser: nobody who is in is led to log in.
INSIDE = ("page", "staff page")
#: It goes on for as long as somebody hears: tests/integration/test_tracking_live.py asks it.
GOES_ON = "GET /track/live"
STRANGER = {"number": "5043812177304", "pin": "12345678"}


class FromElsewhere(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **but: Any) -> None:
        super().init_poolmanager(*arguments, **but, source_address=FROM)


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        made.mount("http://", FromElsewhere())
        yield made


@pytest.fixture(scope="module")
def suite(running: Suite) -> Iterator[Suite]:
    """Put back afterwards as it was: a directory and endpoints that nobody made up, no firm that came or left,
    nobody whose account went with it."""
    dead, over = dead_letters(running), {name: ended(running, name) for name in OWNERS}
    yield running
    headers, url = running.staff("administrator"), f"{running.url('pujk_gateway')}/endpoints"
    for one in running.http.get(url, headers=headers).json()["endpoints"]:
        if one["pujk"] not in FIRMS:
            running.http.delete(f"{url}/{one['pujk']}", headers=headers).raise_for_status()
    running.mongo["pujk_gateway"]["firms"].delete_many({"_id": {"$in": FIRMS}})
    running.mongo["pujk_gateway"]["accounts"].delete_many({"state.firm": {"$in": FIRMS}})
    gone = {"$in": sorted({one for name, before in over.items() for one in ended(running, name) if one not in before})}
    for name in OWNERS:
        running.mongo[name]["ended"].delete_many({"_id": gone})
        # What was said of them is said no more, or verify would miss who heard it.
        running.mongo[name]["facts"].delete_many({"subject": gone})
        running.mongo[name]["accounts"].update_many({"_id": gone}, {"$set": {"seq": 0}})
    load(running)
    listed = f"{running.url('routing')}/illegal-entities"
    running.http.put(listed, content="[]", headers=headers).raise_for_status()
    assert dead_letters(running) == dead


def ended(running: Suite, service: str) -> list[str]:
    """Of whom a service was told that their tokens are good no more."""
    return [one["_id"] for one in running.mongo[service]["ended"].find({}, {"_id": 1})]


def dead_letters(running: Suite) -> dict[str, int]:
    queues = running.management("/queues/slkt")
    return {q["name"]: q.get("messages", 0) for q in queues if q["name"] in {f"{name}.inbox.dead" for name in OWNERS}}


@pytest.fixture(scope="module")
def matters(suite: Suite) -> list[dict[str, str]]:
    """Number and PIN of what is there: of strangers' numbers, every door says only that it knows none."""
    question = {
        "kind": "question",
        "private": {"consumer": {"name": "Sari", "email": "sari@example.org"}, "story": "Apa?"},
    }
    receipts = [suite.bring(), suite.submit(question).json()]
    return [{"number": one["number"], "pin": one["pin"]} for one in receipts]


def about(case: Any, matter: dict[str, str]) -> None:
    """The same request about a matter that is there; whatever else is wrong with it stays wrong."""
    if "number" in case.path_parameters:
        case.path_parameters = {**case.path_parameters, "number": matter["number"]}
    if isinstance(case.body, dict) and case.body.keys() & matter.keys():
        case.body = {**case.body, **{name: matter[name] for name in case.body if name in matter}}


def is_form_or_text(operation: dict[str, Any]) -> bool:
    """A page; not one with a table, whose address is a question to the database."""
    asked = {one["name"] for one in operation.get("parameters", ())}
    return "303" in operation["responses"] and not asked & {"sort", "q"}


def marked(case: Any, mark: str) -> None:
    """The same form as of the page where it stands; as it is where it has no mark."""
    if mark and isinstance(case.body, dict):
        case.body = {**case.body, "csrf": mark}


def knock(
    suite: Suite, service: str, operation: Any, mode: GenerationMode, matters: Sequence[dict[str, str]],
    known: dict[str, Any],
) -> None:  # fmt: skip
    """Asks one operation, over and over, each time by somebody who just came in: some ways lead out. Errors: those of
    whatever check fails first."""
    said = operation.definition.raw.get("x-may", "anybody")
    inside = said.partition(":")[0] in INSIDE

    @seed(SEED)
    @settings(
        max_examples=OF_A_PAGE if is_form_or_text(operation.definition.raw) else EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), matter=st.sampled_from([None, *matters, STRANGER]))
    def judged(case: Any, matter: dict[str, str] | None) -> None:
        if matter:
            about(case, matter)
        headers, mark = visitor(suite, service, operation.path, said)
        marked(case, mark)
        answer = case.call_and_validate(**{**known, "headers": {**known["headers"], **headers}})
        told = {name: ", ".join(values) for name, values in answer.headers.items()}
        assert not (inside and led_to_log_in(httpx.Response(answer.status_code, headers=told)))

    judged()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_is_documented(
    suite: Suite,
    session: requests.Session,
    matters: list[dict[str, str]],
    service: str,
    mode: GenerationMode,
    subtests: pytest.Subtests,
) -> None:
    for found in schemathesis.openapi.from_dict(page_of(suite, service)).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        raw = operation.definition.raw
        # Every page takes the language, by the same lines: that alone is no question.
        asked = "requestBody" in raw or any(one["name"] != "lang" for one in raw.get("parameters", ()))
        never_wrong = operation.label in NEVER_WRONG or not asked
        if operation.label == GOES_ON or (mode is GenerationMode.NEGATIVE and never_wrong):
            continue
        known: dict[str, Any] = {"base_url": suite.url(service), "session": session, "excluded_checks": NOT_JUDGED}
        known["headers"] = everybody(suite, service, operation.path)
        with subtests.test(operation.label):
            knock(suite, service, operation, mode, matters, known)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda one: st.lists(one) | st.dictionaries(st.text(), one),
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A complete complaint with one part replaced by anything that JSON can say, and more."""
    whole: Any = a_complaint()
    at = whole
    while True:
        key = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not (isinstance(at[key], dict | list) and at[key] and draw(st.booleans())):
            break
        at = at[key]
    at[key] = draw(JSON)
    return json.dumps(whole).encode()


def test_a_complaint_with_one_part_spoilt_is_accepted_or_told_what_is_wrong(suite: Suite) -> None:
    api_key = suite.known["credentials"]["channels"]["web"]["api_key"]
    url = f"{suite.url('intake')}/submissions"

    @seed(SEED)
    @settings(max_examples=8 * EXAMPLES, deadline=None, database=None, phases=[Phase.generate])
    @given(body=spoilt())
    def judged(body: bytes) -> None:
        headers = {"X-API-Key": api_key, "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
        answer = suite.http.post(url, content=body, headers=headers)
        assert answer.status_code in (201, 422), (body, answer.text)
        assert answer.status_code == 201 or answer.json()["problems"], (body, answer.text)

    judged()
