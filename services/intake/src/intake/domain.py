"""What came in, and is it complete? A service is registered, answered, closed, or its consumer wants it withdrawn."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from intake.attachments import INFECTED, SCANS_MOST, Attachment, Limits, Scanning, Side, waiting_time
from intake.marks import Marks
from intake.pairs import Compared, Pairs


class NotAQuestion(Exception):
    """Only questions are answered here; complaints are answered by the PUJK."""


class AlreadyAnswered(Exception):
    """The question was answered before."""


class ServiceEnded(Exception):
    """The matter has ended."""


@dataclass
class Answered:
    """Who answered a question, when, and what, sealed."""

    by: str
    at: datetime
    sealed: str = ""


class PinReplaced(Exception):
    """The PIN that this is about was replaced before."""


class EnoughLinks(Exception):
    """So many links for a new PIN were asked for that only a CSO can help."""


#: For one PIN: each is a fact of the matter for ever, and nobody fills it by asking.
PIN_LINKS_MOST = 20


@dataclass
class Service(Pairs):
    """Intake's part of one matter. ``sealed`` and ``key`` (wrapped) are the only way to what is private."""

    number: str
    kind: str = ""
    channel: str = ""
    state: Literal["open", "answered", "closed"] = "open"
    eligible: bool = True
    withdrawal_asked: bool = False
    registered_at: datetime | None = None
    #: When the office took it up, where it came out of hours.
    counted_from: datetime | None = None
    #: By when a question is to be answered, and since when it waits for one more answer.
    answer_by: datetime | None = None
    reopened_at: datetime | None = None
    #: Which of OJK's people wrote it down or answered it, and each answer.
    handled_by: list[str] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    pin_round: int = 1
    pin_links: int = 0
    product: str | None = None
    issue: str | None = None
    region: str | None = None
    pujk_named: str | None = None
    language: str = "id"
    sealed: str = ""
    seal_key: str = ""
    key: bytes = b""
    #: By what it is found again, as keyed hashes; goes with the matter.
    marks: Marks | None = None
    compared: Compared = field(default_factory=Compared)
    #: What is neither sealed nor said again: amounts of the demands by their place, and what a dossier shows.
    amounts: list[int | None] = field(default_factory=list)
    loss: int | None = None
    transaction_date: str | None = None
    in_court: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    deliveries: list[Scanning] = field(default_factory=list)
    #: What an answer left open, sealed: said once.
    still_open: str | None = None
    ended_elsewhere: str | None = None
    ended_by: str | None = None
    others: dict[str, int] = field(default_factory=dict)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "state": self.state,
            "eligible": self.eligible,
            "withdrawal_asked": self.withdrawal_asked,
        }

    def register(
        self, facts: dict[str, Any], *, key: bytes, eligible: bool, now: datetime, by: str | None = None
    ) -> None:
        """The matter comes into being; an information is recorded and over at once. ``by``: who wrote it down."""
        pujk = facts.get("pujk")
        self.kind, self.channel, self.eligible, self.registered_at = facts["kind"], facts["channel"], eligible, now
        self.product, self.issue, self.region = facts["product"], facts["issue"], facts["region"]
        self.pujk_named, self.language = pujk["name"] if pujk else None, facts["language"]
        self.amounts, self.loss = [one["amount"] for one in facts["demands"]], facts["loss"]
        self.transaction_date = facts["transaction_date"] and facts["transaction_date"].isoformat()
        self.in_court, self.counted_from = facts["in_court"], facts.get("counted_from")
        self.answer_by = facts.get("answer_by")
        self.handled_by = [by] if by else []
        self.sealed, self.seal_key, self.key = facts["sealed"], facts["seal_key"], key
        self.said.append(("service-registered", facts | {"received_at": now}))
        if self.kind == "information":
            self._close("recorded")

    def mark(self, marks: Marks, compare: datetime | None = None) -> None:
        """By what it is found again; a worker looks for others like it from ``compare`` on."""
        self.marks, self.compared.due = marks, compare

    def answer(self, by: str, sealed: str, now: datetime | None = None, seen: bool | None = None) -> None:
        """A CSO answers a question. ``seen``: whether they saw what an answer left open; None: nobody knows.
        Refuses NotAQuestion, AlreadyAnswered, ServiceEnded."""
        if self.kind != "question":
            raise NotAQuestion(f"the matter is of kind {self.kind}; only a question is answered here")
        if self.state == "closed":
            raise ServiceEnded("the question was withdrawn")
        again = self.still_open is not None
        if self.state == "answered" or seen not in (None, again):
            raise AlreadyAnswered("the question was answered before")
        self.state = "answered"
        if by not in self.handled_by:
            self.handled_by = [*self.handled_by, by]
        if now is not None:
            self.answers = [*self.answers, Answered(by, now, sealed)]
        self.said.append(("service-answered", {"by": by, "again": again, "sealed": sealed}))

    def reopen(self, sealed: str, at: datetime | None = None, answer_by: datetime | None = None) -> None:
        """The consumer says in ``sealed`` what the answer left open. Once; what comes later, or too early, is only
        heard."""
        if self.kind != "question" or self.state != "answered" or self.still_open is not None:
            return
        self.state, self.still_open, self.reopened_at, self.answer_by = "open", sealed, at, answer_by
        self.said.append(("service-reopened", {"answer_by": answer_by}))

    def ask_withdrawal(self) -> None:
        """The consumer wishes to withdraw. A question ends here; a ticket is ended by whoever has it."""
        if self.state != "open" or self.ended_elsewhere:
            raise ServiceEnded("the matter has ended; there is nothing left to withdraw")
        if self.withdrawal_asked:
            return
        self.withdrawal_asked = True
        if self.kind in ("question", "information"):
            self._close("withdrawn")
        else:
            self.said.append(("withdrawal-asked", {}))

    def ask_pin_link(self, until: datetime) -> None:
        """A link goes to the contact on file; it is good for the PIN of now. Refuses EnoughLinks."""
        if self.pin_links >= PIN_LINKS_MOST:
            raise EnoughLinks(f"{self.pin_links} links were asked for; a CSO helps after asking who it is")
        self.pin_links += 1
        self.said.append(("pin-link-asked", {"round": self.pin_round, "until": until}))

    def renew_pin(self, round_: int, how: Literal["link", "cso"], by: str | None = None) -> None:
        """The PIN of ``round_`` is good no more. Refuses PinReplaced."""
        if round_ != self.pin_round:
            raise PinReplaced("this PIN was replaced before")
        self.pin_round, self.pin_links = round_ + 1, 0
        self.said.append(("pin-renewed", {"round": self.pin_round, "how": how, "by": by}))

    def may_attach(self, limits: Limits, side: Side, size: int = 0) -> None:
        """``side`` is whose; one side's files leave the other its room. Refuses ServiceEnded, AttachmentsFull."""
        # An information is over as soon as it is recorded; what shows it may still come.
        if (self.state != "open" and self.kind != "information") or self.ended_elsewhere:
            raise ServiceEnded("the matter has ended; no file is added to it")
        limits.all([one for one in self.attachments if one.side() == side], size)

    def same_as(self, new: Attachment) -> Attachment | None:
        """What the same side brought before with the same content."""
        return next((one for one in self.attachments if one.sha256 == new.sha256 and one.side() == new.side()), None)

    def attach(self, new: Attachment, limits: Limits) -> None:
        """One more file, unless its side brought it before. Refuses ServiceEnded, AttachmentsFull."""
        if self.same_as(new):
            return
        self.may_attach(limits, new.side(), new.size)
        self.attachments = [*self.attachments, new]
        if new.scan == "waiting":
            self.deliveries = [*self.deliveries, Scanning(new.id, new.at)]
        about = {"id": new.id, "media_type": new.media_type, "size": new.size, "sha256": new.sha256}
        self.said.append(("service-amended", {"by": new.by, "attachments": [about]}))

    def view(self, by: str, role: str, pujk: str | None, fields: tuple[str, ...], sealed: str) -> None:
        """Somebody opened what is masked otherwise; ``sealed`` says why."""
        self.said.append(("data-viewed", {"by": by, "role": role, "pujk": pujk, "fields": fields, "sealed": sealed}))

    def claim(self, now: datetime, until: datetime) -> list[Scanning]:
        due = [one for one in self.deliveries if one.due_at <= now]
        for one in due:
            one.due_at = until
        return due

    def hold(self, delivery_id: str, since: datetime, until: datetime, why: str | None = None) -> bool:
        one = self._scanning(delivery_id)
        if one is None or one.due_at != since:
            return False
        one.due_at = until
        return True

    def delivered(self, delivery_id: str, now: datetime) -> None:
        self._scanned(delivery_id, "clean")

    def not_delivered(self, delivery_id: str, now: datetime, reason: str, final: bool) -> None:
        """``final``: a finding, or a file that the scanner does not take; that may be opened, and is shown as such."""
        one = self._scanning(delivery_id)
        if one is None:
            return
        one.tries += 1
        if final or one.tries >= SCANS_MOST:
            self._scanned(delivery_id, "infected" if reason == INFECTED else "not-scanned")
        else:
            one.due_at = now + waiting_time(one.tries)

    def _scanning(self, id_: str) -> Scanning | None:
        return next((one for one in self.deliveries if one.id == id_), None)

    def _scanned(self, id_: str, found: Literal["clean", "infected", "not-scanned"]) -> None:
        self.deliveries = [one for one in self.deliveries if one.id != id_]
        for one in self.attachments:
            if one.id == id_:
                one.scan = found

    def others_stand(self, owner: str, seq: int, state: str, reason: str | None) -> None:
        """The latest standing of routing or gateway; an older one is only marked heard. Who ended it may reopen it."""
        if seq <= self.others.get(owner, 0):
            return
        self.others = self.others | {owner: seq}
        if state == "closed":
            self.ended_elsewhere, self.ended_by = reason or "closed", owner
        elif self.ended_by == owner:
            self.ended_elsewhere = self.ended_by = None

    def _close(self, reason: str) -> None:
        self.state = "closed"
        self.said.append(("service-closed", {"reason": reason}))
