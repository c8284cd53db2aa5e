"""What does a machine ask for at an OAuth token endpoint, and how is it refused? Client credentials (RFC 6749, 4.4)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus

FORM = "application/x-www-form-urlencoded"
FIELDS_MOST = 20
#: For everything that is amiss with who asks: one text.
NOT_GOOD = "client id or secret is not valid here"

Code = Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]


class NotGranted(Exception):
    """``code`` is RFC 6749's (5.2); ``description`` quotes nothing of what came."""

    def __init__(self, code: Code, description: str) -> None:
        super().__init__(description)
        self.code: Code = code
        self.description = description

    @property
    def was_tried(self) -> bool:
        """Whether something was shown that is not good; who shows nothing tries nothing."""
        return self.description == NOT_GOOD

    @property
    def status(self) -> int:
        return 401 if self.code == "invalid_client" else 400


@dataclass(frozen=True)
class Asked:
    """Who asks, and for which scopes; none named means all that the secret is good for."""

    client: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...] = ()


def asked(content_type: str, authorization: str | None, body: bytes) -> Asked:
    """Errors: NotGranted."""
    told = _form(content_type, body)
    grant = told.get("grant_type")
    if grant is None:
        raise NotGranted("invalid_request", "send grant_type=client_credentials")
    if grant != "client_credentials":
        raise NotGranted("unsupported_grant_type", "this endpoint grants client_credentials only")
    client, secret = _who(authorization, told)
    return Asked(client, secret, tuple(sorted({*told.get("scope", "").split()})))


def granted(wanted: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Errors: NotGranted."""
    if not {*wanted} <= {*known}:
        raise NotGranted("invalid_scope", f"this secret is good for: {' '.join(known)}")
    return wanted or known


def _form(content_type: str, body: bytes) -> Mapping[str, str]:
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise NotGranted("invalid_request", f"the body must be sent with 'Content-Type: {FORM}'")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MOST)
    except ValueError as error:
        raise NotGranted("invalid_request", "the form cannot be read") from error
    if len({name for name, _ in pairs}) < len(pairs):
        raise NotGranted("invalid_request", "a parameter came more than once")
    # A parameter without a value is as if it were not there (RFC 6749, 3.2).
    return {name: value for name, value in pairs if value}


def _who(authorization: str | None, told: Mapping[str, str]) -> tuple[str, str]:
    if authorization is None:
        if "client_id" not in told or "client_secret" not in told:
            raise NotGranted("invalid_client", "send client id and secret by HTTP Basic, or in the form")
        return told["client_id"], told["client_secret"]
    if "client_secret" in told:
        raise NotGranted("invalid_request", "send the secret by HTTP Basic or in the form, not both")
    client, secret = _basic(authorization)
    if told.get("client_id", client) != client:
        raise NotGranted("invalid_request", "two client ids came")
    return client, secret


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, told = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        client, colon, secret = base64.b64decode(told.strip(), validate=True).decode("utf-8").partition(":")
        if not colon:
            raise ValueError("no colon")
        # Both were form-encoded before they were joined (RFC 6749, 2.3.1).
        return unquote_plus(client, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError) as error:
        raise NotGranted("invalid_client", NOT_GOOD) from error
