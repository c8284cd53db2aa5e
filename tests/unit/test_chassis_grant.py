"""What a machine asks for is read as RFC 6749 says, and whatever is amiss gets the code that it names."""

import base64
from urllib.parse import quote_plus

import pytest
from chassis.credentials.grant import FORM, Asked, NotGranted, asked, granted

GRANT = "grant_type=client_credentials"


def basic(client: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{quote_plus(client)}:{quote_plus(secret)}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "body"),
    [
        (basic("BANK 002:a", "s%+é"), GRANT),
        (basic("BANK 002:a", "s%+é"), f"{GRANT}&client_id=BANK+002%3Aa&scope=&unknown=1"),
        (None, f"{GRANT}&client_id=BANK+002%3Aa&client_secret=s%25%2B%C3%A9"),
    ],
)
def test_who_asks_is_told_by_basic_or_in_the_form(authorization: str | None, body: str) -> None:
    assert asked(FORM, authorization, body.encode()) == Asked("BANK 002:a", "s%+é")
    assert "é" not in repr(asked(FORM, authorization, body.encode()))


@pytest.mark.parametrize(
    ("code", "authorization", "body"),
    [
        ("invalid_request", basic("a", "b"), ""),
        ("invalid_request", basic("a", "b"), f"{GRANT}&{GRANT}"),
        ("invalid_request", basic("a", "b"), f"{GRANT}&client_secret=b"),
        ("invalid_request", basic("a", "b"), f"{GRANT}&client_id=c"),
        ("invalid_request", basic("a", "b"), "&".join(f"x{n}=1" for n in range(99))),
        ("invalid_request", basic("a", "b"), f"{GRANT}&scope=%ff"),
        ("unsupported_grant_type", basic("a", "b"), "grant_type=password"),
        ("invalid_client", None, GRANT),
        ("invalid_client", None, f"{GRANT}&client_id=a&client_secret="),
        ("invalid_client", "Bearer x", GRANT),
        ("invalid_client", "Basic", GRANT),
        ("invalid_client", "Basic ***", GRANT),
        ("invalid_client", "Basic " + base64.b64encode(b"nocolon").decode(), GRANT),
        ("invalid_client", "Basic " + base64.b64encode(b"\xff:\xff").decode(), GRANT),
    ],
)
def test_whatever_is_amiss_has_its_code(code: str, authorization: str | None, body: str) -> None:
    with pytest.raises(NotGranted) as refused:
        asked(FORM, authorization, body.encode())
    assert refused.value.code == code
    assert refused.value.status == (401 if code == "invalid_client" else 400)


def test_another_kind_of_body_is_none() -> None:
    with pytest.raises(NotGranted) as refused:
        asked("application/json", basic("a", "b"), GRANT.encode())
    assert refused.value.code == "invalid_request"
    assert asked(f"{FORM}; charset=UTF-8", basic("a", "b"), f"{GRANT}&scope=y+x+x".encode()).scopes == ("x", "y")


def test_no_scope_is_all_and_another_one_is_none() -> None:
    assert granted((), ("a", "b")) == ("a", "b")
    assert granted(("a",), ("a", "b")) == ("a",)
    with pytest.raises(NotGranted) as refused:
        granted(("a", "c"), ("a", "b"))
    assert refused.value.code == "invalid_scope"
