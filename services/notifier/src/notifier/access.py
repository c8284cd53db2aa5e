"""Who may use which door of notifier?"""

from chassis.access import Access, staff

ACCESS: Access = {
    "GET /notifications/{number}": staff("cso", "supervisor"),
}
