"""A firm's system gets in with a secret, sees what is its firm's turn, then what its firm did, and nothing without its
secret."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from chassis.credentials import secret
from chassis.credentials.known import KNOWN_SECONDS
from contracts.pujk import AddFollowUp, Decline, TakeOver
from kit.firms import a_firm
from kit.running import Suite, eventually
from kit.tokens import firm_token, have_officer

NOTE = "RAHASIA-PUJK-4811: nasabah sudah kami hubungi."
FORM = {"grant_type": "client_credentials"}
#: Onboarded here alone: whoever else onboards a firm names other people.
OTHER = "BANK-655"


class System:
    """One client of a firm, with one of its secrets."""

    def __init__(self, running: Suite, firm: str, client: str, text: str) -> None:
        self._running, self.firm, self.client, self.text = running, firm, client, text

    @property
    def prefix(self) -> str:
        return self.text.split("_")[2]

    def token(self, **but: str) -> httpx.Response:
        asked = FORM | {"client_id": self.client, "client_secret": self.text} | but
        return self._running.http.post(f"{self._running.url('pujk_gateway')}/pujk/token", data=asked)

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token().raise_for_status().json()['access_token']}"}

    def gets(self, path: str, bearer: dict[str, str] | None = None) -> httpx.Response:
        url = path if path.startswith("http") else f"{self._running.url('pujk_gateway')}/pujk/tickets{path}"
        return self._running.http.get(url, headers=bearer or self.bearer())


class Ojk:
    """OJK's administrator at the gateway."""

    def __init__(self, running: Suite) -> None:
        self._running = running

    def asks(self, method: str, path: str, body: Any = None) -> httpx.Response:
        url = f"{self._running.url('pujk_gateway')}/firms/{path}"
        return self._running.http.request(method, url, json=body, headers=self._running.staff("administrator"))

    def lets_in(self, firm: str, **but: Any) -> System:
        asked = {"name": "core system", "scopes": ["tickets:read"]} | but
        answer = self.asks("POST", f"{firm}/clients", asked)
        assert answer.status_code == 201, answer.text
        return System(self._running, firm, answer.json()["id"], answer.json()["made"]["secret"])

    def clients(self, firm: str) -> dict[str, Any]:
        return {one["id"]: one for one in self.asks("GET", f"{firm}/clients").json()["clients"]}


@pytest.fixture(scope="module")
def ojk(running: Suite) -> Iterator[Ojk]:
    made = Ojk(running)
    for firm in ("BANK-002", OTHER):
        made.asks("PUT", firm, a_firm()).raise_for_status()
    yield made
    for firm in ("BANK-002", OTHER):
        for client in made.clients(firm):
            made.asks("DELETE", f"{firm}/clients/{client}").raise_for_status()


@pytest.fixture(scope="module")
def system(ojk: Ojk) -> System:
    return ojk.lets_in("BANK-002")


@pytest.fixture(scope="module")
def other(ojk: Ojk) -> System:
    return ojk.lets_in(OTHER)


