"""Do the right people get in, and nobody else, whatever they try? On a real intake with its own database."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from chassis.people import second_factor
from kit.people import OWN_PASSWORD, UNAUTHENTICATED, House, ago, first_administrator, problem

pytestmark = pytest.mark.usefixtures("patient")


def test_there_is_one_first_administrator(house: House) -> None:
    again = first_administrator(house.intake, "joko", "Joko")
    assert again.returncode == 1
    assert "administrator already" in again.stderr
    assert first_administrator(house.intake, "joko").returncode == 2


def test_a_letter_a_password_an_authenticator_and_in(house: House) -> None:
    person = house.new("cso", "qa")
    letter = person.password
    assert person.begin().json()["then"] == "first-log-in"
    assert problem(person.token("intake")) == UNAUTHENTICATED, "half way is not in"
    settled = person.settle()
    assert len(settled.json()["recovery_codes"]) == second_factor.RECOVERY_CODES
    assert person.me().json()["roles"] == ["cso", "qa"]
    assert problem(person.begin(letter)) == UNAUTHENTICATED, "the letter's password is over"


def test_the_next_log_in_asks_for_a_code_and_takes_each_once(house: House) -> None:
    person = house.settled()
    assert person.begin().json()["then"] == "second-factor"
    assert problem(person.prove(person.used)) == UNAUTHENTICATED, "the code of the first log-in"
    assert problem(person.prove("000000" if person.code(1) != "000000" else "111111")) == UNAUTHENTICATED
    assert problem(person.token("intake")) == UNAUTHENTICATED, "the password alone is not in"
    assert person.prove(person.code(1)).status_code == 200
    assert person.me().status_code == 200


def test_a_recovery_code_stands_in_once(house: House) -> None:
    person = house.settled()
    code = person.recovery_codes[3]
    person.begin()
    assert person.prove(f" {code[:5].upper()} {code[5:]}").status_code == 200
    person.begin()
    assert problem(person.prove(code)) == UNAUTHENTICATED


def test_a_code_is_taken_once_also_by_two_at_the_same_time(house: House) -> None:
    person = house.settled()
    halves = []
    for _ in range(4):
        person.begin()
        halves.append(person.session)
    code = person.recovery_codes[0]
    with ThreadPoolExecutor(4) as pool:
        proofs = pool.map(lambda half: person.post("/log-in/second-factor", {"code": code}, session=half), halves)
        assert sorted(answer.status_code for answer in proofs) == [200, 401, 401, 401]


def test_what_is_wrong_is_not_told_apart_from_what_is_not_there(house: House) -> None:
    locked, lapsed = house.settled(), house.settled()
    assert house.ask("PUT", f"/accounts/{locked.id}/lock", {"reason": "cuti"}).status_code == 200
    house.set(lapsed, expires=ago(1))
    stranger = house.person("nobody.at.all", OWN_PASSWORD)
    mistyped = house.settled()
    answers = [stranger.begin(), locked.begin(), lapsed.begin(), mistyped.begin("hujan-di-bulan-juli")]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert {problem(answer) for answer in answers} == {UNAUTHENTICATED}


def test_guessing_stops_for_names_that_exist_and_names_that_do_not(house: House) -> None:
    known, unknown = house.settled(), house.person("nobody.at.all", OWN_PASSWORD)
    told_by = []
    for person in (known, unknown):
        answers = [person.begin("tebakan-yang-salah") for _ in range(11)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        told_by.append(answers[-1].json()["type"])
    assert told_by[0] == told_by[1]
    assert known.begin().status_code == 429, "also the right password waits"


def test_guessing_codes_stops_too(house: House) -> None:
    person = house.settled()
    person.begin()
    wrong = [person.prove("abcdef").status_code for _ in range(6)]
    assert wrong == [401] * 5 + [429]
    assert person.prove(person.code(1)).status_code == 429


@pytest.mark.parametrize("weak", ["pendek", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_password_that_is_too_easy_is_refused_with_what_is_wrong(house: House, weak: str) -> None:
    person = house.new()
    answer = person.settle(weak)
    assert answer.status_code == 422
    assert weak not in answer.text
    assert person.settle().status_code == 200, "nothing was used up"


def test_the_password_of_the_letter_is_nobodys_own(house: House) -> None:
    person = house.new()
    assert problem(person.settle(person.password)) == (422, "invalid")


def test_a_lock_ends_what_is_open_at_once(house: House) -> None:
    person = house.settled("supervisor")
    assert person.token("routing").status_code == 200
    assert (
        house.ask("PUT", f"/accounts/{person.id}/lock", {"reason": "pindah tugas"}).json()["locked"] == "pindah tugas"
    )
    assert problem(person.token("routing")) == UNAUTHENTICATED
    assert problem(person.me()) == UNAUTHENTICATED
    assert house.ask("DELETE", f"/accounts/{person.id}/lock").json()["locked"] is None
    assert problem(person.me()) == UNAUTHENTICATED, "what ended stays ended"
    person.begin()
    assert person.prove(person.recovery_codes[0]).status_code == 200


def test_new_roles_need_a_new_log_in(house: House) -> None:
    person = house.settled("cso")
    assert house.ask("PUT", f"/accounts/{person.id}/roles", {"roles": ["decider"]}).json()["roles"] == ["decider"]
    assert problem(person.token("pujk_gateway")) == UNAUTHENTICATED
    assert problem(house.ask("PUT", f"/accounts/{person.id}/roles", {"roles": ["king"]})) == (422, "no-such-role")


def test_a_new_letter_makes_everything_of_before_worthless(house: House) -> None:
    person = house.settled()
    before, codes = person.password, person.recovery_codes
    letter = house.ask("POST", f"/accounts/{person.id}/letter").json()
    assert problem(person.me()) == UNAUTHENTICATED
    assert problem(person.begin(before)) == UNAUTHENTICATED
    person.password = letter["password"]
    assert person.begin().json()["then"] == "first-log-in"
    assert problem(person.prove(codes[0])) == UNAUTHENTICATED
    assert person.settle("angin-dari-selatan").status_code == 200


def test_nobody_changes_their_own_account(house: House) -> None:
    own = f"/accounts/{house.administrator.id}"
    asked = [("PUT", "lock", {"reason": "x"}), ("DELETE", "lock", None), ("PUT", "roles", {"roles": ["decider"]})]
    for method, what, body in [*asked, ("POST", "letter", None)]:
        assert problem(house.ask(method, f"{own}/{what}", body)) == (403, "forbidden")


def test_a_token_of_before_a_lock_undoes_nothing(house: House) -> None:
    other = house.settled("administrator")
    before = other.bearer("intake")
    assert house.ask("PUT", f"/accounts/{other.id}/lock", {"reason": "keluar"}).status_code == 200
    for method, path in (
        ("GET", "/accounts"),
        ("PUT", f"/accounts/teman.{other.id}"),
        ("DELETE", "/accounts/sri/lock"),
    ):
        body = {"name": "Teman", "roles": ["administrator"]} if method == "PUT" else None
        answer = house.http.request(method, f"{house.api}{path}", json=body, headers=before)
        assert problem(answer) == UNAUTHENTICATED, path


def test_a_renewal_in_the_middle_of_a_step_wins(house: House) -> None:
    """What was begun with the old password, authenticator or session ends with them."""
    for step in ("second-factor", "password"):
        person = house.settled()
        sent, path = {"old": OWN_PASSWORD, "new": "angin-utara-2"}, "/me/password"
        if step == "second-factor":
            person.begin()
            sent, path = {"code": person.code(1)}, "/log-in/second-factor"
        with ThreadPoolExecutor(8) as pool:
            renewed = pool.submit(house.ask, "POST", f"/accounts/{person.id}/letter")
            tries = [pool.submit(person.post, path, sent) for _ in range(4)]
        assert renewed.result().status_code == 200
        for answer in (one.result() for one in tries):
            if answer.status_code == 200:
                person.session = answer.json()["session"]
                assert problem(person.me()) == UNAUTHENTICATED, step
        person.password = renewed.result().json()["password"]
        assert person.begin().json()["then"] == "first-log-in", "the letter is what counts"


def test_who_is_no_administrator_lets_nobody_in(house: House) -> None:
    person = house.settled("cso")
    url = f"{house.api}/accounts"
    assert house.http.get(url, headers=person.bearer("intake")).status_code == 403
    assert house.http.get(url).status_code == 401
    assert house.http.get(url, headers=person.bearer("routing")).status_code == 401, "another service's token"
    session = {"Authorization": f"Bearer {person.session}"}
    assert house.http.get(url, headers=session).status_code == 401, "a session is no token"
    assert problem(person.token("elsewhere")) == (422, "invalid")


def test_logging_out_here_and_everywhere(house: House) -> None:
    person = house.settled()
    first = person.session
    person.begin()
    assert person.prove(person.recovery_codes[0]).status_code == 200
    bearer = {"Authorization": f"Bearer {person.session}"}
    assert house.http.delete(f"{house.api}/sessions", headers=bearer).status_code == 204
    assert problem(person.me()) == UNAUTHENTICATED
    person.session = first
    assert problem(person.me()) == UNAUTHENTICATED
    person.begin()
    assert person.prove(person.recovery_codes[1]).status_code == 200
    out = house.http.delete(f"{house.api}/session", headers={"Authorization": f"Bearer {person.session}"})
    assert out.status_code == 204
    assert problem(person.me()) == UNAUTHENTICATED


def test_a_new_password_ends_the_other_sessions(house: House) -> None:
    person = house.settled()
    old = person.session
    assert problem(person.post("/me/password", {"old": "salah-sama-sekali", "new": "angin-utara-2"})) == UNAUTHENTICATED
    same = person.post("/me/password", {"old": OWN_PASSWORD, "new": OWN_PASSWORD})
    assert problem(same) == (422, "invalid") and "holds now" in same.text
    changed = person.post("/me/password", {"old": OWN_PASSWORD, "new": "angin-utara-2"})
    assert changed.status_code == 200
    assert problem(person.me()) == UNAUTHENTICATED
    person.session = changed.json()["session"]
    assert person.me().status_code == 200
    assert person.session != old


@pytest.mark.parametrize(("field", "minutes"), [("seen", 31), ("until", 1)], ids=["idle", "old"])
def test_sessions_end(house: House, field: str, minutes: int) -> None:
    person = house.settled()
    house.database["sessions"].update_many({"account": person.id}, [{"$set": {field: ago(minutes)}}])
    assert problem(person.me()) == UNAUTHENTICATED


def test_a_letter_is_good_for_two_weeks(house: House) -> None:
    person = house.new()
    house.set(person, one_time_until=ago(1))
    assert problem(person.begin()) == UNAUTHENTICATED


def test_every_step_leaves_its_trace(house: House) -> None:
    person = house.settled()
    person.token("intake")
    person.me()
    person.begin()
    person.prove("abcdef")
    person.prove(person.recovery_codes[0])
    person.session = person.post("/me/password", {"old": OWN_PASSWORD, "new": "angin-utara-2"}).json()["session"]
    bearer = {"Authorization": f"Bearer {person.session}"}
    house.http.delete(f"{house.api}/sessions", headers=bearer)
    audit = house.database["audit"]
    asked = list(audit.find({"actor.id": person.id}).sort("_id", 1))
    outcomes = [audit.find_one({"asked": one["_id"], "step": "answered"}) or {} for one in asked]
    assert [(one["act"], came.get("outcome")) for one, came in zip(asked, outcomes, strict=True)] == [
        ("POST /staff/api/log-in", 200),
        ("POST /staff/api/log-in/first", 200),
        ("POST /staff/api/token", 200),
        ("GET /staff/api/me", 200),
        ("POST /staff/api/log-in", 200),
        ("POST /staff/api/log-in/second-factor", 401),
        ("POST /staff/api/log-in/second-factor", 200),
        ("POST /staff/api/me/password", 200),
        ("DELETE /staff/api/sessions", 204),
    ]
    added = audit.find_one({"act": "PUT /staff/api/accounts/{account}", "object.account": person.id})
    assert added, "and who let somebody in"


def test_nothing_that_proves_a_person_is_kept_in_clear_or_logged(house: House) -> None:
    person = house.settled()
    kept = str(list(house.database["accounts"].find())) + str(list(house.database["sessions"].find()))
    kept += Path(house.intake.log).read_text()
    for secret in (OWN_PASSWORD, person.session, *person.recovery_codes, str(person.seed)[2:-1], person.code()):
        assert secret not in kept
    listed = house.ask("GET", "/accounts").text
    assert "argon2" not in listed and "recovery" not in listed


def test_what_is_signed_here_is_checked_with_what_is_published(house: House) -> None:
    keys = house.http.get(f"{house.intake.url}/staff/jwks.json").json()["keys"]
    assert [sorted(key) for key in keys] == [["alg", "crv", "kid", "kty", "use", "x"]]
    assert keys[0]["kid"] in house.stack.secrets.staff_keys.read_text()
