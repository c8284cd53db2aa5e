"""How does a page read what is sealed? With the matters' keys, asked of intake's key desk for this purpose."""

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping

from chassis.keydesk import KeyDesk, KeyDestroyed
from chassis.sealing import SealBroken

log = logging.getLogger(__name__)


class KeyDeskTexts:
    def __init__(self, desk: KeyDesk) -> None:
        self._desk = desk

    async def opened(self, sealed: Iterable[tuple[str, str]]) -> Mapping[str, str | None]:
        asked = list(sealed)
        texts = await asyncio.gather(*(self._one(text, number) for text, number in asked))
        return {text: found for (text, _), found in zip(asked, texts, strict=True)}

    async def _one(self, sealed: str, number: str) -> str | None:
        try:
            return str(json.loads(await self._desk.unsealed(sealed, number))["text"])
        except KeyDestroyed:
            return None
        except (SealBroken, ValueError, KeyError, TypeError):
            log.error("a sealed text cannot be read", extra={"number": number})
            return None
