"""The suite that is shaken: its stack with a wire to every server, its people, and what is seen of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

import httpx
from chassis.settings import ServiceSettings
from contracts.topology import OWNERS
from kit.running import FIRMS, load
from slkt_local.stack import Stack
from soak.history import History
from soak.load import Load
from soak.people import SoakFirm, SoakSuite
from soak.wires import BROKER, DATABASE, Wires

APP = "soak"
LOOK_SECONDS = 1.0
#: Who the firms and people are, and with what channels and systems prove themselves, is no matter's, and stays.
KEPT = {"directory", "directory_version", "endpoints", "accounts", "clients", "credentials"}
#: A frozen broker is noticed within the heartbeat of health's own probe and the next look.
UNREADY_SECONDS = 15.0
READY_SECONDS = 60.0


class WiredStack(Stack):
    """Every service reaches its servers over wires of its own."""

    wires: Wires

    def _start_servers(self) -> None:
        super()._start_servers()
        accounts = self.accounts
        for name in OWNERS:
            accounts.service_amqp[name] = self.wires.lay(name, BROKER, accounts.service_amqp[name])
            # A replica set names its members; only who asks one member alone stays on the wire.
            direct = accounts.service_mongo[name].replace("replicaSet=slkt", f"directConnection=true&appName={APP}")
            accounts.service_mongo[name] = self.wires.lay(name, DATABASE, direct)


class World:
    """`async with World(...) as world`: everything runs and the load has begun; at the end nothing of it is left."""

    suite: SoakSuite
    load: Load

    def __init__(
        self,
        root: Path,
        history: History,
        seed: int,
        *,
        rate: float,
        lease_seconds: float | None = None,
        small_disk: bool = False,
    ) -> None:
        told = {name: {"LEASE_SECONDS": f"{lease_seconds:g}"} if lease_seconds else {} for name in OWNERS}
        self.history = history
        self.seed = seed
        self.rate = rate
        self.lease_seconds = lease_seconds or float(ServiceSettings.model_fields["lease_seconds"].default)
        self.stack = WiredStack(root, say=lambda _: None, firms=FIRMS, environment=told, failpoints=True)
        self.wires = self.stack.wires = Wires()
        #: The database has a file system of its own, which can be filled.
        self.small_disk = small_disk
        #: What went wrong, in words; a run that is whole has none.
        self.violations: list[str] = []
        #: (queue, reason, id) of what was sent to be put aside.
        self.poison: list[tuple[str, str, str]] = []
        self.ready: dict[str, bool] = dict.fromkeys(OWNERS, False)
        self.figures: Counter[str] = Counter()
        self._background: list[asyncio.Task[Any]] = []

    async def __aenter__(self) -> Self:
        try:
            await asyncio.to_thread(self.stack.start)
            self.suite = SoakSuite(self.stack, self.history)
            await asyncio.to_thread(load, self.suite)
            credentials = self.suite.known["credentials"]["pujk"]
            self.firms = (
                SoakFirm(FIRMS[0], credentials[FIRMS[0]]["amqp"]),
                SoakFirm(FIRMS[1], credentials[FIRMS[1]]["amqp"]),
            )
            for firm in self.firms:
                await firm.__aenter__()
        except BaseException:
            await asyncio.to_thread(self.stack.stop)
            self.wires.close()
            raise
        self.load = Load(self.suite, self.firms, self.history, self.rate)
        self._ops = httpx.AsyncClient(timeout=5, trust_env=False)
        self._background += [asyncio.create_task(self._look()), asyncio.create_task(self.suite.watched.watch())]
        self.history.say("the suite runs", seed=self.seed, rate=self.rate, lease_seconds=self.lease_seconds)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._background:
            task.cancel()
        await self.load.close()
        for firm in self.firms:
            await firm.__aexit__()
        await self._ops.aclose()
        await self.suite.door.aclose()
        self.suite.close()
        await asyncio.to_thread(self.stack.stop)
        self.wires.close()

    def violated(self, what: str, **about: Any) -> None:
        self.violations.append(f"{what} {about}" if about else what)
        self.history.say("VIOLATED", rule=what, **about)

    def random(self, *names: object) -> Random:
        """A draw of its own for each purpose, the same for the same seed."""
        return Random("-".join(map(str, (self.seed, *names))))

    # What is seen.

    async def _look(self) -> None:
        while True:
            answers = await asyncio.gather(*(self._is_ready(name) for name in OWNERS))
            for name, (ready, why) in zip(OWNERS, answers, strict=True):
                if ready != self.ready[name]:
                    self.history.write("ready" if ready else "not ready", service=name, why=why)
                self.ready[name] = ready
            await asyncio.sleep(LOOK_SECONDS)

    async def _is_ready(self, name: str) -> tuple[bool, Any]:
        try:
            answer = await self._ops.get(f"{self.stack.services[name].ops_url}/ready")
        except httpx.HTTPError as error:
            return False, type(error).__name__
        return answer.status_code == 200, answer.json().get("troubles")

    async def until(self, check: Callable[[], bool], seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not check():
            if time.monotonic() > until:
                return False
            await asyncio.sleep(0.1)
        return True

    async def says_unready(self, names: Iterable[str] = OWNERS, seconds: float = UNREADY_SECONDS) -> None:
        """Readiness tells the truth: each of these says that it cannot work."""
        names = list(names)
        if not await self.until(lambda: not any(self.ready[name] for name in names), seconds):
            self.violated("said to be ready and was not", services=[name for name in names if self.ready[name]])

    async def says_ready(self, names: Iterable[str] = OWNERS, seconds: float = READY_SECONDS) -> None:
        names = list(names)
        if not await self.until(lambda: all(self.ready[name] for name in names), seconds):
            self.violated("not ready again", services=[name for name in names if not self.ready[name]])

    async def metrics(self, service: str) -> dict[str, float]:
        """Samples without labels, by name."""
        answer = await self._ops.get(f"{self.stack.services[service].ops_url}/metrics")
        lines = (
            line.rpartition(" ") for line in answer.text.splitlines() if line[:1] not in ("#", "") and "{" not in line
        )
        return {name: float(value) for name, _, value in lines}

    # What is done to it.

    async def kill(self, *names: str) -> None:
        await asyncio.to_thread(self.suite.kill, *names)

    async def launch(self, *names: str, extra: Mapping[str, str] | None = None) -> None:
        """Starts together; returns when all are ready."""

        def launched() -> None:
            for name in names:
                self.stack.services[name].launch(extra)
            for name in names:
                self.stack.services[name].wait_ready()

        await asyncio.to_thread(launched)

    async def stop(self, *names: str) -> None:
        """In good order."""
        await asyncio.gather(*(asyncio.to_thread(self.stack.services[name].stop) for name in names))

    async def runs(self, commands: Mapping[str, list[str]], *, anew: bool = False) -> None:
        """Each service by its command, started again where that is another; ``anew``: all matters are forgotten."""
        others = [name for name in OWNERS if anew or self.stack.services[name].command != commands[name]]
        await self.stop(*others)
        if anew:
            self.load.forget()
            await asyncio.to_thread(self._forget)
            for firm in self.firms:
                firm.forget()
        for name in others:
            self.stack.services[name].command = commands[name]
        await self.launch(*others)

    def _forget(self) -> None:
        suite = self.suite
        for name in OWNERS:
            for collection in {*suite.mongo[name].list_collection_names()} - KEPT:
                suite.mongo[name][collection].delete_many({})
        login = (self.stack.broker.operator.user, self.stack.broker.operator.password)
        for queue in suite.management("/queues/slkt"):
            path = f"{self.stack.broker.management_url}/api/queues/slkt/{queue['name']}/contents"
            httpx.delete(path, auth=login, trust_env=False, timeout=30).raise_for_status()

    async def mend(self) -> None:
        """Whatever a fault left broken runs again."""
        self.wires.mend()
        for service in self.stack.services.values():
            if service.pid is not None:
                service.thaw()
        await asyncio.to_thread(self.suite.mend)
