"""What do channels prove themselves with? Keys, each with what it is good for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.credentials.credential import Credential, Issued
from chassis.refusals import NotFound

from intake.ports import Days, Keys, KnownChannel

#: What a channel's key may be good for.
SCOPES = ("submit", "withdraw", "attach", "status")


@dataclass(frozen=True)
class ChannelKeys:
    """What channels prove themselves with. Which channels there are is a setting: each has its queue from the start."""

    channels: Sequence[KnownChannel]
    keys: Keys
    clock: Days

    async def of(self, channel: str) -> Sequence[Credential]:
        """Errors: NotFound, Unavailable."""
        return await self.keys.of(self._named(channel))

    async def live(self, channel: str) -> int:
        return sum(one.live(self.clock.now()) for one in await self.of(channel))

    async def make(
        self, channel: str, scopes: Sequence[str], expires: datetime | None, per_minute: int, by: str
    ) -> Issued:
        """One more, beside those that are good already. Errors: NotFound, Invalid, EnoughSecrets, Unavailable."""
        return await self.keys.issue(self._named(channel), scopes, by, expires=expires, per_minute=per_minute)

    async def revoke(self, channel: str, prefix: str) -> None:
        """Errors: NotFound, Unavailable."""
        await self.keys.revoke(self._named(channel), prefix)

    def _named(self, channel: str) -> str:
        if channel not in {one.name for one in self.channels}:
            raise NotFound(f"no channel {channel}")
        return channel
