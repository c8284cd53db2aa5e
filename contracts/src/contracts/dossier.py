"""What does intake tell another service of a matter's private part, and what of it is masked? Between services, by
HTTP; nobody keeps it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contracts.base import Asked, Moment, Number, PujkCode, Rupiah, Shape

By = Literal["consumer", "pujk", "ojk"]
Scan = Literal["waiting", "clean", "infected", "not-scanned"]
AttachmentId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
#: Files of the matter that an act names.
AttachmentIds = Annotated[tuple[AttachmentId, ...], Field(max_length=10)]


class Opening(Asked):
    """What is to be seen in clear, and why. The reason is sealed, and kept in the matter."""

    fields: tuple[Annotated[str, Field(max_length=40)], ...] = Field(
        min_length=1, max_length=20, description="Names of masked fields"
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


class DossierAsked(Asked):
    """Who looks, as whom. The service that asks has made sure that they may see this matter: intake cannot."""

    by: str = Field(min_length=1, max_length=80, description="The account that looks")
    role: str = Field(min_length=1, max_length=40, description="A role of OJK's staff, or a seat at a firm")
    pujk: PujkCode | None = Field(default=None, description="The firm whose officer looks")
    open: Opening | None = None


class DossierField(Shape):
    """One personal value: as it may be shown, masked unless it is clear to this role or was opened."""

    name: str = Field(description="consumer.name, consumer.email, account_number, …")
    shown: str
    masked: bool
    opens: bool = Field(description="Whether this role may open it, with a reason")


class DossierDemand(Shape):
    id: int
    amount: Rupiah | None = None
    text: str


class DossierAttachment(Shape):
    """A file of the matter. ``link`` is an address on the suite's host that ends; none where it may not be opened."""

    id: AttachmentId
    name: str
    media_type: str
    size: int = Field(description="Bytes")
    scan: Scan
    by: By
    pujk: PujkCode | None = None
    at: Moment
    sha256: str | None = Field(default=None, description="Of the content keyed with the matter's key")
    link: str | None = None


class BroughtToPujkShown(Shape):
    on: date
    how: str | None = None
    outcome: str | None = None


class Dossier(Shape):
    """What a page shows of a matter besides what its own service knows."""

    number: Number
    kind: str
    registered_at: Moment | None = None
    language: Literal["id", "en"] = "id"
    pujk_named: str | None = None
    product: str | None = None
    issue: str | None = None
    region: str | None = None
    loss: Rupiah | None = None
    transaction_date: date | None = None
    in_court: bool = False
    story: str | None = Field(default=None, description="None where this role does not read it")
    demands: tuple[DossierDemand, ...] = ()
    brought_to_pujk: BroughtToPujkShown | None = None
    fields: tuple[DossierField, ...] = Field(default=(), description="Only those that the consumer gave")
    attachments: tuple[DossierAttachment, ...] = ()
    links_end_at: Moment | None = None


class Attached(Shape):
    """A file was taken. ``known``: the same side brought the same content before, and nothing was added."""

    attachment: DossierAttachment
    known: bool = False
