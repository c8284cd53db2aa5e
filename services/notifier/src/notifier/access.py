"""Who may use which door of notifier?"""

from chassis.access import Access, staff, staff_page
from chassis.common import common_access

#: Who sees to what did not arrive: what an administrator does has nothing to do with one consumer's matter.
SEE_TO = ("cso", "supervisor")

ACCESS: Access = {
    "GET /notifications/{number}": staff("cso", "supervisor"),
    "GET /desk/notifications": staff_page(*SEE_TO, "administrator"),
    "GET /desk/notifications/texts/{rule}": staff_page(*SEE_TO, "administrator"),
    "GET /desk/notifications/failed": staff_page(*SEE_TO),
    "GET /desk/notifications/failed/{number}": staff_page(*SEE_TO),
    "POST /desk/notifications/failed/{number}": staff_page(*SEE_TO),
    **common_access("notifier"),
}
