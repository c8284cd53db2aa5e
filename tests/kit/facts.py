"""How does a test say what another service would say? Facts of one matter with seq, clock and seal, as on the wire."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from chassis.ids import new_id
from chassis.messaging import Link, Publisher
from chassis.sealing import new_secret, public_half, seal
from contracts.base import CONTENT_TYPE, Event, Fact
from contracts.topology import EVENTS
from stdnum.iso7064 import mod_11_10

from contracts import cases, intake, pujk_gateway, routing, tracking

STARTED = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
DUE = datetime(2026, 4, 7, 16, 59, 59, tzinfo=UTC)


def a_number(random: Random | None = None) -> str:
    digits = f"{(random or Random()).randrange(10**12):012d}"
    return digits + str(mod_11_10.calc_check_digit(digits))


class AMatter:
    """One matter as its owners tell it: each call is the next fact, one clock tick after the last one."""

    def __init__(self, number: str | None = None) -> None:
        self.number = number or a_number()
        self.secret = new_secret()
        self.said: list[Event[Any]] = []
        self._seqs: Counter[str] = Counter()

    def seal(self, content: dict[str, Any]) -> str:
        return seal(json.dumps(content), public_half(self.secret), self.number)

    def says(self, data: Fact) -> Event[Any]:
        owner, clock = data.owner(), len(self.said) + 1
        self._seqs[owner] += 1
        event = Event[Any](
            id=new_id(),
            type=data.type(),
            source=f"/slkt/{owner}",
            subject=self.number,
            time=STARTED + timedelta(minutes=clock),
            seq=self._seqs[owner],
            clock=clock,
            correlation=self.said[0].id if self.said else new_id(),
            data=data,
        )
        self.said.append(event)
        return event

    def registered(
        self, kind: intake.Kind = "complaint", private: dict[str, Any] | None = None, **but: Any
    ) -> Event[Any]:
        private = private or {"consumer": {"name": "Siti Aminah", "email": "siti@contoh.example"}, "story": "Rahasia"}
        known: dict[str, Any] = {
            "kind": kind,
            "channel": "web",
            "received_at": STARTED,
            "pujk": {"name": "Bank Contoh", "code": "BANK-001"},
            "seal_key": public_half(self.secret),
            "sealed": self.seal(private),
            "standing": intake.IntakeStanding(kind=kind),
        }
        return self.says(intake.ServiceRegistered(**known | but))

    def answered(self, text: str = "Jawabannya: ya.", *, again: bool = False) -> Event[Any]:
        standing, sealed = intake.IntakeStanding(kind="question", state="answered"), self.seal({"text": text})
        return self.says(intake.ServiceAnswered(by="cso-1", again=again, sealed=sealed, standing=standing))

    def reopened(self, answer_by: datetime | None = None) -> Event[Any]:
        standing = intake.IntakeStanding(kind="question")
        return self.says(intake.ServiceReopened(answer_by=answer_by, standing=standing))

    def recorded(self) -> Event[Any]:
        standing = intake.IntakeStanding(kind="information", state="closed")
        return self.says(intake.ServiceClosed(reason="recorded", standing=standing))

    def withdrawal_asked(self) -> Event[Any]:
        standing = intake.IntakeStanding(kind="complaint", withdrawal_asked=True)
        return self.says(intake.WithdrawalAsked(standing=standing))

    def parked(self, round_: int = 0) -> Event[Any]:
        standing = routing.RoutingStanding(state="parked", round=round_, reason="ambiguous")
        return self.says(routing.TicketParked(reason="ambiguous", standing=standing))

    def routed(self, round_: int = 1, code: str = "BANK-001", name: str = "PT Bank Contoh") -> Event[Any]:
        shared: dict[str, Any] = {
            "round": round_,
            "pujk": code,
            "pujk_name": name,
            "how": "code",
            "deadline": self._deadline(DUE, routing.DeadlineDay(date="2026-04-07", counted=2)),
            "standing": routing.RoutingStanding(state="routed", round=round_, pujk=code, pujk_name=name, due=DUE),
        }
        if round_ == 1:
            return self.says(routing.TicketRouted(**shared))
        return self.says(routing.TicketRerouted(**shared, previous="BANK-001"))

    def paused(self, since: datetime = STARTED) -> Event[Any]:
        standing = self._routed_until(DUE, paused_since=since)
        return self.says(routing.ClockPaused(round=1, since=since, standing=standing))

    def resumed(self, due: datetime = DUE + timedelta(days=1)) -> Event[Any]:
        """A day stood still, and the due day is the next one."""
        paused = routing.DeadlineDay(date="2026-04-07", why="paused")
        counted = routing.DeadlineDay(date="2026-04-08", counted=2)
        deadline = self._deadline(due, paused, counted)
        standing = self._routed_until(due)
        return self.says(routing.ClockResumed(round=1, because="documents", deadline=deadline, standing=standing))

    def extended(self, due: datetime = DUE + timedelta(days=14)) -> Event[Any]:
        deadline = self._deadline(due, routing.DeadlineDay(date="2026-04-21", counted=12))
        return self.says(
            routing.DeadlineMoved(round=1, because="extension", deadline=deadline, standing=self._routed_until(due))
        )

    def _routed_until(self, due: datetime, **but: Any) -> routing.RoutingStanding:
        known = {"state": "routed", "round": 1, "pujk": "BANK-001", "pujk_name": "PT Bank Contoh", "due": due}
        return routing.RoutingStanding(**known | but)

    def _deadline(self, due: datetime, *last: routing.DeadlineDay) -> routing.Deadline:
        return routing.Deadline(
            due=due,
            working_days=2,
            rule="complaint-written",
            rule_version="1",
            calendar_version="1",
            days=(
                routing.DeadlineDay(date="2026-03-17", counted=1),
                routing.DeadlineDay(date="2026-03-18", why="cuti_bersama: Hari Suci Nyepi"),
                routing.DeadlineDay(date="2026-03-21", why="weekend"),
                *last,
            ),
        )

    def closed_by_routing(self) -> Event[Any]:
        standing = routing.RoutingStanding(state="closed", reason="withdrawn")
        return self.says(routing.TicketClosed(reason="withdrawn", standing=standing))

    def agreed(self, proposal: int = 1, round_: int = 1) -> Event[Any]:
        """The consumer agrees to an accepted proposal, on their page."""
        return self.says(tracking.ConsumerConfirmed(round=round_, proposal=proposal))

    def stands(self, state: Any, round_: int = 1, **but: Any) -> cases.GatewayStanding:
        return cases.GatewayStanding(**{"state": state, "round": round_, "pujk": "BANK-001"} | but)

    def taken_over(self, round_: int = 1) -> Event[Any]:
        standing = self.stands("in-handling", round_, holder="budi")
        return self.says(pujk_gateway.TicketTakenOver(round=round_, holder="budi", standing=standing))

    def documents_asked(self, words: str = "Salinan buku tabungan bulan Maret.") -> Event[Any]:
        standing = self.stands("in-handling", holder="budi", waiting_for="documents", waiting_since=STARTED)
        asked = self.seal({"text": words})
        return self.says(pujk_gateway.DocumentsAsked(round=1, by="budi", sealed=asked, standing=standing))

    def documents_received(self, because: Any = "consumer") -> Event[Any]:
        standing = self.stands("in-handling", holder="budi")
        return self.says(pujk_gateway.DocumentsReceived(round=1, because=because, standing=standing))

    def followed_up(self) -> Event[Any]:
        note = self.seal({"text": "Catatan petugas"})
        return self.says(pujk_gateway.FollowUpAdded(round=1, kind="internal-review", by="budi", sealed=note))

    def declined(self) -> Event[Any]:
        words = self.seal({"text": "Bukan nasabah kami"})
        return self.says(
            pujk_gateway.TicketDeclined(
                round=1, kind="not-our-customer", sealed=words, standing=self.stands("declined")
            )
        )

    def proposed(self, proposal: int = 1, **but: Any) -> Event[Any]:
        known: dict[str, Any] = {
            "round": 1,
            "proposal": proposal,
            "kind": "monetary-relief",
            "amount": 1_500_000,
            "answers": (
                {"demand": 1, "answer": "granted", "amount": 1_500_000, "promised_by": "2026-04-20"}
                | {"sealed": self.seal({"text": "Pasal 7 perjanjian."})},
            ),
            "by": "budi",
            "sealed": self.seal({"text": "Kami kembalikan dana nasabah."}),
            "standing": self.stands("proposed", proposal=proposal, returned=proposal - 1),
        }
        return self.says(pujk_gateway.ResolutionProposed(**known | but))

    def returned(self, proposal: int = 1) -> Event[Any]:
        standing = self.stands("in-handling", proposal=proposal, returned=proposal)
        why = self.seal({"text": "Belum menjawab tuntutan"})
        return self.says(
            pujk_gateway.ResolutionReturned(round=1, proposal=proposal, by="decider-1", sealed=why, standing=standing)
        )

    def accepted(self, proposal: int = 1, until: datetime | None = None) -> Event[Any]:
        """``until``: the consumer is asked; without, the matter has ended with it."""
        told: dict[str, Any] = {"round": 1, "proposal": proposal, "by": "decider-1"}
        if until is None:
            standing = self.stands("closed", proposal=proposal, reason="resolved")
        else:
            standing = self.stands("accepted", proposal=proposal, consumer_until=until)
            told |= {"consumer_until": until, "consumer_days": 10, "rule_version": "1"}
        return self.says(pujk_gateway.ResolutionAccepted(**told, standing=standing))

    def closed(self, reason: Any = "resolved") -> Event[Any]:
        standing = self.stands("closed", reason=reason)
        return self.says(pujk_gateway.TicketClosed(reason=reason, standing=standing))

    def too_late(self) -> Event[Any]:
        return self.says(pujk_gateway.WithdrawalTooLate(standing=self.stands("closed", reason="resolved")))


class Speaker:
    """Publishes facts on ``slkt.events`` as each owner's own broker user."""

    def __init__(self, publishers: dict[str, Publisher]) -> None:
        self._publishers = publishers

    async def say(self, events: Iterable[Event[Any]]) -> None:
        for event in events:
            await self._publishers[event.owner].publish(
                EVENTS,
                event.type.removeprefix("slkt."),
                event.model_dump_json(exclude_none=True, serialize_as_any=True).encode(),
                message_id=event.id,
                type=event.type,
                content_type=CONTENT_TYPE,
            )


@asynccontextmanager
async def speaking(urls: dict[str, str]) -> AsyncIterator[Speaker]:
    """``urls`` is ``accounts.service_amqp``."""
    links = {owner: Link(url, f"test-{owner}") for owner, url in urls.items()}
    try:
        yield Speaker({owner: Publisher(link, app_id=owner) for owner, link in links.items()})
    finally:
        for link in links.values():
            await link.close()
