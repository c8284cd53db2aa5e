"""Has a stack an account for each role, and a script a token of one, as if somebody had logged in?"""

import re

import jwt
import pytest
from kit.command import slkt
from kit.people import House
from slkt_local.member import Member
from slkt_local.staff import ROLES

pytestmark = pytest.mark.usefixtures("patient")


def test_a_stack_has_an_account_for_each_role_and_a_script_a_token_of_one(house: House) -> None:
    where = ("--stack", str(house.stack.root / "stack.json"))
    kept = house.stack.description()["credentials"]["staff"]
    tokens = [Member(house.api, dict(kept[role])).token("intake") for role in ROLES]
    token = slkt("token", ROLES[-1], "intake", *where).out.strip()
    roles = [jwt.decode(one, options={"verify_signature": False})["roles"] for one in (*tokens, token)]
    assert roles == [[role] for role in (*ROLES, ROLES[-1])]
    answer = house.http.get(f"{house.intake.url}/questions", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403, "an auditor answers no question"
    nobody = slkt("token", "king", "intake", *where)
    assert nobody.code == 2 and "no account of the role king" in nobody.said
    assert slkt("token", "cso", "elsewhere", *where).code == 2


def test_where_a_session_has_ended_one_code_is_used_for_all_that_follow(house: House) -> None:
    where = ("--stack", str(house.stack.root / "stack.json"))
    account = house.stack.description()["credentials"]["staff"]["supervisor"]["id"]
    house.database["sessions"].delete_many({"account": account})
    assert [slkt("token", "supervisor", "intake", *where).code for _ in range(3)] == [0, 0, 0]


def test_a_person_is_told_what_to_type_at_the_log_in_page(house: House) -> None:
    said = slkt("log-in", "qa", "--stack", str(house.stack.root / "stack.json"))
    typed = dict(line.split(": ", 1) for line in said.out.splitlines())
    name, password, codes = (typed[one].strip() for one in ("nama / name", "kata sandi / password", "kode / code"))
    begun = house.http.post(f"{house.api}/log-in", json={"name": name, "password": password}).json()
    tried = [
        house.http.post(
            f"{house.api}/log-in/second-factor",
            json={"code": code},
            headers={"Authorization": f"Bearer {begun['session']}"},
        ).status_code
        for code in re.findall(r"[0-9]{6}", codes)
    ]
    assert 200 in tried, "this half minute's, or where it was used the next"


def test_an_account_of_the_stack_logs_in_again_where_its_session_ended(house: House) -> None:
    kept = dict(house.stack.description()["credentials"]["staff"]["cso"])
    house.database["sessions"].delete_many({"account": kept["id"]})
    member = Member(house.api, kept)
    answer = house.http.get(f"{house.intake.url}/questions", headers=member.headers("intake"))
    assert answer.status_code == 200
