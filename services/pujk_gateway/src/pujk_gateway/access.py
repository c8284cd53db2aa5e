"""Who may use which door of the gateway?"""

from chassis.access import Access, staff

ACCESS: Access = {
    "GET /proposals": staff("decider"),
    "GET /cases/{number}": staff("decider", "cso", "supervisor"),
    "POST /cases/{number}/decision": staff("decider"),
    "GET /endpoints": staff("administrator"),
    "GET /endpoints/{code}": staff("administrator"),
    "PUT /endpoints/{code}": staff("administrator"),
    "DELETE /endpoints/{code}": staff("administrator"),
}
