"""Who may use which door of routing?"""

from chassis.access import Access, anybody, staff, staff_page
from chassis.common import common_access

ACCESS: Access = {
    "GET /parked": staff("supervisor"),
    "GET /tickets/{number}": staff("cso", "supervisor", "decider"),
    "POST /tickets/{number}/route": staff("supervisor"),
    "GET /desk/triage": staff_page("supervisor"),
    # Over many consumers' matters: one proposes, another one confirms.
    "GET /desk/triage/bulk": staff_page("supervisor"),
    "GET /desk/triage/bulk/{bulk}": staff_page("supervisor"),
    "POST /desk/triage/bulk/{bulk}/{decision}": staff_page("supervisor"),
    "GET /desk/triage/{number}/same/{code}": staff_page("supervisor"),
    "POST /desk/triage/{number}/same/{code}": staff_page("supervisor"),
    "GET /desk/triage/{number}": staff_page("supervisor"),
    "GET /desk/triage/{number}/route/{code}": staff_page("supervisor"),
    "POST /desk/triage/{number}/route/{code}": staff_page("supervisor"),
    "GET /desk/triage/{number}/end": staff_page("supervisor"),
    "POST /desk/triage/{number}/end": staff_page("supervisor"),
    "PUT /directory": staff("administrator"),
    # Names of firms are public; asking is counted by address.
    "GET /directory/find": anybody,
    "PUT /illegal-entities": staff("administrator"),
    "GET /directory/search": staff("cso", "supervisor", "administrator"),
    **common_access("routing"),
}
