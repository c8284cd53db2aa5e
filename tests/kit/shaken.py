"""The suite that fault tests break: what they send, how they wait until it is quiet, and how it is judged then."""

import asyncio
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
from contracts.topology import HEARS, OWNERS, UNROUTED
from intake.adapters.numbers import DrawnNumbers
from kit.operator import Letter, Operator
from kit.running import Suite, a_complaint, eventually
from kit.steadfast import SteadfastFirm
from slkt.owners import MATTERS
from slkt.settings import Addresses
from slkt.verifying import Report, verify_here
from slkt_local.mail import mails, told_in
from slkt_local.stack import Stack

from chassis import heard

#: A claim whose writing was not answered runs out after 60 s.
SETTLE_SECONDS = 90.0
#: Services whose matters hold deliveries.
DELIVER = ("pujk_gateway", "notifier")
BROKEN = (httpx.HTTPError, OSError)

Dead = Iterable[tuple[str, str, str]]


class Shaken(Suite):
    """A running stack, and everything a fault test does to it."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self.operator = Operator(stack.broker.amqp_url)
        self.door = httpx.AsyncClient(timeout=30, trust_env=False)
        self.refusals: Counter[int] = Counter()

    def service(self, name: str) -> Any:
        return self.stack.services[name]

    def kill(self, *names: str) -> None:
        for name in names:
            self.service(name).kill()

    async def start(self, *names: str, extra: Mapping[str, str] | None = None) -> None:
        """Launches together, returns when all are ready."""

        def all_ready() -> None:
            for name in names:
                self.claims_run_out(name)
                self.service(name).launch(extra)
            for name in names:
                self.service(name).wait_ready()

        await asyncio.to_thread(all_ready)

    def claims_run_out(self, *names: str) -> None:
        """What a process claimed and nobody will try is due at once; in life seconds later, too long for a test."""
        for name in {*names} & {*DELIVER}:
            now = self.mongo.admin.command("hello")["localTime"]
            self.mongo[name][MATTERS[name]].update_many(
                {"state.deliveries.due_at": {"$gt": now}},
                {
                    "$set": {"state.deliveries.$[one].due_at": now, "state.deliveries.$[one].not_before": now},
                    "$inc": {"version": 1},
                },
                array_filters=[{"one.due_at": {"$gt": now}}],
            )

    def mend(self) -> None:
        """Whatever a test left broken runs again."""
        for server in (self.stack.broker, self.stack.database):
            if server.pid is None:
                server.start()
        down = [one for one in self.stack.services.values() if one.pid is None]
        for one in down:
            one.launch()
        with ThreadPoolExecutor(5) as pool:
            list(pool.map(lambda one: one.wait_ready(), self.stack.services.values()))

    def steadfast(self, code: str, *, reads: bool = True) -> SteadfastFirm:
        return SteadfastFirm(code, self.known["credentials"]["pujk"][code]["amqp"], reads=reads)

    async def accepted(self, data: Mapping[str, Any], key: str, channel: str = "web") -> dict[str, Any]:
        """The receipt; whatever stands in the way, the same key is sent again until it comes."""
        api_key = self.known["credentials"]["channels"][channel]["api_key"]
        headers = {"X-API-Key": api_key, "Idempotency-Key": key}

        async def receipt() -> dict[str, Any] | None:
            try:
                answer = await self.door.post(f"{self.url('intake')}/submissions", json=data, headers=headers)
            except BROKEN:
                return None
            if answer.status_code != 201:
                self.refusals[answer.status_code] += 1
                assert answer.status_code == 503, answer.text
                assert answer.headers["content-type"] == "application/problem+json"
                assert int(answer.headers["retry-after"]) > 0
                return None
            found: dict[str, Any] = answer.json()
            return found

        found: dict[str, Any] = await eventually(receipt, f"a receipt for {key}", 90)
        return found

    async def asks(self, service: str, role: str, path: str, body: Mapping[str, Any], key: str) -> httpx.Response:
        """One request of a staff member, sent again under its key until it is answered."""
        headers = {**self.staff(role), "Idempotency-Key": key}

        async def answered() -> httpx.Response | None:
            try:
                found = await self.door.post(f"{self.url(service)}{path}", json=body, headers=headers)
            except BROKEN:
                return None
            return None if found.status_code == 503 else found

        answer: httpx.Response = await eventually(answered, f"{service} answers {path}", 90)
        return answer

    def drawn(self, channel: str, key: str, attempt: int = 0) -> str:
        """The number that intake draws for a channel's key at this attempt."""
        secrets = self.stack.secrets
        return DrawnNumbers(b64decode(secrets.number_key), b64decode(secrets.pin_key)).draw(channel, key, attempt)

    def withdraw(self, receipt: Mapping[str, Any]) -> None:
        url = f"{self.url('intake')}/services/{receipt['number']}/withdrawal"
        key = {"X-API-Key": self.known["credentials"]["channels"]["web"]["api_key"]}
        self.http.post(url, json={"pin": receipt["pin"]}, headers=key).raise_for_status()

    def document(self, service: str, number: str) -> dict[str, Any]:
        return self.mongo[service][MATTERS[service]].find_one({"_id": number}) or {}

    async def documents(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every matter of every service and every fact, as it is stored; but whether it is counted yet, and what a
        worker found like it, some seconds after it came."""
        due = {"state.compared.due": {"$type": "date"}}
        await eventually(lambda: not self.mongo["intake"]["services"].count_documents(due), "all are compared")
        return {
            (f"{service}.{name}", one["_id"]): one
            for service in OWNERS
            for name in (MATTERS[service], "facts")
            for one in self.mongo[service][name].find({}, {"state.uncounted": 0, "state.compared": 0})
        }

    def letters(self, owners: Iterable[str] = OWNERS) -> list[Letter]:
        """Everything that was ever said, ready to be said again."""
        return [
            Letter(one["_id"], one["type"], one["body"].encode())
            for owner in owners
            for one in self.mongo[owner]["facts"].find().sort("at", 1)
        ]

    def unheard(self, service: str, numbers: Iterable[str]) -> set[str]:
        """Ids of what was said of these matters and not yet applied by a service that must hear it."""
        kinds, found = {fact.type() for fact in HEARS[service]}, set()
        known = {number: self.document(service, number).get("heard", {}) for number in numbers}
        for owner in OWNERS:
            for fact in self.mongo[owner]["facts"].find({"subject": {"$in": [*known]}, "type": {"$in": [*kinds]}}):
                if not heard.has(known[fact["subject"]].get(owner, []), fact["seq"]):
                    found.add(fact["_id"])
        return found

    def mails_to(self, address: str) -> list[str]:
        """Ids of all that an address was told by mail; one mail may tell several."""
        reached = (one for one in mails(self.stack.mail.mail_dir) if address in str(one["To"]))
        return [of for one in reached for of in told_in(one)]

    def under_way(self) -> dict[str, int]:
        """What is still to be said, delivered, heard or done."""
        found = {
            f"{service} unsaid": self.mongo[service][matters].count_documents({"unsent._id": {"$exists": True}})
            for service, matters in MATTERS.items()
        }
        found |= {
            f"{one} delivers": self.mongo[one][MATTERS[one]].count_documents({"state.deliveries.0": {"$exists": True}})
            for one in DELIVER
        }
        for queue in self.management("/queues/slkt"):
            name = queue["name"]
            outward = name.startswith("reply.") or (name.startswith("pujk.") and name.endswith(".inbox"))
            if not (outward or name.endswith(".dead") or name == UNROUTED):
                found[name] = queue.get("messages", 0)
        return {name: count for name, count in found.items() if count}

    async def settled(self) -> None:
        try:
            await eventually(lambda: not self.under_way(), "nothing under way", SETTLE_SECONDS)
        except AssertionError:
            raise AssertionError(f"still under way: {self.under_way()}") from None

    async def verified(self) -> Report:
        """What `slkt verify` finds, down to the newest fact."""
        return await verify_here(Addresses.of_stack(self.stack.description()), cut_seconds=0)

    async def dead(self) -> list[tuple[str, str, str]]:
        names = [queue["name"] for queue in self.management("/queues/slkt")]
        return await self.operator.dead(name for name in names if name.endswith(".dead"))

    async def whole(self, dead: Dead = ()) -> None:
        """Quiet, clean by `slkt verify`, and the dead letters (queue, reason, id) are exactly these."""
        await self.settled()
        report = await self.verified()
        assert report.clean and not report.explained, report.to_dict()
        assert report.judged > 0
        # The broker's counts are a second old: what was heard only now may have started deliveries.
        await self.settled()
        assert await self.dead() == sorted(dead)
        assert not any(self.mongo[owner]["stuck"].count_documents({}) for owner in OWNERS)


def a_sender() -> tuple[str, dict[str, Any]]:
    """Address of a consumer of its own, and that consumer's complaint."""
    address = f"guncang-{uuid4().hex[:10]}@example.org"
    consumer = {"name": "Sari Dewi", "nik": "3171014501900001", "email": address}
    return address, a_complaint(private={"consumer": consumer})


class Load:
    """Complaints that keep coming, several at a time, until it is told to stop; every receipt is kept."""

    def __init__(self, suite: Shaken, senders: int = 2) -> None:
        self.receipts: list[dict[str, Any]] = []
        self._suite = suite
        self._senders = senders
        self._stop = asyncio.Event()

    async def __aenter__(self) -> "Load":
        self._tasks = [asyncio.create_task(self._send()) for _ in range(self._senders)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def _send(self) -> None:
        while not self._stop.is_set():
            _, data = a_sender()
            self.receipts.append(await self._suite.accepted(data, uuid4().hex))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 0.2)

    async def lasts(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        await eventually(lambda: time.monotonic() > until, "the load goes on", seconds + 10)

    async def grows(self, by: int, what: str) -> None:
        wanted = len(self.receipts) + by
        await eventually(lambda: len(self.receipts) >= wanted, what)


def each_ended(suite: Shaken, names: Iterable[str]) -> Callable[[], bool]:
    return lambda: all(suite.service(name).pid is None for name in names)
