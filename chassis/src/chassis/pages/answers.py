"""Which answers does a page have? Its statuses, for a service's OpenAPI, and which page a refusal is."""

from typing import Any

from fastapi.exceptions import RequestValidationError

from chassis.pages.forgery import NotFromHere
from chassis.refusals import (
    Erased,
    Forbidden,
    Invalid,
    KeyReused,
    MatterFull,
    NotFound,
    TooLarge,
    TooMany,
    TooSlow,
    Unavailable,
)

#: Which page a refusal is, the nearest first: status, and the key of its words. One may say its own: ``page``.
REFUSED: dict[type[Exception], tuple[int, str]] = {
    NotFromHere: (403, "refused.forged"),
    Forbidden: (403, "refused.forbidden"),
    NotFound: (404, "refused.not_found"),
    TooSlow: (408, "refused.too_slow"),
    KeyReused: (409, "refused.moved"),
    MatterFull: (409, "refused.full"),
    Erased: (410, "refused.erased"),
    TooLarge: (413, "refused.too_large"),
    RequestValidationError: (404, "refused.not_found"),
    Invalid: (422, "refused.invalid"),
    TooMany: (429, "refused.too_many"),
    Unavailable: (503, "refused.unavailable"),
}
UNAVAILABLE_SECONDS = 30
_PAGE: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The page", **_PAGE},
    303: {"description": "Look there; to log in, where nobody is"},
    307: {"description": "Send it again by way of the issuer, which gives a new pass"},
    401: {"description": "The log-in does not hold here", **_PAGE},
    403: {"description": "Not allowed, or the form is not from here", **_PAGE},
    404: {"description": "No such thing", **_PAGE},
    408: {"description": "It did not arrive in time", **_PAGE},
    409: {"description": "The page as it is now: something else happened meanwhile", **_PAGE},
    410: {"description": "The matter was forgotten on purpose", **_PAGE},
    413: {"description": "More than this page takes", **_PAGE},
    415: {"description": "No form of a browser", **_PAGE},
    422: {"description": "The form again, with what is wrong", **_PAGE},
    429: {"description": "Too often", **_PAGE},
    503: {"description": "Not now", **_PAGE},
}
