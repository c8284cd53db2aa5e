"""What may a PUJK's system do, and what does it get? Acts on ``slkt.pujk.actions``, notices in its own inbox."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.base import Command, Fact, Moment, Number, PlainText, PujkCode, Rupiah, Shape
from contracts.cases import AnswerKind, DeclineKind, FollowUpKind, ResolutionKind
from contracts.dossier import AttachmentIds

Note = PlainText
Officer = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="The firm's own id of its officer, no name; or their account's username here, which must stand",
    ),
]
Round = Annotated[int, Field(ge=1, strict=True)]
Basis = Annotated[
    int, Field(ge=1, strict=True, description="State of the case that the sender saw; from the notice or last reply")
]


class TakeOver(Command):
    """Ambil alih layanan ini."""

    key: ClassVar[str] = "pujk.take-over.v1"

    round: Round
    officer: Officer


class AddFollowUp(Command):
    """Tambah tindak lanjut. The note is sealed on arrival."""

    key: ClassVar[str] = "pujk.add-follow-up.v1"

    round: Round
    officer: Officer
    kind: FollowUpKind
    note: Note
    attachments: AttachmentIds = Field(default=(), description="Files that the firm brought before, by REST")


class AnswerToDemand(Shape):
    """What the firm answers to one demand of the consumer, and on what it rests. ``text`` is sealed on arrival."""

    demand: int = Field(ge=1)
    answer: AnswerKind
    amount: Rupiah | None = None
    promised_by: date | None = None
    text: Note | None = Field(default=None, description="Why: the contract, the rule, what was found")
    evidence: AttachmentIds = Field(default=(), description="Those of the proposal's files that show it")


class Propose(Command):
    """Usulkan penyelesaian ke OJK."""

    key: ClassVar[str] = "pujk.propose.v1"

    round: Round
    basis: Basis
    officer: Officer
    kind: ResolutionKind
    amount: Rupiah | None = None
    answers: tuple[AnswerToDemand, ...] = Field(default=(), max_length=20)
    text: Note
    attachments: AttachmentIds = Field(default=(), description="Evidence that the firm brought before, by REST")


class Decline(Command):
    """The ticket is not this firm's to answer."""

    key: ClassVar[str] = "pujk.decline.v1"

    round: Round
    basis: Basis
    officer: Officer
    kind: DeclineKind
    text: Note


class Release(Command):
    """Lepas: the officer who took the ticket over gives it back, or a colleague does for them."""

    key: ClassVar[str] = "pujk.release.v1"

    round: Round
    officer: Officer


class AskDocuments(Command):
    """Minta dokumen konsumen. The firm's time pauses until they are there."""

    key: ClassVar[str] = "pujk.ask-documents.v1"

    round: Round
    basis: Basis
    officer: Officer
    text: Note


class ReceiveDocuments(Command):
    """Dokumen sudah diterima: what the consumer was asked for reached the firm another way, or is not needed."""

    key: ClassVar[str] = "pujk.receive-documents.v1"

    round: Round
    officer: Officer


class AskExtension(Command):
    """Minta perpanjangan waktu: once a round, with the reason; OJK decides."""

    key: ClassVar[str] = "pujk.ask-extension.v1"

    round: Round
    basis: Basis
    officer: Officer
    text: Note


class FulfilRelief(Command):
    """Janji sudah dipenuhi: what was promised to the consumer was done; the note says how. They confirm or deny it."""

    key: ClassVar[str] = "pujk.fulfil-relief.v1"

    round: Round
    officer: Officer
    demand: Annotated[int, Field(ge=0, strict=True, description="0: promised when firm and consumer settled")]
    note: Note


class StatePosition(Command):
    """Tanggapan dalam fasilitasi: what the firm says while OJK brings it together with the consumer."""

    key: ClassVar[str] = "pujk.state-position.v1"

    round: Round
    officer: Officer
    text: Note


class TicketNotice(Fact):
    """What a firm's queue gets: number, product, due and link; details come by REST."""

    key: ClassVar[str] = "pujk.ticket-notice.v1"

    notice: Literal["ticket-routed", "ticket-recalled", "resolution-returned", "ticket-closed"]
    number: Number
    round: int
    basis: int
    pujk: PujkCode
    kind: Literal["indication", "complaint"]
    product: str | None = None
    due: Moment | None = None
    demands: int = Field(default=0, description="How many demands the consumer makes")
    link: str


class ActionDone(Shape):
    """The act was applied; ``basis`` is the state of the case after it."""

    key: ClassVar[str] = "reply.action-done.v1"

    status: Literal["done"] = "done"
    number: Number
    round: int
    basis: int
    state: str


ACTIONS: tuple[type[Command], ...] = (
    TakeOver,
    AddFollowUp,
    Propose,
    Decline,
    Release,
    AskDocuments,
    ReceiveDocuments,
    AskExtension,
    FulfilRelief,
    StatePosition,
)
