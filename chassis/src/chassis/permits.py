"""What lets somebody do one thing about one matter for a time, without a log-in? A permit: sealed, so that nothing is
learnt from it and nothing can be changed, and read only by who holds the key. It may stand in a form or an address."""

import hmac
import json
from binascii import Error as NoBase64
from dataclasses import dataclass
from datetime import datetime

from chassis.refusals import NotFound, Refusal
from chassis.sealing import SealBroken, Vault, b64, unb64

#: Longer than any permit of ours.
CHARACTERS_MOST = 400


class PermitWrong(NotFound):
    """It was not made here, not for this, or was changed."""


class PermitEnded(Refusal):
    """It was good once; its time is over."""


@dataclass(frozen=True)
class Permit:
    """``act`` says what may be done; ``about``: which of several, by numbers that mean something to its maker."""

    number: str
    act: str
    ends_at: datetime
    about: tuple[int, ...] = ()


class Permits:
    """Under a key of their own that comes from ``key``; those for one ``purpose`` are good for no other."""

    def __init__(self, key: bytes, purpose: str) -> None:
        self._vault = Vault(hmac.digest(key, b"slkt permits v1", "sha256"))
        self._purpose = purpose

    def made(self, permit: Permit) -> str:
        said = [permit.number, permit.act, int(permit.ends_at.timestamp()), *permit.about]
        return b64(self._vault.seal(json.dumps(said, separators=(",", ":")).encode(), self._purpose))

    def read(self, text: str, now: datetime) -> Permit:
        """Errors: PermitWrong, PermitEnded."""
        try:
            if len(text) > CHARACTERS_MOST:
                raise ValueError("too long")
            number, act, ends, *about = json.loads(self._vault.open(unb64(text), self._purpose))
        except (SealBroken, NoBase64, ValueError) as error:
            raise PermitWrong("this permits nothing; begin again at the page of the matter") from error
        permit = Permit(number, act, datetime.fromtimestamp(ends, now.tzinfo), tuple(about))
        if now.timestamp() >= ends:
            raise PermitEnded("its time is over; begin again at the page of the matter")
        return permit
