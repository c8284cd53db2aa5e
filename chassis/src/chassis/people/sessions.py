"""How long does a log-in last? A random token, kept as its hash; it ends when idle, when old, and with its account's
epoch."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from chassis.clock import Clock
from chassis.database import Database, unavailable
from chassis.documents import CODEC

#: Which step of the log-in comes next; ``in`` is the end of them.
Stage = Literal["second-factor", "first-log-in", "in"]
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: Between password and code.
HALF_WAY = timedelta(minutes=10)
#: The last use is written no more often.
TOUCH = timedelta(minutes=1)
PREFIX = "slkts_"
NAME_LETTERS = 16


@dataclass(frozen=True)
class Session:
    """One log-in of one account, or the beginning of one."""

    id: str
    account: str
    epoch: int
    stage: Stage
    seed: bytes | None
    began: datetime
    seen: datetime
    until: datetime
    #: Where the log-in came from.
    client: str = ""
    #: With what: browser and system, or "".
    agent: str = ""

    @property
    def name(self) -> str:
        """What its person calls it by; it lets nobody in."""
        return self.id[:NAME_LETTERS]


class Sessions:
    """``sessions``: the hash of a token as ``_id``. What ended is forgotten by the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._stored = database.get_collection("sessions", codec_options=CODEC)
        self._clock = clock

    async def prepare(self) -> None:
        await self._stored.create_index([("until", 1)], name="until", expireAfterSeconds=0)
        await self._stored.create_index([("account", 1)], name="account")

    async def start(
        self, account: str, epoch: int, stage: Stage, seed: bytes | None = None, *, client: str, agent: str
    ) -> str:
        """A new token; it is told once and kept nowhere. Errors: Unavailable."""
        token, now = PREFIX + secrets.token_urlsafe(32), self._clock.now()
        session = {
            "_id": _id(token),
            "account": account,
            "epoch": epoch,
            "stage": stage,
            "seed": seed,
            "began": now,
            "seen": now,
            "until": now + (ABSOLUTE if stage == "in" else HALF_WAY),
            "client": client,
            "agent": agent,
        }
        with unavailable():
            await self._stored.insert_one(session)
        return token

    async def find(self, token: str, *, used: bool = True) -> Session | None:
        """None where it never was, or has ended; ``used``: somebody is there, who keeps it. Errors: Unavailable."""
        now = self._clock.now()
        with unavailable():
            stored = await self._stored.find_one({"_id": _id(token)})
            if stored is None or now >= stored["until"] or now - stored["seen"] >= IDLE:
                return None
            if used and now - stored["seen"] >= TOUCH:
                await self._stored.update_one({"_id": stored["_id"]}, {"$max": {"seen": now}})
        return _session(stored)

    async def of(self, account: str, epoch: int) -> list[Session]:
        """Those that are open, newest first. Errors: Unavailable."""
        now = self._clock.now()
        wanted = {"account": account, "epoch": epoch, "stage": "in", "until": {"$gt": now}, "seen": {"$gt": now - IDLE}}
        with unavailable():
            return [_session(one) async for one in self._stored.find(wanted).sort("began", -1)]

    async def keep_seed(self, session: Session, sealed: bytes) -> None:
        """The secret of an authenticator that is to be taken up in this session. Errors: Unavailable."""
        with unavailable():
            await self._stored.update_one({"_id": session.id}, {"$set": {"seed": sealed}})

    async def take(self, session: Session) -> bool:
        """Ends it; False where somebody else did so before: of two at once one goes on. Errors: Unavailable."""
        with unavailable():
            return bool((await self._stored.delete_one({"_id": session.id})).deleted_count)


def _id(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _session(stored: dict[str, Any]) -> Session:
    return Session(id=stored["_id"], **{name: value for name, value in stored.items() if name != "_id"})
