"""What is private in a matter, for who looks at its page: masked for their role or seat, and what they open with a
reason. Nothing of it is kept here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from chassis.refusals import Erased, Forbidden, NotFound, Unavailable
from contracts.dossier import Dossier, Opening

#: Of somebody with several roles, the one that sees most.
ROLES = ("decider", "supervisor", "cso", "qa")


class Dossiers(Protocol):
    async def dossier(
        self, number: str, *, by: str, role: str, pujk: str | None = None, opening: Opening | None = None
    ) -> Dossier:
        """Masked for this role, but for what is opened. Errors: NotFound, Erased, Forbidden, Unavailable."""
        ...


@dataclass(frozen=True)
class LookInto:
    """Whoever asks has made sure that this person may see this matter."""

    dossiers: Dossiers

    async def __call__(self, number: str, by: str, roles: Collection[str], firm: str | None = None) -> Dossier | None:
        """None where it cannot be had now, or ever again."""
        try:
            return await self.dossiers.dossier(number, by=by, role=_as(roles, firm), pujk=firm)
        except (Erased, Forbidden, NotFound, Unavailable):
            return None

    async def opened(
        self, number: str, by: str, roles: Collection[str], opening: Opening, firm: str | None = None
    ) -> Dossier:
        """Intake says ``data-viewed`` before it answers. Errors: NotFound, Erased, Forbidden, Unavailable."""
        return await self.dossiers.dossier(number, by=by, role=_as(roles, firm), pujk=firm, opening=opening)


def _as(roles: Collection[str], firm: str | None) -> str:
    """A seat at the firm, or a role of OJK's."""
    return next((one for one in (sorted(roles) if firm else ROLES) if one in roles), "")
