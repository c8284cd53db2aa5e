"""One complaint from its submission to OJK's decision, and its consumer's: every step has a key of its own and may be
sent again."""

from dataclasses import dataclass, field
from random import randrange
from typing import Any
from uuid import uuid4

import httpx
from contracts.base import Command
from contracts.pujk import AddFollowUp, Propose, TakeOver
from kit.running import eventually
from kit.shaken import BROKEN, Shaken, a_sender
from kit.steadfast import SteadfastFirm
from kit.tokens import deciding

#: What is said of a complaint that goes this way, without the notifier's facts.
WAY = [
    "intake.service-registered",
    "routing.ticket-routed",
    "routing.deadline-met",
    "pujk_gateway.ticket-taken-over",
    "pujk_gateway.follow-up-added",
    "pujk_gateway.resolution-proposed",
    "pujk_gateway.resolution-accepted",
]
#: What follows when its consumer agrees, in the order of the owners.
AGREED = [*WAY, "pujk_gateway.consumer-answered", "pujk_gateway.ticket-closed", "tracking.consumer-confirmed"]
#: What its consumer is mailed about: until they are asked, and of the end.
TOLD, TOLD_OF_THE_END = 5, 1
#: Not yet heard of, or too many from this address.
NOT_YET = (404, 409, 429, 503)


@dataclass
class Story:
    suite: Shaken
    firm: SteadfastFirm
    key: str = field(default_factory=lambda: uuid4().hex)
    receipt: dict[str, Any] = field(default_factory=dict)
    acts: list[tuple[type[Command], str, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    decided: dict[str, Any] = field(default_factory=dict)
    agreed: bool = False

    def __post_init__(self) -> None:
        self.address, self.data = a_sender()

    @property
    def number(self) -> str:
        return str(self.receipt["number"])

    async def brought(self) -> "Story":
        self.receipt = await self.suite.accepted(self.data, self.key)
        return self

    async def brought_to(self, pujk: dict[str, str]) -> "Story":
        """As somebody else's than the usual firm's."""
        self.data["pujk"] = pujk
        return await self.brought()

    async def act(self, command: type[Command], **data: Any) -> dict[str, Any]:
        id_ = uuid4().hex
        reply = await self.firm.act(command, self.number, id_=id_, officer=deciding(self.firm.code), round=1, **data)
        assert reply["status"] == "done", reply
        self.acts.append((command, id_, data, reply))
        return reply

    async def proposed(self) -> "Story":
        await self.firm.notice(self.number, "ticket-routed")
        await self.act(TakeOver)
        followed = await self.act(AddFollowUp, kind="contacted-consumer", note="Konsumen sudah kami hubungi.")
        # What is promised keeps a matter open: a story ends when its consumer agrees.
        answers = [{"demand": 1, "answer": "granted"}]
        about = {"kind": "non-monetary-relief", "answers": answers, "text": "Kartu baru sudah kami kirim."}
        await self.act(Propose, basis=followed["basis"], **about)
        return self

    async def decide(self, **body: Any) -> Any:
        path = f"/cases/{self.number}/decision"
        return await self.suite.asks("pujk_gateway", "decider", path, body, f"{self.key}-{body['decision']}")

    async def judged(self) -> "Story":
        """OJK accepts; from then on it is the consumer's turn."""
        answer = await self.decide(decision="accept")
        assert answer.status_code == 200, answer.text
        self.decided = answer.json()
        return self

    async def whole_way(self) -> "Story":
        return await (await self.brought()).to_the_end()

    async def to_the_end(self) -> "Story":
        return await (await self.answered()).agrees()

    async def answered(self) -> "Story":
        return await (await self.proposed()).judged()

    async def agrees(self) -> "Story":
        """The consumer does, by number and PIN, and sends it again until it is taken."""
        proof = {"number": self.number, "pin": self.receipt["pin"]}
        body = {**proof, "answer": "agrees", "round": 1, "proposal": 1}

        async def taken() -> bool:
            # Each time from another address: nobody counts how often they try.
            here = httpx.AsyncHTTPTransport(local_address=f"127.9.{randrange(256)}.{randrange(1, 255)}", verify=False)
            try:
                async with httpx.AsyncClient(transport=here, timeout=30) as http:
                    url, key = f"{self.suite.url('tracking')}/track/answers", {"Idempotency-Key": f"{self.key}-agrees"}
                    answer = await http.post(url, json=body, headers=key)
            except BROKEN:
                return False
            assert answer.status_code in (200, *NOT_YET), answer.text
            return answer.status_code == 200

        self.agreed = bool(await eventually(taken, f"the consumer of {self.number} agrees", 90))
        return self

    async def everything_again(self) -> None:
        """Each step once more under its key: every answer is the one of the first time."""
        assert await self.suite.accepted(self.data, self.key) == self.receipt
        for command, id_, data, reply in self.acts:
            again = await self.firm.act(
                command, self.number, id_=id_, officer=deciding(self.firm.code), round=1, **data
            )
            assert again == reply, (command, again, reply)
        if self.decided:
            assert (await self.decide(decision="accept")).json() == self.decided
        if self.agreed:
            await self.agrees()

    def happened(self) -> list[str]:
        return [fact for fact in self.suite.facts(self.number) if not fact.startswith("notifier.")]

    def is_complete(self) -> None:
        """Everything that must come of it came, and each thing once."""
        way, mails, stage = (WAY, TOLD, "accepted")
        if self.agreed:
            way, mails, stage = (AGREED, TOLD + TOLD_OF_THE_END, "closed_resolved")
        # Facts stand in the order of their owners, and the gateway's in the order of saying.
        assert sorted(self.happened()) == sorted(way), (self.number, self.happened())
        told = self.suite.mails_to(self.address)
        assert len({*told}) == mails, (self.number, told)
        notices = {("ticket-routed", 1), ("ticket-closed", 1)} if self.agreed else {("ticket-routed", 1)}
        assert {*self.firm.told(self.number)} == notices, (self.number, self.firm.told(self.number))
        assert self.suite.track(self.receipt)["stage"]["code"] == stage