def an_officer(running: Suite, firm: str) -> dict[str, str]:
    """Somebody of a firm, in any seat."""
    account = f"{firm.lower()}-product-9"
    have_officer(running.mongo["pujk_gateway"], running.stack.secrets, account, firm, "product")
    return {"Authorization": f"Bearer {firm_token(running.stack.secrets, firm, 'product', subject=account)}"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:slkt:problem:")


async def test_the_link_of_a_notice_leads_a_firm_to_its_ticket_and_later_to_what_it_did_itself(
    running: Suite, system: System, other: System
) -> None:
    async with running.firm("BANK-002") as firm:
        number = running.bring()["number"]
        notice = await firm.notice(number, "ticket-routed")
        assert (await firm.act(TakeOver, number, round=1, officer="ani"))["status"] == "done"
        noted = await firm.act(AddFollowUp, number, round=1, officer="ani", kind="contacted-consumer", note=NOTE)
        assert notice["link"] == f"{running.known['entry']}/pujk/tickets/{number}"
        seen = system.gets(notice["link"]).raise_for_status().json()
        assert (seen["round"], seen["basis"], seen["state"], seen["holder"]) == (
            1,
            noted["basis"],
            "in-handling",
            "ani",
        )
        assert [(one["what"], one["text"]) for one in seen["history"]] == [
            ("routed", None),
            ("taken-over", None),
            ("follow-up-added", NOTE),
        ]
        for firm_of, status in (("BANK-002", 200), (OTHER, 404)):
            assert system.gets(f"/{number}", an_officer(running, firm_of)).status_code == status
        listed = system.gets("?limit=500").json()["tickets"]
        assert [one["demands"] for one in listed if one["number"] == number] == [1]
        unknown = other.gets("/5043812177304")
        assert problem(unknown) == (404, "not-found")
        assert other.gets(f"/{number}").text == unknown.text, "another firm's is as one that there is not"
        assert number not in other.gets("?limit=500").text
        about = {"round": 1, "basis": noted["basis"], "officer": "ani", "kind": "not-our-customer", "text": "bukan"}
        assert (await firm.act(Decline, number, **about))["state"] == "declined"
    past = system.gets(f"/{number}").raise_for_status().json()
    assert (past["yours"], past["state"], past["demands"], past["due"] == seen["due"]) == (False, "declined", [], True)
    assert [one["text"] for one in past["history"]] == [None, None, NOTE, "bukan"]
    assert number not in system.gets("?limit=500").text
    audit = running.mongo["pujk_gateway"]["audit"]
    assert audit.find_one({"act": "GET /pujk/tickets/{number}", "actor.id": system.client, "behalf": "BANK-002"})


async def test_pages_of_tickets_meet_and_miss_none(running: Suite, system: System) -> None:
    brought = {running.bring()["number"] for _ in range(3)}

    def all_there() -> bool:
        return brought <= {one["number"] for one in system.gets("?limit=500").json()["tickets"]}

    await eventually(all_there, "all are this firm's turn")
    found, asked = [], {"limit": "2"}
    while asked.get("after", "") is not None:
        page = system.gets(f"?{httpx.QueryParams(asked)}").json()
        found += [one["number"] for one in page["tickets"]]
        asked["after"] = page["next"]
    assert brought <= {*found} and len(found) == len({*found})
    assert problem(system.gets("?after=x")) == (422, "invalid")


def test_a_token_is_for_the_gateway_alone_and_for_minutes(running: Suite, system: System) -> None:
    answer = system.token(scope="tickets:read")
    said = answer.json()
    assert (said["token_type"], said["expires_in"], said["scope"]) == ("Bearer", 300, "tickets:read")
    assert answer.headers["cache-control"] == "no-store"
    claims = jwt.decode(said["access_token"], options={"verify_signature": False})
    assert (claims["iss"], claims["aud"], claims["sub"]) == ("slkt-pujk", "pujk_gateway", system.client)
    assert (claims["kind"], claims["firm"], claims["scope"]) == ("system", "BANK-002", "tickets:read")
    bearer = {"Authorization": f"Bearer {said['access_token']}"}
    assert running.http.get(f"{running.url('intake')}/questions", headers=bearer).status_code == 401
    assert running.http.get(f"{running.url('pujk_gateway')}/proposals", headers=bearer).status_code == 401
    assert system.gets("", running.staff("administrator")).status_code == 401, "and staff have another door"


async def test_wrong_credentials_are_written_down_and_not_what_they_were(running: Suite, system: System) -> None:
    audit, wrong = running.mongo["pujk_gateway"]["audit"], secret.make("client")
    for client, text in ((system.client, wrong), ("nobody-4811", system.text)):
        assert system.token(client_id=client, client_secret=text).status_code == 401
    tries = {"act": "LOG-IN by key", "object.with": "secret", "actor": None, "step": "refused", "outcome": 401}
    # Others may try, too, from where they are.
    tries["from"] = "127.0.0.1"
    entry = await eventually(lambda: audit.find_one(tries), "an entry of nobody")
    assert entry["object"]["name"] == "unknown" and entry["from"] == "127.0.0.1"
    kept = str(list(audit.find({"act": "LOG-IN by key"})))
    assert not [one for one in (wrong, system.text, "nobody-4811") if one in kept]


def test_basic_does_as_well_and_whatever_is_amiss_is_said_as_rfc_6749_names_it(running: Suite, system: System) -> None:
    url = f"{running.url('pujk_gateway')}/pujk/token"

    def basic(client: str, text: str) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"{client}:{text}".encode()).decode()}

    assert running.http.post(url, data=FORM, headers=basic(system.client, system.text)).status_code == 200
    strangers = [
        running.http.post(url, data=FORM, headers=basic(client, text))
        for client, text in (
            (system.client, secret.make("client")),
            (system.client, system.text[:-1]),
            ("bank-008.22222222", system.text),
            ("nobody", "x"),
        )
    ]
    assert {(one.status_code, one.json()["error"]) for one in strangers} == {(401, "invalid_client")}
    assert len({one.text for one in strangers}) == 1
    assert all(one.headers["pragma"] == "no-cache" for one in (*strangers, system.token()))
    assert all(one.headers["www-authenticate"].startswith("Basic ") for one in strangers)
    assert (system.token(scope="everything").status_code, system.token(scope="everything").json()["error"]) == (
        400,
        "invalid_scope",
    )
    assert system.token(grant_type="password").json()["error"] == "unsupported_grant_type"
    assert running.http.post(url, json=FORM).json()["error"] == "invalid_request"


