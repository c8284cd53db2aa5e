"""How is each refusal of intake answered?"""

from chassis.credentials import credential
from chassis.people import refusals as people
from chassis.refusals import Rule

from intake.domain import AlreadyAnswered, NotAQuestion, ServiceEnded

REFUSALS: dict[type[Exception], Rule] = {
    **people.REFUSALS,
    **credential.REFUSALS,
    NotAQuestion: Rule(409, "not-a-question", "Only a question is answered here"),
    AlreadyAnswered: Rule(409, "already-answered", "The question was answered before"),
    ServiceEnded: Rule(409, "service-ended", "The matter has ended"),
}
