"""What do all pages of the desk have? The staff's frame and menu, and a way from one of them to the next."""

from collections.abc import Mapping
from typing import Annotated, Any

from chassis.pages.frame import Pages, menu
from chassis.pages.passes import Visit, visit
from chassis.refusals import Rule
from chassis.settings import ServiceSettings
from contracts.pages import SECTIONS
from fastapi import Depends, Path

PLACE = "/desk/cso"
Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Here = Annotated[Visit, Depends(visit)]
#: Below the place, for whom; in the order in which they are shown.
TABS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("", "cso.calls", frozenset({"cso"})),
    ("/questions", "cso.questions", frozenset({"cso", "supervisor"})),
    ("/duplicates", "cso.duplicates", frozenset({"cso", "supervisor"})),
    ("/work", "cso.work", frozenset({"supervisor"})),
    ("/quality", "cso.quality", frozenset({"qa", "supervisor"})),
    ("/scores", "cso.scores", frozenset({"cso"})),
)


def desk_frame(settings: ServiceSettings, refusals: Mapping[type[Exception], Rule]) -> Pages:
    return Pages(
        "chassis.people.pages",
        "intake.pages.cso",
        service="intake",
        base="/staff",
        visited=True,
        navigation=menu("/staff", SECTIONS),
        refusals=refusals,
        example_data=settings.example_data,
        secure=settings.behind_tls,
    )


def tabs_of(here: Visit) -> list[tuple[str, str]]:
    return [(f"{PLACE}{path}", label) for path, label, roles in TABS if roles & set(here.visitor.roles)]


def beside(here: Visit, **values: Any) -> dict[str, Any]:
    """What each template of the desk is given."""
    return {"tabs": tabs_of(here), "place": PLACE, "roles": here.visitor.roles, **values}
