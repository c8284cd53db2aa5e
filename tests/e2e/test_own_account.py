"""What a person does with their own account: is it felt where it should be, and nowhere else?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from argon2 import PasswordHasher
from chassis.people.second_factor import RECOVERY_CODES, code_at
from contracts.topology import OWNERS
from kit.members import Insider
from kit.people import OWN_PASSWORD, UNAUTHENTICATED, Person, problem, seed_of
from kit.running import Suite, eventually


@pytest.fixture
def insider(running: Suite) -> Insider:
    return Insider(running)


def own(person: Person, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {person.session}"}
    return person.http.request(method, f"{person.url}{path}", json=body, headers=headers)


def logged_in_again(person: Person) -> str:
    """One more session, with a recovery code; its token."""
    person.begin().raise_for_status()
    person.prove(person.recovery_codes.pop()).raise_for_status()
    return person.session


def test_new_recovery_codes_need_a_code_and_end_the_old_ones(insider: Insider) -> None:
    person = insider.person
    old = person.recovery_codes
    for wrong in ("abcdef", old[0], person.used):
        assert problem(own(person, "POST", "/me/recovery-codes", {"code": wrong})) == UNAUTHENTICATED, wrong
    told = own(person, "POST", "/me/recovery-codes", {"code": person.code(1)}).json()["recovery_codes"]
    assert len(set(told) - set(old)) == RECOVERY_CODES
    assert person.me().status_code == 200, "nothing else ends"
    person.begin()
    assert problem(person.prove(old[0])) == UNAUTHENTICATED
    assert person.prove(told[0]).status_code == 200


async def test_another_authenticator_ends_everything_that_the_old_one_opened(insider: Insider) -> None:
    person, old_session, old_seed = insider.person, insider.person.session, insider.person.seed
    assert problem(own(person, "PUT", "/me/authenticator", {"code": person.code()})) == UNAUTHENTICATED, "not asked for"
    right = {"password": person.password, "code": person.recovery_codes.pop()}
    for wrong in ({"code": "abcdef"}, {"password": "bukan-kata-sandi-ini"}):
        assert problem(own(person, "POST", "/me/authenticator", right | wrong)) == UNAUTHENTICATED, wrong
    asked = own(person, "POST", "/me/authenticator", right).json()
    assert person.me().status_code == 200, "until the new one has shown its secret, the old one holds"
    person.seed = seed_of(asked["secret"])
    taken_up = own(person, "PUT", "/me/authenticator", {"code": person.code()})
    assert taken_up.json()["session"] != old_session
    assert problem(person.me()) == UNAUTHENTICATED
    await insider.shut_out()
    person.begin()
    assert problem(person.prove(code_at(old_seed, datetime.now(UTC)))) == UNAUTHENTICATED
    assert person.prove(person.code(1)).status_code == 200


def test_a_person_sees_where_they_are_logged_in_and_ends_one(insider: Insider) -> None:
    person, first = insider.person, insider.person.session
    second = logged_in_again(person)
    told = own(person, "GET", "/me/sessions").json()["sessions"]
    assert [one["here"] for one in told] == [True, False]
    assert {one["client"] for one in told} == {"127.0.0.1"}
    assert first not in str(told) and second not in str(told)
    assert own(person, "DELETE", f"/me/sessions/{told[1]['name']}").status_code == 204
    assert own(person, "DELETE", f"/me/sessions/{told[1]['name']}").status_code == 404
    assert person.me().status_code == 200
    person.session = first
    assert problem(person.me()) == UNAUTHENTICATED


async def test_all_other_sessions_end_and_what_they_were_let_in_with(insider: Insider) -> None:
    person, first = insider.person, insider.person.session
    second = logged_in_again(person)
    begun = own(person, "DELETE", "/me/other-sessions").json()
    assert begun["then"] == "in" and begun["session"] != second
    await insider.shut_out()
    for ended in (first, second):
        person.session = ended
        assert problem(person.me()) == UNAUTHENTICATED
    person.session = begun["session"]
    told = own(person, "GET", "/me/sessions").json()["sessions"]
    assert [one["here"] for one in told] == [True]


def test_nobody_ends_the_session_of_somebody_else(running: Suite, insider: Insider) -> None:
    other = Insider(running)
    name = own(other.person, "GET", "/me/sessions").json()["sessions"][0]["name"]
    assert own(insider.person, "DELETE", f"/me/sessions/{name}").status_code == 404
    assert other.person.me().status_code == 200


async def test_who_expires_sooner_is_out_and_a_token_never_outlives_its_account(insider: Insider) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=7)
    insider.administer("PUT", insider.person.id, "/expiry", {"expires": ends.isoformat()}).raise_for_status()
    await insider.shut_out()
    logged_in_again(insider.person)
    insider.headers = insider.at_all()
    for service in OWNERS:
        token = insider.headers[service]["Authorization"].removeprefix("Bearer ")
        assert jwt.decode(token, options={"verify_signature": False})["exp"] <= ends.timestamp()
    await insider.shut_out()
    assert problem(insider.person.me()) == UNAUTHENTICATED
    past = (ends - timedelta(days=1)).isoformat()
    assert problem(insider.administer("PUT", insider.person.id, "/expiry", {"expires": past})) == (422, "invalid")


async def test_a_password_that_was_hashed_with_less_is_hashed_again_when_it_is_used(
    running: Suite, insider: Insider
) -> None:
    accounts, mine = running.mongo["intake"]["accounts"], {"state.id": insider.person.id}
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(OWN_PASSWORD)
    accounts.update_one(mine, {"$set": {"state.password": weak}, "$inc": {"version": 1}})
    logged_in_again(insider.person)

    def kept() -> str:
        found = accounts.find_one(mine)
        assert found is not None
        return str(found["state"]["password"])

    await eventually(lambda: "m=19456" in kept(), "the password is kept with what is asked for now")
    assert insider.let_in_by() == set(OWNERS), "nothing ends by that"
    logged_in_again(insider.person)
