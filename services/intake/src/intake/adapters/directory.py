"""Which firm is meant? Asked of routing, which owns the directory; shortly, for somebody waits."""

import httpx
from chassis.trust import trust
from pydantic import BaseModel, ValidationError

from intake.bringing.draft import Meant

PATIENCE_SECONDS = 4.0
TYPED_MOST = 100


class _Firm(BaseModel):
    code: str
    name: str
    sector: str = ""


class _Entity(BaseModel):
    name: str


class _Found(BaseModel):
    firms: list[_Firm]
    sure: bool
    illegal: list[_Entity]


class RoutingDirectory:
    """Where routing is away, or takes too long, the name goes on as it was typed."""

    def __init__(self, base_url: str | None) -> None:
        self._http = None
        if base_url:
            self._http = httpx.AsyncClient(
                base_url=base_url, timeout=PATIENCE_SECONDS, trust_env=False, verify=trust(base_url)
            )

    async def __call__(self, typed: str, chosen: str) -> Meant:
        """``chosen``: a code that was chosen of those told before; "none" where none of them was right."""
        if self._http is None:
            return Meant(typed=typed, away=True)
        try:
            answer = (await self._http.get("/directory/find", params={"q": typed[:TYPED_MOST]})).raise_for_status()
            found = _Found.model_validate_json(answer.content)
        except (httpx.HTTPError, ValidationError):
            return Meant(typed=typed, away=True)
        illegal = tuple(one.name for one in found.illegal)
        of_code = next((one for one in found.firms if one.code == chosen), None)
        firm = of_code or (found.firms[0] if found.sure and chosen != "none" else None)
        if firm:
            return Meant(typed, firm.code, firm.name, firm.sector, illegal=illegal)
        others = () if chosen == "none" else tuple((one.code, one.name) for one in found.firms)
        return Meant(typed, others=others, illegal=illegal)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
