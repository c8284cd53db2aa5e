"""What a provider says is taken for a person only where it is whole: a provider that can lie tries each way."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import pytest
from chassis.people.id_token import NotProved, Registered
from chassis.people.oidc import Asked, OpenIdProvider
from chassis.refusals import Unavailable
from kit.issuing import jwks, pairs

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://login.example"
ROLES = {"ojk-cso": "cso", "ojk-adm": "administrator"}
TOLD = Registered(ISSUER, "slkt", "s3cret:/", "https://slkt.example/staff/oidc/callback", ROLES)
(PRIVATE, OTHER), (PUBLIC, _) = pairs("p1", "p1")


class Clock:
    def now(self) -> datetime:
        return NOW


class House:
    """An OpenID provider that says what a test wants it to say."""

    def __init__(self) -> None:
        self.description: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth?tenant=1",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "userinfo_endpoint": f"{ISSUER}/me",
            "end_session_endpoint": f"{ISSUER}/end",
        }
        self.claims: dict[str, Any] = {
            "iss": ISSUER, "aud": "slkt", "iat": SECONDS, "exp": SECONDS + 300, "nonce": "",
            "sub": "u-1", "name": "Sari", "groups": ["ojk-cso", "everybody"],
        }  # fmt: skip
        self.key: dict[str, Any] = dict(PRIVATE)
        self.algorithm = "EdDSA"
        self.header: dict[str, Any] = {"kid": "p1"}
        self.token: str | None = None
        self.status = 200
        self.me: dict[str, Any] = {}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answers: dict[str, Any] = {
            "/.well-known/openid-configuration": self.description,
            "/jwks": jwks(PUBLIC),
            "/me": self.me,
            "/token": {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token()},
        }
        said = answers[request.url.path]
        status = self.status if request.url.path == "/token" else 200
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        return httpx.Response(status, stream=httpx.ByteStream(body))

    def id_token(self) -> str:
        if self.token is not None:
            return self.token
        key: Any = jwt.PyJWK.from_dict(self.key).key if self.algorithm == "EdDSA" else self.key
        claims = {name: value for name, value in self.claims.items() if value is not None}
        return jwt.encode(claims, key, algorithm=self.algorithm, headers=self.header)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def provider(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenIdProvider]:
    def client(_: str = "") -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(house))

    monkeypatch.setattr("chassis.fetching.client", client)
    made = OpenIdProvider(TOLD, Clock())
    yield made
    await made.close()


async def came_back(provider: OpenIdProvider, house: House, **but: str) -> tuple[dict[str, str], Asked]:
    """What a browser brings, after the provider put the nonce of this log-in into its token."""
    _, asked = await provider.begin()
    if house.claims["nonce"] not in ("other", None):
        house.claims["nonce"] = asked.nonce
    return {"code": "c-1", "state": asked.state} | but, asked


async def test_a_browser_is_sent_with_state_nonce_and_a_challenge(provider: OpenIdProvider) -> None:
    url, asked = await provider.begin()
    assert url.startswith(f"{ISSUER}/auth?tenant=1&")
    query = dict(parse_qsl(urlsplit(url).query))
    assert (query["code_challenge_method"], query["response_type"], query["client_id"]) == ("S256", "code", "slkt")
    assert (query["state"], query["nonce"], query["redirect_uri"]) == (asked.state, asked.nonce, TOLD.redirect_uri)
    assert asked.verifier not in url
    assert (await provider.begin())[1] != asked


async def test_a_whole_answer_is_a_person_in_our_words(provider: OpenIdProvider, house: House) -> None:
    identity = await provider.finish(*await came_back(provider, house))
    assert (identity.subject, identity.name, identity.roles) == ("u-1", "Sari", ("cso",))
    exchange = next(one for one in house.asked if one.url.path == "/token")
    form = parse_qs(exchange.content.decode())
    assert (form["grant_type"], form["redirect_uri"]) == (["authorization_code"], [TOLD.redirect_uri])
    assert len(form["code_verifier"][0]) >= 43, "RFC 7636, 4.1"
    assert httpx.BasicAuth("slkt", "s3cret%3A%2F")._auth_header == exchange.headers["Authorization"]


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://other.example"},
    "another client": {"aud": "other"},
    "another client beside": {"aud": ["slkt", "other"]},
    "for another": {"aud": ["slkt", "other"], "azp": "other"},
    "run out": {"exp": SECONDS},
    "without an end": {"exp": None},
    "of yesterday": {"iat": SECONDS - 86_400},
    "of tomorrow": {"iat": SECONDS + 86_400},
    "another nonce": {"nonce": "other"},
    "without a nonce": {"nonce": None},
    "nobody": {"sub": None},
    "nobody, said so": {"sub": ""},
    "somebody without end": {"sub": "x" * 300},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_a_token_that_is_not_whole_is_nobody(provider: OpenIdProvider, house: House, wrong: Any) -> None:
    house.claims |= wrong
    with pytest.raises(NotProved):
        await provider.finish(*await came_back(provider, house))


FORGED: dict[str, dict[str, Any]] = {
    "another key of that name": {"key": dict(OTHER)},
    "a name that nobody published": {"header": {"kid": "p2"}},
    "no name": {"header": {}},
    "none": {"algorithm": "none", "key": None},
    "the public key as a secret": {"algorithm": "HS256", "key": PUBLIC["x"]},
    "no token": {"token": ""},
    "no JWT": {"token": "a.b.c"},
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_token_is_nobody(provider: OpenIdProvider, house: House, forged: Any) -> None:
    vars(house).update(forged)
    with pytest.raises(NotProved):
        await provider.finish(*await came_back(provider, house))


@pytest.mark.parametrize(
    "but",
    [{"state": "other"}, {"state": ""}, {"code": ""}, {"iss": "https://other.example"}, {"error": "access_denied"}],
    ids=str,
)
async def test_an_answer_that_is_not_to_our_question_is_not_followed(
    provider: OpenIdProvider, house: House, but: dict[str, str]
) -> None:
    with pytest.raises(NotProved):
        await provider.finish(*await came_back(provider, house, **but))
    assert not [one for one in house.asked if one.url.path == "/token"], "no code and no verifier was told"


async def test_a_provider_that_names_itself_in_each_answer_must(provider: OpenIdProvider, house: House) -> None:
    house.description["authorization_response_iss_parameter_supported"] = True
    with pytest.raises(NotProved):
        await provider.finish(*await came_back(provider, house))
    await provider.finish(*await came_back(provider, house, iss=ISSUER))


async def test_how_well_somebody_was_proved_is_asked_for_and_looked_at(provider: OpenIdProvider, house: House) -> None:
    provider.registered = replace(TOLD, acr="two-factors")
    assert "acr_values=two-factors" in (await provider.begin())[0]
    came = await came_back(provider, house)
    with pytest.raises(NotProved):
        await provider.finish(*came)
    house.claims["acr"] = "two-factors"
    assert (await provider.finish(*came)).subject == "u-1"


@pytest.mark.parametrize(
    ("claim", "said", "roles"),
    [
        ("groups", None, ()),
        ("groups", "ojk-adm", ("administrator",)),
        ("groups", ["ojk-adm", "ojk-cso", "ojk-cso"], ("administrator", "cso")),
        ("groups", ["cso", {"ojk-cso": 1}, 7], ()),
        ("realm_access.roles", {"roles": ["ojk-cso"]}, ("cso",)),
        ("realm_access.roles", ["ojk-cso"], ()),
    ],
)
async def test_only_words_that_were_agreed_on_are_roles(
    provider: OpenIdProvider, house: House, claim: str, said: Any, roles: tuple[str, ...]
) -> None:
    provider.registered = replace(TOLD, roles_claim=claim)
    house.claims |= {"groups": None, claim.split(".")[0]: said}
    house.me = {"sub": "u-1"}
    assert (await provider.finish(*await came_back(provider, house))).roles == roles


async def test_what_the_token_does_not_say_is_asked_for_and_must_be_of_the_same_person(
    provider: OpenIdProvider, house: House
) -> None:
    house.claims["groups"] = None
    house.me = {"sub": "u-1", "groups": ["ojk-cso"], "name": "Another"}
    identity = await provider.finish(*await came_back(provider, house))
    assert (identity.roles, identity.name) == (("cso",), "Sari"), "what is signed goes first"
    house.me["sub"] = "u-2"
    with pytest.raises(NotProved):
        await provider.finish(*await came_back(provider, house))


@pytest.mark.parametrize(
    "but",
    [{"issuer": "https://other.example"}, {"token_endpoint": "http://login.example/token"}, {"jwks_uri": None}],
    ids=str,
)
async def test_a_provider_that_describes_itself_wrongly_is_not_used(
    provider: OpenIdProvider, house: House, but: dict[str, Any]
) -> None:
    house.description |= but
    with pytest.raises(Unavailable):
        await provider.begin()


async def test_a_refused_code_is_nobody_and_a_provider_in_trouble_is_away(
    provider: OpenIdProvider, house: House
) -> None:
    came = await came_back(provider, house)
    for status, kind in ((400, NotProved), (401, NotProved), (429, Unavailable), (503, Unavailable)):
        house.status = status
        with pytest.raises(kind):
            await provider.finish(*came)


async def test_a_session_at_the_provider_ends_where_it_says(provider: OpenIdProvider, house: House) -> None:
    url = await provider.log_out_at("https://slkt.example/staff/log-in")
    assert url and dict(parse_qsl(urlsplit(url).query))["client_id"] == "slkt"
    provider._said_at = float("-inf")
    house.description["end_session_endpoint"] = "javascript:alert(1)"
    assert await provider.log_out_at("https://slkt.example/staff/log-in") is None
