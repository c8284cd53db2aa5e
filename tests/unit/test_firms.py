"""What of a firm is ended whatever happens in between, and what does the broker never let it do for a moment?"""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from chassis.credentials.grant import Asked, NotGranted
from chassis.refusals import Invalid, NotFound
from pujk_gateway.adapters.management import Management
from pujk_gateway.domain.firm import BrokerUser, CodeNotKnown, Firm, Seat, account_of, is_account
from pujk_gateway.jobs import FirmsAtBroker
from pujk_gateway.ports import Endpoint
from pujk_gateway.usecases.letters import GiveBrokerAccess
from pujk_gateway.usecases.minding import Claimed, MindFirm, NotAsWanted
from pujk_gateway.usecases.onboarding import OffBoard, RegisterFirm
from pujk_gateway.usecases.reaching import NotOnboarded, PutEndpoint
from pujk_gateway.usecases.systems import AddClient, GrantToken, NewSecret, RemoveClient

CODE, NOW = "BANK-077", datetime(2026, 3, 2, 9, tzinfo=UTC)


class Calls:
    """Answers whatever is called with what it was given, and notes the order."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.made = answers, list[str]()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def called(*args: Any, **_: Any) -> Any:
            self.made.append(f"{name} {args[0]}" if args and isinstance(args[0], str) else name)
            answer = self.answers.get(name)
            return answer(*args) if callable(answer) else answer

        return called


@pytest.fixture
def asked_of_broker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A broker without queues, and what was asked of it."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path.split('/')[2]}")
        return httpx.Response(404 if request.method == "GET" else 204)

    transport = httpx.MockTransport(answer)
    monkeypatch.setattr(httpx, "AsyncClient", partial(httpx.AsyncClient, transport=transport))
    return asked


@pytest.mark.parametrize("anew", [True, False], ids=["new password", "looked at again"])
async def test_a_user_gets_keys_before_rights_and_the_old_password_ends_whatever_the_queues_are(
    asked_of_broker: list[str], anew: bool
) -> None:
    with pytest.raises(NotAsWanted):
        await Management("http://a:b@broker", "slkt").make(CODE, "a-hash", anew=anew)
    rights = asked_of_broker.index("PUT permissions")
    assert set(asked_of_broker[1:rights]) == {"PUT user-limits", "PUT topic-permissions"}
    assert "PUT topic-permissions" not in asked_of_broker[rights:]
    assert (asked_of_broker[rights + 1] == "DELETE connections") is anew


async def test_one_odd_answer_is_that_firms_trouble_and_no_others() -> None:
    kept: dict[str, str | None] = {}

    class Broker:
        async def minded(self, claimed: Claimed, *, trouble: str | None, **_: Any) -> None:
            kept[claimed.firm.code] = trouble

        async def prepare(self, firms: Any) -> None:
            return

        async def __call__(self, firm: Any) -> None:
            if firm.code == CODE:
                raise KeyError("an answer of another shape")

    both: Any = Broker()
    firms: list[Any] = [SimpleNamespace(code=code, broker=None) for code in (CODE, "BANK-078")]
    claimed = [Claimed(firm, 0, "a-lease") for firm in firms]
    await FirmsAtBroker(both, both, 60)._minded(claimed)
    assert kept == {CODE: "KeyError", "BANK-078": None}


@pytest.mark.parametrize("wanted", ["stands", "gone"])
async def test_what_stands_or_is_gone_is_looked_at_again(wanted: Any) -> None:
    calls: Any = Calls()
    again: list[timedelta | None] = []
    calls.answers["minded"] = lambda *_: None
    firm = Firm(CODE, "PT Bank Contoh", (), NOW, "ani", broker=BrokerUser(wanted, "", 1, 1))

    class Due:
        async def minded(self, claimed: Claimed, **told: Any) -> None:
            again.append(told["again"])

    due: Any = Due()
    await FirmsAtBroker(due, MindFirm(calls, calls), 60)._one(Claimed(firm, 0, "a-lease"))
    assert (again, calls.made) == ([timedelta(seconds=60)], [f"{'make' if wanted == 'stands' else 'remove'} {CODE}"])


def granting(firm: Any) -> tuple[GrantToken, Calls]:
    client, calls = SimpleNamespace(id="c", firm=CODE), Calls()
    credential = SimpleNamespace(owner="c", scopes=("tickets:read",), prefix="p")
    calls.answers = {"get": lambda asked: client if asked == "c" else firm, "prove": credential}
    made: Any = GrantToken
    return made(calls, calls, calls, lambda *_: "a token"), calls


@pytest.mark.parametrize("firm", [None, SimpleNamespace(left=NOW)], ids=["never onboarded", "left"])
async def test_a_system_of_a_firm_that_is_not_here_gets_no_token(firm: Any) -> None:
    grant, _ = granting(firm)
    with pytest.raises(NotGranted) as refused:
        await grant(Asked("c", "s"))
    assert refused.value.code == "invalid_client"


async def test_a_secret_that_is_shown_for_another_client_is_counted() -> None:
    grant, calls = granting(SimpleNamespace(left=None))
    assert (await grant(Asked("c", "s"))).token == "a token"
    with pytest.raises(NotGranted):
        await grant(Asked("another", "s"))
    assert calls.made.count("count") == 2


async def test_a_system_is_removed_before_its_secrets_and_one_that_was_removed_loses_them_still() -> None:
    calls: Any = Calls(ever=["removed", "c"])
    remove = RemoveClient(calls, calls)
    await remove.of_firm(CODE, NOW)
    ends = [f"{act} {client}" for client in ("removed", "c") for act in ("remove", "revoke_all")]
    assert calls.made == [f"ever {CODE}", *ends]
    await remove(CODE, "removed")
    with pytest.raises(NotFound):
        await remove(CODE, "anothers")


async def test_a_system_whose_first_secret_cannot_be_is_not_kept() -> None:
    calls: Any = Calls(get=SimpleNamespace(here=lambda: None))
    add = AddClient(calls, calls, calls, SimpleNamespace(now=lambda: NOW))
    with pytest.raises(Invalid):
        await add(CODE, "sistem", NewSecret(["all"], None, 1, "ani"))
    assert calls.made == [f"get {CODE}"]


@pytest.mark.parametrize("code", ["BANK-002", "B2", "ASURANSI-JIWA-9"])
def test_a_name_is_an_accounts_where_we_would_have_made_it(code: str) -> None:
    assert is_account(account_of(code, "deciding", 1)) and is_account(account_of(code, "product", 999).upper())
    for other in ("ani", "deciding-1", code.lower(), f"{code}-deciding", f"{code}-deciding-0", f"{code}-chief-1"):
        assert not is_account(other), other


class Stored:
    """One firm and its accounts, in memory."""

    def __init__(self, firm: Firm, *accounts: Any) -> None:
        self.firm, self.accounts, self.ended = firm, list(accounts), list[str]()

    async def get(self, code: str) -> Firm:
        return self.firm

    async def change(self, code: str, change: Callable[[Firm], object]) -> Firm:
        change(self.firm)
        return self.firm

    async def of(self, code: str) -> list[Any]:
        return self.accounts

    async def end(self, account: str, reason: str, **_: Any) -> None:
        self.ended.append(account)

    async def has_no_tickets(self, code: str) -> bool:
        return False

    async def also(self, code: str, _: datetime = NOW) -> None:
        self.ended.append("the rest")

    async def seated(self, code: str, seat: str, *_: Any) -> Seat:
        assert self.ended, "who was there before is out first"
        return Seat(f"{seat}-2", "", NOW)


def left(at: datetime | None, *accounts: tuple[str, datetime]) -> tuple[Stored, OffBoard, Any]:
    stored: Any = Stored(
        Firm(CODE, "PT Bank Contoh", (), NOW, "ani", left=at),
        *(SimpleNamespace(id=name, since=since, over=False) for name, since in accounts),
    )
    show: Any = SimpleNamespace(of=stored.get)
    return stored, OffBoard(stored, stored, show, SimpleNamespace(now=lambda: NOW), also=[stored.also]), show


async def test_a_firm_that_came_back_keeps_what_it_was_given_since() -> None:
    stored, off_board, _ = left(None, ("before", NOW), ("since", NOW + timedelta(seconds=1)))
    await off_board.put_out(CODE, NOW)
    assert stored.ended == ["before"]
    stored.firm.left = NOW
    await off_board.put_out(CODE, NOW)
    assert stored.ended == ["before", "before", "the rest"]


async def test_who_was_there_before_a_firm_left_is_out_before_it_comes_back() -> None:
    stored, off_board, show = left(NOW, ("before", NOW))
    keeping: Any = stored
    register = RegisterFirm(
        keeping, keeping, show, SimpleNamespace(now=lambda: NOW), off_board.put_out, keeping.has_no_tickets
    )
    somebody: Any = "somebody"
    await register(CODE, "PT Bank Contoh", (), {"deciding": somebody}, "ani")
    assert stored.ended == ["before", "the rest"]
    assert (stored.firm.left, stored.firm.seats["deciding"].account) == (None, "deciding-2")


@pytest.mark.parametrize(
    ("tickets", "sure", "asked"), [(False, False, True), (True, False, False), (False, True, False)]
)
async def test_a_code_that_no_ticket_went_to_is_asked_about_once(tickets: bool, sure: bool, asked: bool) -> None:
    calls: Any = Calls(get=None, add=True, seated=Seat("bank-077-deciding-1", "", NOW), has_tickets=tickets)
    register = RegisterFirm(calls, calls, calls, SimpleNamespace(now=lambda: NOW), calls.put_out, calls.has_tickets)
    with pytest.raises(CodeNotKnown) if asked else nullcontext():
        await register(CODE, "PT Bank Contoh", (), {}, "ani", sure=sure)
    assert ("add" in calls.made) != asked


async def test_where_a_broker_user_ends_no_endpoint_leads_to_its_queues() -> None:
    keeping: Any = left(None)[0]
    await GiveBrokerAccess(keeping, lambda: ("", ""), str, keeping.also).end(CODE)
    assert keeping.ended == ["the rest"]


class Reached:
    """A firm's endpoint, and what happens while it is put."""

    def __init__(self, between: Callable[[], Awaitable[object]] | None) -> None:
        self.since: datetime | None = None
        self._between = between

    async def put(self, pujk: str, kind: str) -> Endpoint:
        self.since = NOW
        if self._between:
            await self._between()
        return Endpoint(pujk, kind, NOW)

    async def remove(self, pujk: str, until: datetime | None = None) -> bool:
        removed, self.since = self.since is not None, None
        return removed

    async def stand(self, pujk: str) -> bool:
        return True


async def test_an_endpoint_that_is_put_while_its_queues_are_taken_away_does_not_stay() -> None:
    """Whichever of the two is written first."""
    keeping: Any = left(None)[0]
    keeping.firm.want_broker("a-hash", keeping.firm.given)
    reached: Any = Reached(None)
    put = PutEndpoint(reached, reached, keeping)
    await put(CODE, "queue")
    assert reached.since == NOW

    async def end() -> None:
        await GiveBrokerAccess(keeping, lambda: ("", ""), str, reached.remove).end(CODE)

    # All of it comes in between, and then only the wish before.
    for between in (end, None):
        reached = Reached(between)
        with pytest.raises(NotOnboarded):
            await PutEndpoint(reached, reached, keeping)(CODE, "queue")
        assert reached.since is None
    keeping.firm.want_broker("another-hash", keeping.firm.given)
    await PutEndpoint(reached, reached, keeping)(CODE, "queue")
    assert reached.since == NOW
