"""Which acts on somebody's account are asked about? The same at staff's issuer and where firms' people are minded."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, time
from typing import Literal, Protocol

from chassis.pages.asks import Ask
from chassis.pages.forms import Form
from chassis.pages.words import WIB
from chassis.people.account import REASON_MOST
from chassis.people.administer import EXPIRES_MOST

#: In the address of each.
Act = Literal["letter", "lock", "unlock", "expiry"]


class Minded(Protocol):
    """What is told of an account here."""

    @property
    def id(self) -> str: ...

    @property
    def expires(self) -> datetime | None: ...


def acts_on(
    account: Minded, place: str, back: str, *, letter_is_file: bool = False, seen: int | None = None
) -> Mapping[str, Ask]:
    """``place``: the address of this person, ``back``: the page that is come from. ``seen``: how the account stood, so
    that nothing is done to another; a letter that is a file carries none."""
    until = account.expires.astimezone(WIB).date().isoformat() if account.expires else ""
    acts = (
        Ask(
            "letter",
            f"{place}/letter",
            back,
            account.id,
            downloads=letter_is_file,
            seen=None if letter_is_file else seen,
        ),
        Ask("lock", f"{place}/lock", back, account.id, field="reason", seen=seen),
        Ask("unlock", f"{place}/unlock", back, account.id, danger=False, seen=seen),
        Ask("expiry", f"{place}/expiry", back, account.id, danger=False, field="expires", value=until, seen=seen),
    )
    return {one.act: one for one in acts}


def reason_of(form: Form) -> str:
    return form.line("reason", REASON_MOST)


def end_of(form: Form, now: datetime) -> datetime | None:
    """The end of the day that was typed, in Jakarta; None where none was, and with an error of the field where it is no
    day that an account may end at."""
    typed = form["expires"].strip()
    if not typed:
        return None
    with suppress(ValueError):
        end = datetime.combine(datetime.fromisoformat(typed).date(), time(23, 59, 59), WIB)
        if now < end <= now + EXPIRES_MOST:
            return end
    form.wrong("expires", "new_account.bad_day")
    return None
