"""How is anything said? One CloudEvents 1.0 envelope for every message of the suite."""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    StringConstraints,
)

CONTENT_TYPE = "application/cloudevents+json"
MAX_FACT_BYTES = 256 * 1024


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


#: An aware moment; RFC 3339 in UTC with milliseconds on the wire.
Moment = Annotated[AwareDatetime, PlainSerializer(_rfc3339, return_type=str, when_used="json")]
#: The number of a matter: 12 digits and an ISO 7064 Mod 11,10 check digit.
Number = Annotated[str, Field(pattern=r"^[0-9]{13}$", examples=["5043812177304"])]
#: One account of a person at an issuer: opaque, and never a matter's number.
AccountId = Annotated[
    str, Field(pattern=r"^account-[0-9a-f]{32}$", examples=["account-6f1d0c8e5b7a49d2836e0f94c1ab57d3"])
]
#: Code of a PUJK in the directory.
PujkCode = Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$", max_length=32, examples=["BANK-002"])]
#: Whole rupiah.
Rupiah = Annotated[int, Field(ge=0, le=10**15, strict=True, examples=[1_500_000])]
#: Text sealed with the matter's key; unreadable without it. Inside is JSON: ``{"text": …}`` for what a person wrote.
Sealed = Annotated[str, Field(max_length=200_000)]


#: What a line has not, as a class of a pattern: control, soft hyphen, joiners, direction, breaks, fillers, tags.
NOT_IN_A_LINE = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\ufe00-\ufe0f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_NOT_IN_A_LINE = re.compile(f"[{NOT_IN_A_LINE}]")
_NOT_IN_A_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain_line(text: str) -> str:
    if _NOT_IN_A_LINE.search(text):
        raise ValueError("one line of plain signs: none that breaks or turns the line, none that nobody sees")
    return text


def _plain_text(text: str) -> str:
    if _NOT_IN_A_TEXT.search(text):
        raise ValueError("a text without control characters other than line break and tab")
    return text


#: A name or the like: two that look alike are one, and none shows as something else.
PlainLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(plain_line)]
#: What somebody writes freely. Marks of direction stay, since languages need them: on a page they end with their block.
PlainText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), AfterValidator(_plain_text)
]


class Shape(BaseModel):
    """What is read tolerantly: a newer sender may say more than this reader knows."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Asked(BaseModel):
    """What an outsider asks of us, read strictly: an unknown field is a mistake worth telling."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(Shape):
    """Something that happened, said by its one owner.

    ``key`` is ``<owner>.<fact>.v<n>``: the routing key; ``slkt.`` before it is the CloudEvents type.
    """

    key: ClassVar[str]

    @classmethod
    def type(cls) -> str:
        return f"slkt.{cls.key}"

    @classmethod
    def owner(cls) -> str:
        return cls.key.split(".")[0]

    @classmethod
    def name(cls) -> str:
        return cls.key.split(".")[1]


class AccountFact(Fact):
    """Something that happened to an account of a person. It is about no matter: its subject is the account."""


class Command(Asked):
    """Something an outsider wants done. ``key`` is ``<who>.<act>.v<n>``."""

    key: ClassVar[str]

    @classmethod
    def type(cls) -> str:
        return f"slkt.{cls.key}"


Data = TypeVar("Data", bound=BaseModel)


class Event(BaseModel, Generic[Data]):
    """The envelope of a fact (structured-mode CloudEvents JSON)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = Field(default="1.0", pattern=r"^1\.0$")
    id: str = Field(description="UUIDv7; also AMQP message_id", min_length=1, max_length=64)
    type: str = Field(description="slkt.<owner>.<fact>.v1; also AMQP type")
    source: str = Field(description="/slkt/<service>")
    subject: Number
    time: Moment
    datacontenttype: str = "application/json"
    seq: int = Field(ge=1, description="1, 2, 3 without gaps, per owner and matter")
    clock: int = Field(ge=1, description="Lamport clock of the matter; orders the shown history only")
    cause: str | None = Field(default=None, description="id of the message that led here")
    correlation: str = Field(description="id of the first message of this chain")
    traceparent: str | None = Field(default=None, description="W3C trace context")
    data: Data

    @property
    def owner(self) -> str:
        return self.source.rsplit("/", 1)[-1]


class AccountEvent(Event[Data], Generic[Data]):
    """The envelope of a fact about an account; ``seq`` and ``clock`` count per account."""

    subject: AccountId


def event_of(fact: type[Fact]) -> Any:
    """The envelope that a fact comes in, with its data."""
    return AccountEvent[fact] if issubclass(fact, AccountFact) else Event[fact]  # type: ignore[valid-type]


class Request(BaseModel, Generic[Data]):
    """The envelope of a command from outside: a CloudEvent without seq and clock."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = Field(default="1.0", pattern=r"^1\.0$")
    id: str = Field(
        description="The sender's idempotency key: the same id is answered the same way", min_length=1, max_length=200
    )
    type: str = Field(description="slkt.<who>.<act>.v1")
    source: str = Field(description="/channel/<name> or /pujk/<code>", max_length=200)
    subject: str | None = Field(default=None, description="Number of the matter, where there is one")
    time: Moment | None = None
    datacontenttype: str = "application/json"
    traceparent: str | None = None
    data: Data


class Problem(Shape):
    """One thing that is wrong with what came."""

    field: str
    came: str
    expected: str


class Refused(Shape):
    """The reply to a message that was refused: every reason is given, and kept with what came."""

    key: ClassVar[str] = "reply.refusal.v1"

    status: Literal["refused"] = "refused"
    code: str
    detail: str
    problems: tuple[Problem, ...] = ()
    extra: dict[str, JsonValue] = Field(default_factory=dict, description="What the refusal of this code adds")
