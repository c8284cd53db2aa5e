"""What does an issuer of tokens say of its accounts? Whoever keeps accounts says this in its own name."""

from typing import Literal

from pydantic import Field

from contracts.base import AccountFact

#: Why what was given out before is good no more.
Why = Literal[
    "locked",
    "replaced",
    "expires-sooner",
    "new-letter",
    "new-roles",
    "new-password",
    "new-second-factor",
    "first-log-in",
    "logged-out-everywhere",
]


class TokensEnded(AccountFact):
    """Tokens of the account that were given before are good no more: locked, or changed in what it proves or may do."""

    epoch: int = Field(ge=1, description="Tokens with a smaller one are refused")
    why: Why
