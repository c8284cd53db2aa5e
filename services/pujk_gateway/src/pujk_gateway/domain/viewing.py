"""Who opened personal data of the consumer, and why? History tells it, to OJK of all, to a firm of its own people."""

from collections.abc import Sequence
from typing import Any

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Cause, Entry

#: Told by one case, the latest ones; intake and the audit keep all.
MOST_VIEWS = 200


def viewed(case: Case, cause: Cause, *, by: str, pujk: str | None, fields: Sequence[str], sealed: str) -> None:
    """Belongs to the latest round of whose officer looked; of OJK's to the present one. Moves no basis."""
    rounds = [one for one in case.rounds if pujk in (None, one.pujk)]
    if rounds:
        views = [one for one in case.entries if one.what == "data-viewed"]
        if len(views) >= MOST_VIEWS:
            case.entries.remove(views[0])
        about: dict[str, Any] = {"by": by, "pujk": pujk, "opened": list(fields), "sealed": sealed}
        case.entries.append(
            Entry(rounds[-1].round, "data-viewed", cause.at, cause.id, case.basis, case.state, **about)
        )  # fmt: skip
