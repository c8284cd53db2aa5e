"""Did every service hear whose tokens ended? What issuers said of accounts is compared with what each door goes by."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from contracts.topology import LOCKS

from slkt.owners import Databases
from slkt.verifying.judge import HEARERS, Judgement, not_kept, said_twice
from slkt.verifying.report import Finding
from slkt.verifying.view import AFTER_MATTERS, Said, View, said_of

ISSUERS = tuple(fact.owner() for fact in LOCKS)


async def judge_accounts(databases: Databases, cut: datetime, services: Iterable[str]) -> Judgement:
    """All accounts at once: they are as many as people, and each says little. Errors: those of the driver."""
    services, judgement = list(services), Judgement()
    issuers = [one for one in ISSUERS if one in services]
    views = [(view, issuer) for issuer in issuers for view in await _views(databases, issuer)]
    good = dict(zip(services, await asyncio.gather(*(_ended(databases, one) for one in services)), strict=True))
    for view, issuer in views:
        facts = view.kept(issuer)
        old = [one for one in facts if one.at <= cut]
        judgement.judged[issuer] += len(old)
        judgement.in_flight += len(facts) - len(old)
        judgement.findings += not_kept(view, issuer, facts, old)
        judgement.findings += said_twice(view, issuer, facts)
        for one in old:
            deaf = (hearer for hearer in HEARERS[one.type] if hearer in good and not _knows(good[hearer], one))
            judgement.findings += (_not_heard(one, hearer) for hearer in deaf)
    return judgement


async def _views(databases: Databases, issuer: str) -> list[View]:
    views: dict[str, View] = {}
    # Documents first: a fact that moves from `unsent` to `facts` meanwhile is then seen at least once.
    async for account in databases.accounts(issuer).find({}, {"seq": 1, "unsent": 1}):
        views.setdefault(account["_id"], View(account["_id"])).owned[issuer] = account
    for one in await said_of(databases, {"$gte": AFTER_MATTERS}, issuer):
        views.setdefault(one.number, View(one.number)).said.setdefault(issuer, []).append(one)
    return list(views.values())


async def _ended(databases: Databases, service: str) -> dict[str, int]:
    return {one["_id"]: one["epoch"] async for one in databases.ended(service).find()}


def _knows(good: dict[str, int], one: Said) -> bool:
    epoch: int = one.event()["data"]["epoch"]
    return good.get(one.number, 0) >= epoch


def _not_heard(one: Said, hearer: str) -> Finding:
    why = "" if one.where == "facts" else one.where
    return Finding("not-heard", hearer, one.number, one.owner, one.seq, one.id, one.type, why=why)
