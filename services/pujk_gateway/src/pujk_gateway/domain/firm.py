"""What is onboarded of a firm? Three people, each in a seat; letters to them; a user at the broker, wanted and made."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

#: Knows products and services; knows how consumers are served; has the authority to decide.
SEATS = ("product", "service", "deciding")
#: What an envelope's window shows: characters of a line, lines of an address.
LINE_MOST, ADDRESS_LINES = 100, 3
#: What an account of a firm's person is called: nobody else's id of an officer looks like that by chance.
_ACCOUNT = re.compile(rf"[a-z0-9-]+-(?:{'|'.join(SEATS)})-[1-9][0-9]{{0,2}}", re.IGNORECASE)
#: Older ones are in the audit.
LETTERS_KEPT = 100


def account_of(code: str, seat: str, number: int) -> str:
    """The username of the so manieth person who sits there."""
    return f"{code.lower()}-{seat}-{number}"


def is_account(officer: str) -> bool:
    """Whether a name that somebody acts in is one of ours; else it is the firm's own id of its officer."""
    return _ACCOUNT.fullmatch(officer) is not None


#: What the letters' face has: Latin letters as they are written in Europe and Viet Nam, digits, and plain signs.
_ON_PAPER = re.compile(r"[ -~\u00a0-\u017f\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2026]*")


def on_paper(line: str) -> bool:
    """Whether a letter can be addressed so: who carries it, and who prints it, read Latin letters."""
    return _ON_PAPER.fullmatch(line) is not None


class FirmRefusal(Exception):
    """What was asked does not fit the firm as it stands."""


class FirmStands(FirmRefusal):
    """The firm was onboarded with other people: seats are changed one by one."""


class CodeNotKnown(FirmRefusal):
    """No ticket ever went to a firm of this code, and none was onboarded: perhaps it is mistyped."""


class FirmHasLeft(FirmRefusal):
    """The firm was off-boarded."""


class FirmHasMoved(FirmRefusal):
    """The firm, or what it has at the broker, is another than the one that was looked at."""


class SeatHasMoved(FirmRefusal):
    """Somebody else sits there than the one who was to be replaced."""


class NotSeated(FirmRefusal):
    """This account sits in none of the firm's seats."""


class NotOnPaper(FirmRefusal):
    """A name or an address that no letter can show."""

    page = (409, "refused.not_on_paper")


class NobodyThere(FirmRefusal):
    """An account that is locked or expired gets no letter: it would let nobody in."""


@dataclass(frozen=True)
class Seat:
    """Who sits there: an account of this issuer. Their name is with the account alone."""

    account: str
    position: str
    since: datetime


@dataclass(frozen=True)
class Letter:
    """One letter that was printed; what it told is kept nowhere. ``check`` proves to whoever asks by phone that it is
    one of ours."""

    number: str
    account: str
    at: datetime
    until: datetime
    by: str
    check: str


@dataclass
class BrokerUser:
    """What is wanted at the broker, counted: ``made`` is the count that was last brought about.

    ``secret`` is RabbitMQ's own salted hash; the password was told once.
    """

    wanted: Literal["stands", "gone"]
    secret: str
    count: int = 1
    made: int = 0
    trouble: str | None = None

    @property
    def state(self) -> str:
        done = self.made == self.count
        if self.wanted == "stands":
            return "stands" if done else "making"
        return "gone" if done else "removing"


@dataclass
class Firm:
    """One firm, by its code."""

    code: str
    name: str
    address: tuple[str, ...]
    since: datetime
    by: str
    seats: dict[str, Seat] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    letter_count: int = 0
    broker: BrokerUser | None = None
    left: datetime | None = None

    @property
    def state(self) -> str:
        if self.left is None:
            return "onboarded"
        return "left" if self.broker is None or self.broker.state == "gone" else "leaving"

    @property
    def given(self) -> int:
        """How often something was wanted at the broker."""
        return self.broker.count if self.broker else 0

    @property
    def loses_its_queues(self) -> bool:
        return self.left is not None or (self.broker is not None and self.broker.wanted == "gone")

    def here(self) -> None:
        """Errors: FirmHasLeft."""
        if self.left is not None:
            raise FirmHasLeft(f"{self.code} was off-boarded; register it anew first: PUT /firms/{self.code}")

    def seat_of(self, account: str) -> str:
        """Errors: NotSeated."""
        for name, seat in self.seats.items():
            if seat.account == account:
                return name
        raise NotSeated(f"no seat of {self.code} is {account}'s; GET /firms/{self.code} shows who sits where")

    def replace(self, name: str, replaced: str, seat: Seat) -> None:
        """Errors: FirmHasLeft, SeatHasMoved."""
        self.replaces(name, replaced)
        self.seats[name] = seat

    def replaces(self, name: str, replaced: str) -> None:
        """Errors: FirmHasLeft, SeatHasMoved."""
        self.here()
        sits = self.seats[name].account
        if sits != replaced:
            raise SeatHasMoved(f"{sits} sits in {name}, not {replaced}; name the one who sits there in 'replaces'")

    def move(self, name: str, address: Sequence[str]) -> None:
        """Another name or postal address."""
        self.here()
        self.name, self.address = name, tuple(address)

    def come_back(self, anew: "Firm") -> None:
        """Onboarded again after it left; what it had then stays over."""
        if self.left is None:
            raise FirmStands(f"{self.code} was onboarded meanwhile")
        self.name, self.address, self.since, self.by = anew.name, anew.address, anew.since, anew.by
        self.seats, self.left = anew.seats, None

    def next_letter(self, at: datetime) -> str:
        """The number of one more letter."""
        self.letter_count += 1
        return f"S-{self.letter_count}/{self.code}/SLKT/{at.year}"

    def wrote(self, letter: Letter) -> None:
        self.letters = [*self.letters, letter][-LETTERS_KEPT:]

    def want_broker(self, secret: str, seen: int) -> None:
        """A user with a new password; whatever was opened with the old one ends. ``seen``: what was ``given`` before,
        so that of several that ask at once one gets it. Errors: FirmHasLeft, FirmHasMoved."""
        self.here()
        if seen != self.given:
            raise FirmHasMoved(f"{self.code} was given another password meanwhile; ask again if that one was not kept")
        self.broker = BrokerUser("stands", secret, seen + 1, self.broker.made if self.broker else 0)

    def end_broker(self, seen: int | None = None) -> None:
        """Nothing of the firm is left at the broker, if anything is there. Errors: FirmHasMoved."""
        if self.broker is not None and self.broker.wanted != "gone":
            if seen not in (None, self.given):
                raise FirmHasMoved(f"{self.code} was given something else at the broker meanwhile")
            self.broker = BrokerUser("gone", "", self.broker.count + 1, self.broker.made)

    def leave(self, at: datetime, seen: datetime | None = None) -> None:
        """``seen``: since when it was here as it was looked at. Errors: FirmHasMoved, where it left and came back."""
        if self.left is None:
            if seen not in (None, self.since):
                raise FirmHasMoved(f"{self.code} came back meanwhile")
            self.left = at
        self.end_broker()
