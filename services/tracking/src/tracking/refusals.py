"""What does tracking refuse, and how is it answered?"""

from chassis.permits import PermitEnded, PermitWrong
from chassis.refusals import Rule

from tracking.domain.answers import AnsweredOtherwise, MovedOn, SaidEnough, TimeOver
from tracking.domain.timeline import NoMatch

REFUSALS: dict[type[Exception], Rule] = {
    NoMatch: Rule(404, "not-found", "No matter has this number and PIN"),
    PermitWrong: Rule(404, "not-found", "This permits nothing"),
    PermitEnded: Rule(410, "link-ended", "The time of this link is over"),
    MovedOn: Rule(409, "moved-on", "The matter does not wait for this answer"),
    AnsweredOtherwise: Rule(409, "answered-otherwise", "This was answered before, and otherwise"),
    TimeOver: Rule(409, "time-over", "The time to answer is over"),
    SaidEnough: Rule(409, "said-enough", "The consumer said as much as is read"),
}
