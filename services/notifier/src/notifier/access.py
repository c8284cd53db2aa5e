"""Who may use which door of notifier?"""

from chassis.access import Access, staff
from chassis.common import common_access

ACCESS: Access = {
    "GET /notifications/{number}": staff("cso", "supervisor"),
    **common_access("notifier"),
}
