"""Which files did a firm bring to its ticket, and which may its acts name? Their content and names lie at intake."""

from collections.abc import Sequence

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Deed, Filed
from pujk_gateway.domain.refusals import CaseFull, NoSuchFile
from pujk_gateway.domain.turns import taken_over

#: More than a matter holds of all sides; here so that no case grows by files without end.
MOST_FILES = 100


def bring(case: Case, deed: Deed, id_: str, sha256: str | None) -> None:
    """A file came to intake; the same one again changes nothing. Moves no basis: nobody judges by it before an act
    names it. Refuses NotTakenOver, CaseFull and what any act refuses."""
    taken_over(case, deed)
    if any(one.id == id_ and one.pujk == deed.pujk for one in case.files):
        return
    if len(case.files) >= MOST_FILES:
        raise CaseFull(f"the case holds {len(case.files)} files of its firms")
    case.files.append(Filed(id_, sha256, deed.pujk, deed.officer, deed.cause.at))


def named(case: Case, deed: Deed, ids: Sequence[str]) -> list[str]:
    """Each once, in the order of naming. Refuses NoSuchFile."""
    own = {one.id for one in case.files if one.pujk == deed.pujk}
    if unknown := [one for one in ids if one not in own]:
        problem = {"field": "data.attachments", "came": f"{len(unknown)} ids that are no file of yours"}
        expected = "ids of files that your firm brought to this ticket"
        raise NoSuchFile("bring the file first, then name it", problems=[problem | {"expected": expected}])
    return list(dict.fromkeys(ids))
