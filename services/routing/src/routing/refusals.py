"""How are routing's refusals told at its doors?"""

from collections.abc import Mapping

from chassis.refusals import Rule

from routing.domain.bulk import BulkDecided, NothingToRoute, SamePerson
from routing.domain.parts import (
    AlreadyThere,
    BeingSettled,
    NoSuchPujk,
    NotParked,
    NotRoutable,
    TicketEnded,
    TicketHasMoved,
)

REFUSALS: Mapping[type[Exception], Rule] = {
    SamePerson: Rule(403, "same-person", "Another person confirms what you proposed"),
    BulkDecided: Rule(409, "bulk-decided", "Somebody decided about it before"),
    NothingToRoute: Rule(409, "nothing-to-route", "No parked ticket names the firm so"),
    TicketEnded: Rule(409, "ticket-ended", "The matter has ended"),
    BeingSettled: Rule(409, "being-settled", "What follows an accepted proposal is under way"),
    TicketHasMoved: Rule(409, "ticket-has-moved", "Something happened that you had not seen"),
    NotParked: Rule(409, "not-parked", "Only a parked ticket is ended here"),
    AlreadyThere: Rule(409, "already-there", "The ticket is with that PUJK already"),
    NotRoutable: Rule(409, "not-routable", "This kind of matter is not sent to a PUJK"),
    NoSuchPujk: Rule(422, "no-such-pujk", "The directory has no such PUJK"),
}
