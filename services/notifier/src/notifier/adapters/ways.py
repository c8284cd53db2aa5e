"""How does a message leave? By mail, or through the provider of another way: one port for all."""

from collections.abc import Mapping
from typing import Protocol

from chassis.receivers import Away
from chassis.refusals import Unavailable

from notifier.domain.mails import Way
from notifier.ports import Letter


class Sends(Protocol):
    async def send(self, letter: Letter) -> None: ...

    async def close(self) -> None: ...


class ByWay:
    """``mail`` and the providers that the operator set."""

    def __init__(self, mail: Sends, providers: Mapping[Way, Sends]) -> None:
        self._senders: dict[Way, Sends] = {"email": mail, **providers}

    def offered(self, way: Way) -> bool:
        return way in self._senders

    async def send(self, way: Way, letter: Letter) -> None:
        try:
            await self._senders[way].send(letter)
        except Unavailable as error:
            if len(self._senders) == 1:
                raise
            # The other ways go on.
            raise Away(str(error)) from error

    async def close(self) -> None:
        for one in self._senders.values():
            await one.close()


def providers_of(urls: Mapping[Way, str]) -> dict[Way, Sends]:
    """Errors: ValueError for what is no address of a provider."""
    if not urls:
        return {}
    # Its library takes 27 MB: nobody pays for what is not set.
    from notifier.adapters.providers import Provider  # noqa: PLC0415

    return {way: Provider(way, url) for way, url in urls.items()}
