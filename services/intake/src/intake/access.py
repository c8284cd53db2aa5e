"""Who may use which door of intake?"""

from chassis.access import Access, anybody, channel, service, staff
from chassis.people.access import accounts_access, enter_access, log_in_access, pages_access

ACCESS: Access = {
    # What is submitted is a fact by itself.
    "POST /submissions": channel("submit").untraced(),
    "GET /door-key": anybody,
    "POST /services/{number}/withdrawal": channel("withdraw"),
    "GET /questions": staff("cso"),
    "GET /services/{number}": staff("cso", "supervisor"),
    "POST /services/{number}/answer": staff("cso"),
    "POST /keys": service("pujk_gateway", "notifier", "tracking"),
    "GET /channels": staff("administrator"),
    "GET /channels/{name}/keys": staff("administrator"),
    "POST /channels/{name}/keys": staff("administrator"),
    "DELETE /channels/{name}/keys/{prefix}": staff("administrator"),
    **log_in_access("/staff"),
    **accounts_access("/staff"),
    **pages_access("/staff"),
    **enter_access("/staff"),
}
