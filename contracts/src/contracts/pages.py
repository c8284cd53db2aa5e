"""Which pages of which service do OJK's people reach with one log-in? One table, for menus and for what a pass is good
for; the addresses are those of the one host."""

from typing import NamedTuple


class Section(NamedTuple):
    """All pages below ``path`` are of one service. ``label`` is a key of the suite's catalogue of words; who has one of
    ``roles`` sees it in the menu: what a page allows is said by its service alone. Of several with one label, the menu
    leads to the first."""

    path: str
    service: str
    label: str
    roles: frozenset[str]


SECTIONS = (
    Section("/desk/cso", "intake", "nav.cso", frozenset({"cso", "supervisor", "qa"})),
    Section("/desk/cases", "pujk_gateway", "nav.cases", frozenset({"decider", "supervisor", "cso", "qa"})),
    Section("/desk/triage", "routing", "nav.triage", frozenset({"supervisor"})),
    Section("/desk/firms", "pujk_gateway", "nav.firms", frozenset({"administrator"})),
    Section("/desk/notifications", "notifier", "nav.notifications", frozenset({"cso", "supervisor", "administrator"})),
    Section(
        "/desk/statistics",
        "tracking",
        "nav.statistics",
        frozenset({"supervisor", "decider", "auditor", "administrator", "qa"}),
    ),
    # Each service shows its own audit; the menu has one entry for all of them.
    *(
        Section(f"/desk/audit/{one}", one, "nav.audit", frozenset({"auditor"}))
        for one in ("intake", "routing", "pujk_gateway", "notifier", "tracking")
    ),
)
