"""How is each refusal of intake answered?"""

from chassis.credentials import credential
from chassis.people import refusals as people
from chassis.refusals import Rule

from intake.attachments import (
    AttachmentActs,
    AttachmentClosed,
    AttachmentEmpty,
    AttachmentKind,
    AttachmentsFull,
    AttachmentTooLarge,
    LinkEnded,
    LinkWrong,
)
from intake.domain import AlreadyAnswered, NotAQuestion, PinReplaced, ServiceEnded
from intake.pairs import DecidedMeanwhile
from intake.seeing import NotForThisRole

REFUSALS: dict[type[Exception], Rule] = {
    **people.REFUSALS,
    **credential.REFUSALS,
    NotAQuestion: Rule(409, "not-a-question", "Only a question is answered here"),
    AlreadyAnswered: Rule(409, "already-answered", "The question was answered before"),
    AttachmentTooLarge: Rule(413, "attachment-too-large", "The file is too large"),
    AttachmentEmpty: Rule(422, "attachment-empty", "The file is empty"),
    AttachmentActs: Rule(415, "attachment-acts", "A file that acts by itself is not taken"),
    AttachmentKind: Rule(415, "attachment-kind", "A file of this kind is not taken"),
    AttachmentsFull: Rule(409, "attachments-full", "The matter takes no more files"),
    AttachmentClosed: Rule(409, "attachment-closed", "The file is not opened"),
    LinkWrong: Rule(404, "link-wrong", "This address opens nothing"),
    LinkEnded: Rule(410, "link-ended", "The time of this address is over"),
    NotForThisRole: Rule(403, "not-for-this-role", "Not for this role or seat"),
    PinReplaced: Rule(409, "pin-replaced", "The PIN was replaced"),
    DecidedMeanwhile: Rule(409, "decided-meanwhile", "Somebody decided about the two meanwhile"),
    ServiceEnded: Rule(409, "service-ended", "The matter has ended"),
}
