"""What may a channel submit, and what does it get back? The same over HTTP and AMQP."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool, model_validator

from contracts.base import Asked, Command, Moment, Number, PlainLine, PlainText, PujkCode, Rupiah, Shape, plain_line
from contracts.intake import Kind


def _written(day: object) -> object:
    if isinstance(day, date | str) or day is None:
        return day
    raise ValueError("a day as YYYY-MM-DD")


#: A calendar day as ISO text; numbers are no days.
Day = Annotated[date, BeforeValidator(_written)]
Line = Annotated[PlainLine, Field(max_length=200)]
Text = PlainText


class Consumer(Asked):
    """Who brings the matter. Every field is personal data."""

    name: Line
    nik: str | None = Field(default=None, description="16 digits: area, date of birth (day + 40 for women), serial")
    passport: Annotated[str, AfterValidator(plain_line)] | None = Field(default=None, max_length=20)
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)
    phone: str | None = Field(default=None, pattern=r"^\+?[0-9][0-9 -]{5,18}$")
    address: Text | None = None
    push: Line | None = Field(default=None, description="The device, as the operator's push provider names it")


class Representative(Asked):
    """Who acts for the consumer."""

    name: Line
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)
    phone: str | None = Field(default=None, pattern=r"^\+?[0-9][0-9 -]{5,18}$")
    power_of_attorney: StrictBool


class Private(Asked):
    """What intake seals and never passes on unsealed."""

    consumer: Consumer
    representative: Representative | None = None
    story: Text
    account_number: Line | None = None
    demands: tuple[Text, ...] = Field(default=(), max_length=20, description="One text per demand, in order")
    pujk_reference: Line | None = Field(default=None, description="The firm's own registration number of the complaint")


class PujkNamed(Asked):
    name: Line
    code: PujkCode | None = None


class DemandAsked(Asked):
    amount: Rupiah | None = None


class BroughtToPujk(Asked):
    """When and how the firm was tried first."""

    on: Day
    how: Line | None = None
    outcome: Line | None = None


class Submission(Command):
    """One matter as a channel brings it. Exactly one of ``private`` and ``sealed`` is given.

    ``sealed`` is a JWE in compact form (ECDH-ES, A256GCM) of the JSON of ``private``, made with intake's door key
    (``GET /door-key``): so nothing personal stands in clear in the broker.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["private"], "properties": {"private": {"type": "object"}}},
                {"required": ["sealed"], "properties": {"sealed": {"type": "string"}}},
            ]
        }
    )

    key: ClassVar[str] = "channel.submission.v1"

    kind: Kind
    form: Literal["written", "oral"] = "written"
    pujk: PujkNamed | None = None
    product: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=60)] | None = None
    issue: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=60)] | None = None
    region: Annotated[str, Field(pattern=r"^[0-9]{2}$", description="Code of the province")] | None = None
    loss: Rupiah | None = None
    transaction_date: Day | None = None
    demands: tuple[DemandAsked, ...] = Field(default=(), max_length=20)
    brought_to_pujk: BroughtToPujk | None = None
    in_court: StrictBool = False
    consent: StrictBool = Field(
        default=False, description="The consumer agrees that the PUJK gets what it needs to answer"
    )
    language: Literal["id", "en"] = "id"
    tell_by: Literal["email", "phone", "none", "sms", "whatsapp", "push"] = "email"
    private: Private | None = None
    sealed: Annotated[str, Field(max_length=200_000)] | None = None

    @model_validator(mode="after")
    def _private_once(self) -> "Submission":
        if (self.private is None) == (self.sealed is None):
            raise ValueError("exactly one of 'private' and 'sealed' must be given")
        return self


class Receipt(Shape):
    """The submission was accepted: it is stored and will reach everyone who must hear it."""

    key: ClassVar[str] = "reply.receipt.v1"

    status: Literal["accepted"] = "accepted"
    number: Number
    shown: str = Field(description="The number as people read it", examples=["P 5043 8121 7730 4"])
    pin: str = Field(pattern=r"^[0-9]{8}$")
    kind: Kind
    received_at: Moment
    counted_from: Moment | None = Field(
        default=None,
        description="It came out of hours: when the office takes it up, and its clocks start; none: as it came",
    )
