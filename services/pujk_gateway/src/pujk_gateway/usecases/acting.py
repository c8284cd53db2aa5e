"""What does a firm do with a ticket? It takes over, releases, follows up, proposes, declines: once per id, only in its
own rounds; by its system or by its people."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from chassis.messages import Act, act_id
from chassis.refusals import Forbidden, Invalid, NotYetKnown
from chassis.sealing import seal
from contracts.base import Request
from contracts.pujk import ActionDone, AddFollowUp, AnswerToDemand, Decline, Propose, Release, TakeOver

from pujk_gateway.domain import acts
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.decisions import Terms
from pujk_gateway.domain.parts import Answer, Cause, Deed
from pujk_gateway.domain.refusals import NoDecidingSeat
from pujk_gateway.domain.turns import same_basis
from pujk_gateway.ports import Cases, Digests, Now

#: Who has the authority to decide sits there.
DECIDING = "deciding"

NUMBER = re.compile(r"\d{13}")


class NoSuchTicket(NotYetKnown):
    """No ticket of this firm has that number. An unknown number and another firm's are answered alike, at the same
    pace: after one short wait, since a routing may be on its way."""

    waits = 1


class OfficerMayNotAct(Forbidden):
    """The act names an account of ours that is none of this firm's, or cannot be used now; which, is not told."""


class Officers(Protocol):
    async def may_act(self, officer: str, firm: str) -> bool:
        """Whether a firm may act in this name: its own id of an officer, or an account of ours that is its, neither
        locked nor expired. Errors: Unavailable."""
        ...

    async def active(self, officer: str, firm: str) -> frozenset[str]:
        """The seats of the firm's account of that name; none where it has none, or it is locked or expired. Errors:
        Unavailable."""
        ...


def sealed_words(text: str, seal_key: str, number: str) -> str:
    """What every sealed text of the suite looks like inside: ``{"text": …}``."""
    return seal(json.dumps({"text": text}, ensure_ascii=False), seal_key, number)


@dataclass(frozen=True)
class FirmActs:
    """What all acts share: the sender's own case, read first, then one change of it. ``seen`` is the basis that the
    sender saw, where it says so of an act that needs none."""

    cases: Cases
    clock: Now
    digest: Digests
    officers: Officers

    async def case_of(self, request: Request[Any], pujk: str) -> Case:
        """Errors: Invalid, NoSuchTicket, OfficerMayNotAct."""
        number = request.subject or ""
        if not NUMBER.fullmatch(number):
            came = f"{len(number)} characters" if number else "nothing"
            problem = {"field": "subject", "came": came, "expected": "the ticket's number: 13 digits"}
            raise Invalid("the act names no ticket", problems=[problem])
        case = await self.cases.get(number)
        if case is None or not case.was_with(pujk):
            raise NoSuchTicket("no ticket of yours has that number")
        # What was done while the officer stood is answered again as it was.
        if case.outcome(act_id(pujk, request.id)) is None:
            await self._in_whose_name(request.data.officer, pujk)
        return case

    async def _in_whose_name(self, officer: str, pujk: str) -> None:
        if not await self.officers.may_act(officer, pujk):
            expected = "an account of yours that is neither locked nor expired, or your own id of the officer"
            problem = {"field": "data.officer", "came": officer, "expected": expected}
            raise OfficerMayNotAct("nobody may act in this officer's name now", problems=[problem])

    async def sealed(self, request: Request[Any], pujk: str, text: str) -> str:
        """The text, readable only with the matter's key. Errors: NotYetKnown, and those of ``case_of``."""
        return (await self.sealing(request, pujk))(text)

    async def sealing(self, request: Request[Any], pujk: str) -> Callable[[str], str]:
        """What seals texts of this matter. Errors: NotYetKnown, and those of ``case_of``."""
        case = await self.case_of(request, pujk)
        if case.seal_key is None:
            raise NotYetKnown("the ticket is known here only in part; send the act again in a minute")
        return partial(sealed_words, seal_key=case.seal_key, number=case.number)

    async def done(
        self, request: Request[Any], pujk: str, act: Callable[[Case, Deed], None], seen: int | None = None
    ) -> ActionDone:
        """Errors: what ``act`` refuses, KeyReused, MatterFull, Unavailable."""
        body = request.model_dump_json(include={"type", "subject", "data"})
        said = Act(act_id(pujk, request.id), request.subject or "", self.digest(body))
        data = request.data

        def change(case: Case) -> None:
            if seen is not None:
                same_basis(case, seen, pujk)
            act(case, Deed(pujk, data.round, data.officer, Cause(said.id, self.clock.now())))

        case = (await self.cases.change(said, change)).aggregate
        entry = case.outcome(said.id)
        basis, state = (entry.basis, entry.state) if entry else (case.basis, case.state)
        return ActionDone(number=case.number, round=data.round, basis=basis, state=state)


@dataclass(frozen=True)
class TakeTicketOver(FirmActs):
    """Ambil alih layanan ini."""

    async def __call__(self, request: Request[TakeOver], pujk: str, seen: int | None = None) -> ActionDone:
        await self.case_of(request, pujk)
        return await self.done(request, pujk, acts.take_over, seen)


@dataclass(frozen=True)
class ReleaseTicket(FirmActs):
    """Lepas."""

    async def __call__(self, request: Request[Release], pujk: str, seen: int | None = None) -> ActionDone:
        await self.case_of(request, pujk)
        return await self.done(request, pujk, acts.release, seen)


@dataclass(frozen=True)
class FollowUp(FirmActs):
    """Tambah tindak lanjut."""

    async def __call__(self, request: Request[AddFollowUp], pujk: str, seen: int | None = None) -> ActionDone:
        data = request.data
        sealed = await self.sealed(request, pujk, data.note)
        return await self.done(
            request, pujk,
            lambda case, deed: acts.follow_up(case, deed, kind=data.kind, sealed=sealed, files=data.attachments), seen,
        )  # fmt: skip


@dataclass(frozen=True)
class ProposeResolution(FirmActs):
    """Usulkan penyelesaian ke OJK, in the name of who sits in the deciding seat."""

    terms: Terms

    async def __call__(self, request: Request[Propose], pujk: str) -> ActionDone:
        data = request.data
        seal = await self.sealing(request, pujk)
        sealed, answers = seal(data.text), [_answer(one, seal) for one in data.answers]
        may = DECIDING in await self.officers.active(data.officer, pujk)

        def propose(case: Case, deed: Deed) -> None:
            # Asked here, since what was applied before is answered as before, whoever sits there now.
            if not may:
                raise NoDecidingSeat("'officer' names no active account in the deciding seat of your firm")
            acts.propose(
                case, deed, basis=data.basis, kind=data.kind, amount=data.amount, answers=answers, sealed=sealed,
                files=data.attachments, latest=self.terms.promised_most(self.clock.now()),
            )  # fmt: skip

        return await self.done(request, pujk, propose)


def _answer(one: AnswerToDemand, seal: Callable[[str], str]) -> Answer:
    why = seal(one.text) if one.text else None
    return Answer(one.demand, one.answer, one.amount, one.promised_by, why, list(one.evidence))


@dataclass(frozen=True)
class DeclineTicket(FirmActs):
    """The ticket is not this firm's to answer."""

    async def __call__(self, request: Request[Decline], pujk: str) -> ActionDone:
        data = request.data
        sealed = await self.sealed(request, pujk, data.text)
        return await self.done(
            request, pujk, lambda case, deed: acts.decline(case, deed, basis=data.basis, kind=data.kind, sealed=sealed)
        )
