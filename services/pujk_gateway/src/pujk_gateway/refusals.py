"""How is each refusal of the gateway told? HTTP status, code, title."""

from chassis.credentials import credential
from chassis.people.account import HasMoved, IsOver
from chassis.refusals import Rule

from chassis import dossiers
from pujk_gateway import seen
from pujk_gateway.domain import firm, refusals
from pujk_gateway.usecases.acting import NoSuchTicket, OfficerMayNotAct
from pujk_gateway.usecases.reaching import NotOnboarded

REFUSALS: dict[type[Exception], Rule] = {
    **credential.REFUSALS,
    **dossiers.REFUSALS,
    NoSuchTicket: Rule(404, "not-found", "No ticket of yours has that number"),
    OfficerMayNotAct: Rule(403, "officer-may-not-act", "Nobody may act in this officer's name now"),
    NotOnboarded: Rule(409, "not-onboarded", "The firm has no queues yet"),
    firm.CodeNotKnown: Rule(409, "code-not-known", "No firm of this code is known here"),
    HasMoved: Rule(409, "account-has-moved", "The account has changed meanwhile"),
    firm.FirmStands: Rule(409, "firm-stands", "The firm is onboarded with other people"),
    firm.FirmHasLeft: Rule(409, "firm-has-left", "The firm was off-boarded"),
    firm.FirmHasMoved: Rule(409, "firm-has-moved", "The firm has changed meanwhile"),
    firm.SeatHasMoved: Rule(409, "seat-has-moved", "Somebody else sits there"),
    firm.NotSeated: Rule(404, "not-seated", "Nobody in a seat of the firm has this account"),
    firm.NotOnPaper: Rule(409, "not-on-paper", "A letter shows Latin letters only"),
    firm.NobodyThere: Rule(409, "nobody-there", "The account is locked or has expired"),
    IsOver: Rule(409, "is-over", "The account was ended for good; seat the person anew"),
    refusals.NoLongerYours: Rule(403, "no-longer-yours", "The ticket is no longer yours"),
    refusals.NoSuchRound: Rule(422, "no-such-round", "The ticket has no such round"),
    refusals.CaseHasMoved: Rule(409, "case-has-moved", "Something happened that you had not seen"),
    refusals.UnknownBasis: Rule(422, "unknown-basis", "The case never stood like that"),
    seen.MovedSince: Rule(412, "case-has-moved", "Something happened that you had not seen"),
    seen.NeverThere: Rule(412, "unknown-basis", "The case never stood like that"),
    seen.NoStateOfOurs: Rule(412, "unknown-basis", "The case never stood like that"),
    seen.NotSaid: Rule(428, "precondition-required", "Say which state of the ticket this is about"),
    refusals.NotTakenOver: Rule(409, "not-taken-over", "Take the ticket over first"),
    refusals.AlreadyProposed: Rule(409, "already-proposed", "A proposal waits for OJK's decision"),
    refusals.AlreadyAccepted: Rule(409, "already-accepted", "A proposal was accepted, and what follows is under way"),
    refusals.NothingOwed: Rule(409, "nothing-owed", "Nothing is owed to this demand now"),
    refusals.NothingProposed: Rule(409, "nothing-proposed", "No proposal waits for a decision"),
    refusals.AmountMissing: Rule(422, "amount-missing", "Monetary relief needs an amount"),
    refusals.AnswersContradict: Rule(422, "answers-contradict", "An answer to a demand cannot be so"),
    refusals.DemandsUnanswered: Rule(422, "demands-unanswered", "Each demand is answered exactly once"),
    refusals.NoSuchFile: Rule(422, "no-such-file", "Your firm brought no such file to this ticket"),
    refusals.CaseClosed: Rule(409, "case-closed", "The matter has ended"),
    refusals.AlreadyWaiting: Rule(409, "already-waiting", "Documents are awaited already"),
    refusals.AskedOften: Rule(409, "asked-often", "Documents were asked for as often as may be"),
    refusals.NotWaiting: Rule(409, "not-waiting", "No documents are awaited"),
    refusals.NoExtension: Rule(409, "no-extension", "There is no extension for this ticket"),
    refusals.ExtensionSpent: Rule(409, "extension-spent", "More time was asked for before in this round"),
    refusals.ExtensionTooLate: Rule(409, "extension-too-late", "More time is asked for before the day ends"),
    refusals.NoExtensionAsked: Rule(409, "no-extension-asked", "No wish for more time waits for a decision"),
    refusals.NoDecidingSeat: Rule(403, "no-deciding-seat", "Nobody in the firm's deciding seat makes this proposal"),
    refusals.NoFacilitation: Rule(409, "no-facilitation", "OJK does not bring both sides together now"),
    refusals.NotForOjk: Rule(409, "not-for-ojk", "Nobody waits for OJK to say how the matter goes on"),
    refusals.ChecksFail: Rule(409, "checks-fail", "A condition of a facilitation does not hold"),
    refusals.AlreadyPlanned: Rule(409, "already-planned", "A session is planned for that moment"),
    refusals.NotAtLaps: Rule(409, "not-at-laps", "LAPS SJK does not have the matter, or said that before"),
    refusals.CaseFull: Rule(409, "case-full", "The case takes no more entries of the firm"),
}
