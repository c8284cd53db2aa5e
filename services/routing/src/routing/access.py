"""Who may use which door of routing?"""

from chassis.access import Access, staff

ACCESS: Access = {
    "GET /parked": staff("supervisor"),
    "GET /tickets/{number}": staff("cso", "supervisor", "decider"),
    "POST /tickets/{number}/route": staff("supervisor"),
    "PUT /directory": staff("administrator"),
    "GET /directory/search": staff("cso", "supervisor", "administrator"),
}
