"""Which passwords are somebody's own, and who lets people in when administrators put each other out?"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.ended import Ended
from chassis.pages.forms import Form
from chassis.people import doors
from chassis.people.account import Account, IsOver, LastAdministrator
from chassis.people.administer import Administer
from chassis.people.pages.asking import reason_of
from chassis.people.passwords import Passwords
from chassis.refusals import Invalid
from pujk_gateway.doors import firms
from pydantic import ValidationError

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
EASY = [
    "qwertyuiopasdf",
    "123456789012",
    "P@ssw0rd12345",
    "bismillah12345",
    "rahasia-rahasia",
    "otoritasjasakeuangan",
    "indonesia2026",
    "budisantoso1990",
    "Santoso-2026!",
    "bank-002-2026",
    "aaaabbbbcccc",
    "pendek",
    "x" * 201,
]


#: What people here say every day, with what is put around it to fill a password up.
FAMILIAR = (
    """
aku cinta kamu|Kata sandi saya 123|selamat pagi 123|layanan konsumen ojk|Indonesia Raya 45|terima kasih banyak
selamat datang 2026|bismillah 12345|garuda di dadaku|Merah-Putih-1945|bhinneka tunggal ika|otoritas jasa keuangan
rahasia negara 1|jakarta barat 2026|nasi goreng enak|kopi susu gula aren|aku sayang mama|semangat pagi 2026!
selamatulangtahun|lupa kata sandi|Ganti Kata Sandi 1|password saya 123|perlindungan konsumen|persib bandung juara 1
17 agustus 1945|bank indonesia 2026|malam minggu 99|_selamat_malam_sayang_|budi cinta indonesia|111 tanah airku 222
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


@pytest.mark.parametrize("easy", EASY + FAMILIAR)
async def test_what_others_would_try_first_is_refused(passwords: Passwords, easy: str) -> None:
    with pytest.raises(Invalid) as refused:
        await passwords.judge(easy, "budi.santoso", "Budi Santoso", "BANK-002")
    assert easy not in str(refused.value.problems)


@pytest.mark.parametrize(
    "own",
    [
        "hujan-di-bulan-juni", "angin dari selatan", "kuda makan paku", "kuda makan paku " + "x" * 180,
        "selamat pagi, tukang sayur tanpa gerobak", "kereta malam berhenti di kebun teh",
        "tujuh kunci lemari dan seekor bebek",
    ],
)  # fmt: skip
async def test_a_password_of_ones_own_is_taken(passwords: Passwords, own: str) -> None:
    await passwords.judge(own, "budi.santoso", "Budi Santoso", "BANK-002")


def test_a_hash_of_before_is_known(passwords: Passwords) -> None:
    assert passwords.is_old("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$mWZM6UVtfPMDDfuWPM4kug") is True


async def others() -> None:
    """Whoever else runs goes on meanwhile."""
    turn = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


class Now:
    def now(self) -> datetime:
        return NOW


class Kept:
    """Accounts in memory: what is read and what is written lie apart, as in a database."""

    def __init__(self, *accounts: Account) -> None:
        self._accounts = {one.id: one for one in accounts}

    async def get(self, account: str) -> Account | None:
        await others()
        return replace(self._accounts[account])

    async def all(self) -> list[Account]:
        await others()
        return list(self._accounts.values())

    async def change(self, account: str, change: Callable[[Account], Any]) -> Account:
        await others()
        changed = replace(self._accounts[account])
        change(changed)
        self._accounts[account] = changed
        return changed


def administering(*names: str) -> tuple[Administer, Kept]:
    kept = Kept(*(Account(name, name, ("administrator",), "hash", None) for name in names))
    made: Any = Administer
    return made(kept, None, frozenset({"administrator", "cso"}), Now()), kept


@pytest.mark.parametrize(
    "out",
    [lambda stories, who: stories.lock(who, "keluar"), lambda stories, who: stories.give(who, ["cso"])],
    ids=["lock", "roles"],
)
async def test_two_administrators_who_put_each_other_out_at_once_leave_one(out: Any) -> None:
    stories, kept = administering("ani", "budi")
    outcomes = await asyncio.gather(out(stories, "ani"), out(stories, "budi"), return_exceptions=True)
    assert any(isinstance(one, LastAdministrator) for one in outcomes)
    assert [one for one in await kept.all() if one.usable(NOW) and one.roles == ("administrator",)]


async def test_one_of_two_administrators_can_be_put_out() -> None:
    stories, _ = administering("ani", "budi")
    assert (await stories.lock("ani", "keluar")).locked == "keluar"


async def test_an_end_for_good_is_undone_by_no_unlock_whatever_came_before_it() -> None:
    stories, kept = administering("ani", "budi")
    await stories.lock("ani", "cuti")
    assert (await stories.unlock("ani")).usable(NOW)
    await stories.lock("ani", "cuti")
    ended = await stories.lock("ani", "diganti", for_good=True)
    with pytest.raises(IsOver):
        await stories.unlock("ani")
    ended.as_before(await kept.get("budi") or ended)
    assert not ended.usable(NOW)


async def test_of_its_own_tokens_an_issuer_asks_its_accounts() -> None:
    async def gone(claims: Mapping[str, Any]) -> bool:
        return False

    database: Any = {"ended": None}
    ended = Ended(database)
    ended.asks("slkt-staff", gone)
    assert await ended.stands({"iss": "slkt-staff", "account": "account-1", "epoch": 3}) is False


@pytest.mark.parametrize(
    ("ends", "then", "goes_on"),
    [
        (NOW - timedelta(minutes=1), None, False),
        (NOW - timedelta(minutes=1), NOW + timedelta(days=9), False),
        (NOW + timedelta(days=1), NOW + timedelta(days=9), True),
        (NOW + timedelta(days=1), None, True),
        (NOW + timedelta(days=9), NOW + timedelta(days=1), False),
    ],
)
def test_what_ended_with_an_account_stays_ended(ends: datetime, then: datetime | None, goes_on: bool) -> None:
    account = Account("budi", "Budi", ("cso",), "hash", None, expires=ends)
    before = account.epoch
    account.end_at(then, NOW)
    assert (account.expires, account.epoch == before, account.said == []) == (then, goes_on, goes_on)


@pytest.mark.parametrize("reason", [" ", "cuti\u202e", "cuti\nlagi", "\u200b", "x" * 501])
@pytest.mark.parametrize("door", [doors.LockIn, firms.LockIn])
def test_why_somebody_is_locked_is_one_line_at_doors_as_on_pages(door: Any, reason: str) -> None:
    assert door(reason=" cuti ").reason == "cuti" == reason_of(Form({"reason": [" cuti "]}))
    with pytest.raises(ValidationError):
        door(reason=reason)
    form = Form({"reason": [reason]})
    reason_of(form)
    assert list(form.errors) == ["reason"]
