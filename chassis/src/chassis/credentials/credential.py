"""What may a machine do with its secret, how often, and until when? And was what came that secret?"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chassis.credentials.secret import Presented, digest
from chassis.refusals import Invalid, Refusal, Rule

#: A secret that nobody replaces is one that nobody would miss.
LASTS, LASTS_MOST = timedelta(days=365), timedelta(days=731)
PER_MINUTE, PER_MINUTE_MOST = 600, 1_000_000
#: So many of one owner may be good at once: the old one and the new one, a few machines, and no more.
LIVE_MOST = 10
#: Compared with where there is no such secret, so that there is as much to do.
_NOBODY = digest("")


class EnoughSecrets(Refusal):
    """The owner has as many live secrets as anybody needs."""


REFUSALS: dict[type[Exception], Rule] = {
    EnoughSecrets: Rule(409, "enough-secrets", "There are enough live secrets; revoke one first"),
}


@dataclass(frozen=True)
class Credential:
    """One secret as it is kept. Several of one owner are good at once: that is how they are replaced."""

    prefix: str
    owner: str
    scopes: tuple[str, ...]
    per_minute: int
    expires: datetime
    by: str
    since: datetime
    digest: str = field(repr=False)
    used: datetime | None = None
    revoked: datetime | None = None

    def live(self, now: datetime) -> bool:
        return self.revoked is None and now < self.expires


@dataclass(frozen=True)
class Issued:
    """A new credential with its secret, which is told here and never again."""

    credential: Credential
    secret: str = field(repr=False)


def proves(kept: Credential | None, came: Presented, now: datetime) -> bool:
    """Whether what came is this secret and still good; as much work whatever is amiss."""
    right = hmac.compare_digest(kept.digest if kept else _NOBODY, came.digest)
    return right and kept is not None and kept.live(now)


def wanted(scopes: Sequence[str], known: Sequence[str], expires: datetime | None, now: datetime) -> datetime:
    """When a new one ends. Errors: Invalid, with every problem."""
    problems = []
    if unknown := sorted({*scopes} - {*known}):
        expected = f"of {', '.join(known)}"
        problems.append({"field": "scopes", "came": f"{len(unknown)} that are no scope", "expected": expected})
    ends = expires or now + LASTS
    if not now < ends <= now + LASTS_MOST:
        problems.append({"field": "expires", "came": "another time", "expected": "a time within the next two years"})
    if problems:
        raise Invalid("see problems", problems=problems)
    return ends
