"""Who may use which door of notifier?"""

from chassis.access import Access, staff
from chassis.audit_desk.doors import audit_access

ACCESS: Access = {
    "GET /notifications/{number}": staff("cso", "supervisor"),
    **audit_access("notifier"),
}
