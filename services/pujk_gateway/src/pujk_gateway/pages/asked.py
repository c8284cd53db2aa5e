"""What does the address of a firm's list ask for? Day, month, year, and filters; what is none of them is left out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

from chassis.pages.forms import Form
from chassis.pages.tables import Asked, Column, asked_of
from contracts.codes import codes

from pujk_gateway.domain.listing import ACTIVE, JAKARTA, STATES, Left
from pujk_gateway.usecases.listing import Kind, Wanted

#: The leaflet's two lists, and where a ticket's own page lies.
LISTS: dict[str, Kind] = {"indikasi": "indication", "pengaduan": "complaint"}
TICKETS = "/pujk/layanan"
COLUMNS = (
    Column("due", "list.due", "due"),
    Column("number", "list.number", "number"),
    Column("about", "list.about"),
    Column("received", "list.received", "received"),
    Column("state", "list.state", "state"),
    Column("holder", "list.holder"),
)
LEFT: tuple[Left, ...] = get_args(Left)
NOBODY = "-"
FIRST_YEAR = 2013
_DAYS, _MONTHS = [str(n) for n in range(1, 32)], [str(n) for n in range(1, 13)]


def choices(officers: Sequence[str], year: int) -> Mapping[str, Sequence[str]]:
    """What each filter may be."""
    return {
        "day": _DAYS,
        "month": _MONTHS,
        "year": [str(one) for one in range(year, FIRST_YEAR - 1, -1)],
        "state": ("all", *STATES),
        "left": LEFT,
        "product": [one.code for one in codes() if one.sort == "product"],
        "issue": [one.code for one in codes() if one.sort == "issue"],
        "holder": [NOBODY, *officers],
    }


def wanted_of(
    path: str, query: Mapping[str, str], firm: str, kind: Kind, may_be: Mapping[str, Sequence[str]], now: datetime
) -> tuple[Asked, Wanted, Form]:
    """The question as links repeat it, as the database gets it, and what is wrong with it."""
    asked, form = asked_of(path, query, COLUMNS, may_be), Form()
    chosen = asked.filters
    received = _received(chosen, now.astimezone(JAKARTA).date())
    if received is None and {"day", "month", "year"} & set(chosen):
        form.wrong("day", "list.no_day")
    state = chosen.get("state")
    states = STATES if state == "all" else tuple(one for one in STATES if one == state) or ACTIVE
    holder = chosen.get("holder")
    wanted = Wanted(
        firm,
        kind,
        states,
        received,
        chosen.get("product"),
        chosen.get("issue"),
        "" if holder == NOBODY else holder,
        next((one for one in LEFT if one == chosen.get("left")), None),
        asked.order,  # type: ignore[arg-type]
        asked.down,
        asked.page,
        asked.spot,
    )
    return asked, wanted, form


def _received(chosen: Mapping[str, str], today: date) -> tuple[datetime, datetime] | None:
    """A day, a month or a year of Jakarta's; of a day or month alone, the present year's."""
    if not {"day", "month", "year"} & set(chosen):
        return None
    year, month = int(chosen.get("year", today.year)), int(chosen.get("month", today.month))
    try:
        if "day" in chosen:
            first = date(year, month, int(chosen["day"]))
            return _moment(first), _moment(first + timedelta(days=1))
        if "month" in chosen:
            first = date(year, month, 1)
            return _moment(first), _moment((first + timedelta(days=31)).replace(day=1))
        return _moment(date(year, 1, 1)), _moment(date(year + 1, 1, 1))
    except ValueError:
        return None


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), JAKARTA).astimezone(UTC)
