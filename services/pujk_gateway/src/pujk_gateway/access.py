"""Who may use which door of the gateway?"""

from chassis.access import Access, staff
from chassis.people.access import log_in_access

ACCESS: Access = {
    "GET /proposals": staff("decider"),
    "GET /cases/{number}": staff("decider", "cso", "supervisor"),
    "POST /cases/{number}/decision": staff("decider"),
    "GET /endpoints": staff("administrator"),
    "GET /endpoints/{code}": staff("administrator"),
    "PUT /endpoints/{code}": staff("administrator"),
    "DELETE /endpoints/{code}": staff("administrator"),
    "GET /firms": staff("administrator"),
    "GET /firms/{code}": staff("administrator"),
    "PUT /firms/{code}": staff("administrator"),
    "DELETE /firms/{code}": staff("administrator"),
    "PUT /firms/{code}/seats/{seat}": staff("administrator"),
    "POST /firms/{code}/people/{account}/letter": staff("administrator"),
    "PUT /firms/{code}/people/{account}/lock": staff("administrator"),
    "DELETE /firms/{code}/people/{account}/lock": staff("administrator"),
    "PUT /firms/{code}/people/{account}/expiry": staff("administrator"),
    "POST /firms/{code}/broker": staff("administrator"),
    "DELETE /firms/{code}/broker": staff("administrator"),
    **log_in_access("/pujk"),
}
