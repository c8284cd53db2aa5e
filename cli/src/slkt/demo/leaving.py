"""What is left to try while the suite stays? Tickets that nobody has answered at the firm whose people can log in, and
proposals that wait for OJK."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import httpx

from slkt.demo.administrator import administrator
from slkt.demo.doors import send_all
from slkt.demo.firms import Firm, acts
from slkt.demo.plan import Sent, candidates
from slkt.demo.show import code_of
from slkt.settings import Addresses

LEFT_OPEN = 8
#: Proposed by the system of the firm whose people log in, and by those of other firms.
LEFT_PROPOSED, OTHERS_PROPOSED = 2, 4
WAIT_SECONDS, POLL_SECONDS = 60.0, 0.5
PAGE = 200


async def leave_open(known: Mapping[str, Any], today: date) -> None:
    """Errors: TimeoutError where a firm's system does not propose in time; those of the doors."""
    code, systems = code_of(known["credentials"]), known["credentials"]["pujk"]
    brought = candidates(today)
    async with administrator(known) as desk:
        await desk.find_firms(brought)
        mine = [one for one in brought if one.firm == code]
        others = [one for one in brought if one.firm in systems and one.firm != code]
        proposed = [*mine[LEFT_OPEN : LEFT_OPEN + LEFT_PROPOSED], *others[:OTHERS_PROPOSED]]
        deciding = {one.firm: await desk.who_decides(one.firm) for one in proposed if one.firm}
    firms = [Firm(firm, systems[firm]["amqp"], who, acts(), today) for firm, who in deciding.items()]
    await asyncio.gather(*(firm.open() for firm in firms))
    try:
        await send_all(known, proposed, lambda _: None)
        async with asyncio.timeout(WAIT_SECONDS):
            await _waiting(known, proposed)
    finally:
        await asyncio.gather(*(firm.close() for firm in firms))
    await send_all(known, mine[:LEFT_OPEN], lambda _: None)


async def _waiting(known: Mapping[str, Any], proposed: Sequence[Sent]) -> None:
    """Until OJK's desk has them all."""
    decider = Addresses.of_stack(known).member("decider")
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        missing = {one.number for one in proposed}
        while missing:
            await asyncio.sleep(POLL_SECONDS)
            url, headers = f"{known['services']['pujk_gateway']}/proposals", decider.headers("pujk_gateway")
            page = await http.get(url, params={"limit": PAGE}, headers=headers)
            missing -= {one["number"] for one in page.raise_for_status().json()["proposals"]}
