"""Who may use which door of tracking?"""

from chassis.access import Access, anybody, staff
from chassis.audit_desk.doors import audit_access
from chassis.pages.assets import ASSETS

ACCESS: Access = {
    # Number and PIN are asked for inside, and say together who it is.
    "GET /": anybody,
    "POST /": anybody,
    **ASSETS,
    "POST /track": anybody,
    "GET /timelines/{number}": staff("cso", "supervisor", "decider"),
    **audit_access("tracking"),
}
