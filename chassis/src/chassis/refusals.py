"""What does the chassis itself refuse, and how is every refusal told to a person and a machine?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: As what a refusal is answered.
PROBLEM_TYPE = "application/problem+json"


class Refusal(Exception):
    """A request that cannot be granted. ``problems`` are (field, came, expected); ``extra`` goes into the answer."""

    def __init__(
        self, detail: str = "", *, problems: list[dict[str, str]] | None = None, extra: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = problems or []
        self.extra = extra or {}


class NotFound(Refusal):
    """No matter with that number here, or none that the asker may see."""


class NotYetKnown(Refusal):
    """The matter may still be on its way to this service: a later try can help. ``waits`` bounds how many rooms a
    message goes through; a class of its own may say fewer."""

    waits = 3


class KeyReused(Refusal):
    """The same idempotency key came with another body."""


class NumberTaken(Refusal):
    """A new matter drew a number that another matter has."""


class MatterFull(Refusal):
    """The matter holds 2,000 entries or 4 MB and takes no more from outside."""


class Erased(Refusal):
    """The matter was forgotten on purpose."""


class Invalid(Refusal):
    """What came does not fit; ``problems`` say field by field what came and what is expected."""


class Ambiguous(Refusal):
    """A header that says who asks, or what is the same, came more than once: others may have read another one."""


class TooLarge(Refusal):
    """The message is larger than a door takes."""


class TooSlow(Refusal):
    """The message did not arrive in the time a door waits."""


class Unauthenticated(Refusal):
    """Nobody known is asking."""


class Forbidden(Refusal):
    """The asker is known and may not do this."""


class TooMany(Refusal):
    """Asked too often; a later try can help."""


class Unavailable(Exception):
    """Broker or database cannot be reached now; nothing was decided, the same request may be sent again."""


@dataclass(frozen=True)
class Rule:
    """How a refusal is answered: HTTP status, a stable code, a title."""

    status: int
    code: str
    title: str


COMMON: Mapping[type[Exception], Rule] = {
    NotFound: Rule(404, "not-found", "Not found"),
    NotYetKnown: Rule(404, "not-yet-known", "Not known here yet"),
    KeyReused: Rule(409, "key-reused", "This idempotency key was used for another body"),
    MatterFull: Rule(409, "matter-full", "The matter takes no more entries"),
    Erased: Rule(410, "erased", "The matter was erased"),
    Invalid: Rule(422, "invalid", "What came does not fit"),
    Ambiguous: Rule(400, "ambiguous", "A header came more than once"),
    TooLarge: Rule(413, "too-large", "The message is too large"),
    TooSlow: Rule(408, "too-slow", "The message did not arrive in time"),
    Unauthenticated: Rule(401, "unauthenticated", "Credentials are missing or not valid"),
    Forbidden: Rule(403, "forbidden", "Not allowed"),
    TooMany: Rule(429, "too-many", "Too many attempts"),
    Unavailable: Rule(503, "unavailable", "Not available now; send the same again later"),
}


@dataclass(frozen=True)
class Refusals:
    """The one table from refusals to answers: the chassis' own and the service's."""

    own: Mapping[type[Exception], Rule] = field(default_factory=dict)

    def rule(self, error: Exception) -> Rule | None:
        """The rule of the nearest class of ``error``; None means that the error is a defect, not a refusal."""
        for kind in type(error).__mro__:
            found = self.own.get(kind) or COMMON.get(kind)
            if found:
                return found
        return None

    def body(self, error: Exception, rule: Rule) -> dict[str, Any]:
        """RFC 9457 problem details."""
        body: dict[str, Any] = {"type": f"urn:slkt:problem:{rule.code}", "title": rule.title, "status": rule.status}
        detail = error.detail if isinstance(error, Refusal) else str(error)
        if detail:
            body["detail"] = detail
        problems = getattr(error, "problems", None)
        if problems:
            body["problems"] = problems
        body.update(getattr(error, "extra", None) or {})
        return body
