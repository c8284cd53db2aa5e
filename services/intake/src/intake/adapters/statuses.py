"""How does a matter stand, in words to be read aloud? Tracking says it, in those of the consumer's own page."""

import logging
from urllib.parse import quote

import httpx
from chassis.auth import ServiceTokens
from chassis.trust import trust

from intake.ports import Status

log = logging.getLogger(__name__)
#: Somebody is on the phone.
SECONDS = 4.0
PURPOSE = "tell a caller how a matter stands"


class TrackingStatuses:
    def __init__(self, base_url: str, tokens: ServiceTokens) -> None:
        # No proxy from the environment: it goes between the two and nowhere else.
        self._http = httpx.AsyncClient(base_url=base_url, timeout=SECONDS, trust_env=False, verify=trust(base_url))
        self._tokens = tokens

    async def of(self, number: str) -> Status | None:
        bearer = {"Authorization": f"Bearer {self._tokens.token('tracking', PURPOSE)}"}
        try:
            answer = await self._http.post(f"/status/{quote(number)}", headers=bearer)
            if not answer.is_success:
                return None
            said = answer.json()
            return Status(str(said["stage"]), {"id": str(said["id"]), "en": str(said["en"])})
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("tracking did not say how a matter stands", extra={"error": type(error).__name__})
            return None

    async def close(self) -> None:
        await self._http.aclose()
