"""What does a firm see? Its open tickets by due time, each of them whole; of another firm's not that there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Erased

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import Sought
from pujk_gateway.domain.reading import own_entries, own_proposals, past_of, turn_of
from pujk_gateway.ports import Cases, Now, Texts
from pujk_gateway.usecases.acting import NoSuchTicket

ReadTexts = Mapping[str, str | None]


@dataclass(frozen=True)
class ListTickets:
    """Whose turn is the firm's, the most urgent first; or what of its list is asked for."""

    cases: Cases
    clock: Now

    async def __call__(
        self, pujk: str, after: str | None, limit: int, wanted: Sought | None = None
    ) -> tuple[Sequence[Case], str | None]:
        if wanted is None:
            return await self.cases.open_with(pujk, after, limit)
        return await self.cases.sought(wanted, self.clock.now(), after, limit)


@dataclass(frozen=True)
class ShowTicket:
    """One ticket of the firm, or what it did with one that went on, its texts readable. Unknown, another firm's,
    forgotten: told alike."""

    cases: Cases
    texts: Texts

    async def __call__(self, number: str, pujk: str) -> tuple[Case, ReadTexts]:
        """Errors: NoSuchTicket, Unavailable."""
        try:
            case = await self.cases.get(number)
        except Erased:
            case = None
        if case is None or (turn_of(case, pujk) or past_of(case, pujk)) is None:
            raise NoSuchTicket("no ticket of yours has that number")
        written = [one.sealed for one in own_entries(case, pujk)]
        written += [text for one in own_proposals(case, pujk) for text in one.written]
        return case, await self.texts.opened([(sealed, number) for sealed in written if sealed])