def test_the_secret_is_told_once_and_kept_nowhere(running: Suite, ojk: Ojk, system: System) -> None:
    system.bearer()
    assert system.text not in str(ojk.clients("BANK-002"))
    assert ojk.clients("BANK-002")[system.client]["secrets"][0]["prefix"] == system.prefix
    database = running.mongo["pujk_gateway"]
    kept = str([list(database[name].find()) for name in database.list_collection_names()])
    kept += running.stack.services["pujk_gateway"].log.read_text()
    assert system.prefix in kept
    assert system.text not in kept and system.text.rpartition("_")[2] not in kept


async def test_a_revoked_secret_ends_its_tokens_too_and_the_next_one_was_good_before(ojk: Ojk) -> None:
    old = ojk.lets_in("BANK-002")
    body = {"scopes": ["tickets:read"], "expires": (datetime.now(UTC) + timedelta(days=30)).isoformat()}
    made = ojk.asks("POST", f"BANK-002/clients/{old.client}/secrets", body)
    new = System(old._running, "BANK-002", old.client, made.json()["secret"])
    before, after = old.bearer(), new.bearer()
    assert ojk.asks("DELETE", f"BANK-002/clients/{old.client}/secrets/{old.prefix}").status_code == 204
    assert old.token().status_code == 401
    await eventually(lambda: old.gets("", before).status_code == 401, "its tokens end", KNOWN_SECONDS + 1)
    assert new.gets("", after).status_code == 200
    wrong = ojk.asks("DELETE", f"{OTHER}/clients/{old.client}/secrets/{new.prefix}")
    assert problem(wrong) == (404, "not-found"), "another firm's"


def test_so_many_a_minute_and_then_later(ojk: Ojk) -> None:
    for _ in range(2):
        system = ojk.lets_in("BANK-002", per_minute=5)
        began, bearer = datetime.now(UTC).minute, system.bearer()
        answers = [system.gets("", bearer) for _ in range(6)]
        if datetime.now(UTC).minute == began:
            break
    assert [one.status_code for one in answers] == [200] * 4 + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert system.token().status_code == 429


def test_a_firm_that_left_has_no_systems(ojk: Ojk) -> None:
    client = {"name": "core system", "scopes": ["tickets:read"]}
    assert problem(ojk.asks("POST", "BANK-654/clients", client)) == (404, "not-found")
    ojk.asks("PUT", "BANK-654", a_firm()).raise_for_status()
    system = ojk.lets_in("BANK-654")
    bearer = system.bearer()
    assert system.gets("", bearer).json() == {"tickets": [], "next": None}
    assert ojk.asks("DELETE", "BANK-654").status_code == 202
    assert system.token().status_code == 401
    assert system.gets("", bearer).status_code == 401
    assert problem(ojk.asks("POST", "BANK-654/clients", client)) == (409, "firm-has-left")
