"""How much of what firms promised is there? Rupiah of the promises that were kept: a function of what was said alone,
in any order of hearing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]
#: Round, proposal and demand. Proposal 0 is a settlement; none: an older release said it.
Promise = tuple[int, int | None, int]

KEPT, BROKEN = "pujk_gateway.relief-fulfilled.v1", "pujk_gateway.relief-overdue.v1"
PROPOSED = "pujk_gateway.resolution-proposed.v1"


def relief(entries: Sequence[Entry]) -> int | None:
    """None where no promise was kept. What a proposal gives beyond its demands' own amounts counts once every promise
    of it is kept; what it names no day for was never promised."""
    kept = _kept(entries)
    proposals = {
        (one["data"]["round"], one["data"]["proposal"]): one["data"] for one in entries if one["type"] == PROPOSED
    }
    found = 0
    for (round_, number, demand), data in kept.items():
        proposal = proposals.get((round_, number)) if number is not None else None
        owed = _promised(proposal) if proposal is not None else _owed(data)
        found += sum(_amount(one) for one in owed if one["demand"] == demand)
    for (round_, number), proposal in proposals.items():
        promised = {int(one["demand"]) for one in _promised(proposal)}
        if promised and all((round_, number, demand) in kept for demand in promised):
            found += max(0, _amount(proposal) - sum(map(_amount, proposal.get("answers") or ())))
    return found if kept else None


def _kept(entries: Iterable[Entry]) -> dict[Promise, Mapping[str, Any]]:
    """What was last said of each promise, of those that are kept: in time, a consumer may deny what was taken as
    there."""
    last: dict[Promise, Entry] = {}
    for one in sorted((one for one in entries if one["type"] in (KEPT, BROKEN)), key=lambda one: int(one["seq"])):
        data = one["data"]
        last[(data["round"], data.get("proposal"), data["demand"])] = one
    return {promise: one["data"] for promise, one in last.items() if one["type"] == KEPT}


def _promised(proposal: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """As the gateway makes promises of answers."""
    answers = proposal.get("answers") or ()
    return [one for one in answers if one.get("promised_by") is not None and one["answer"] != "refused"]


def _owed(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Of a settlement, or while the proposal was not heard: what is there by the standing that came with it."""
    number, owed = data.get("proposal"), data.get("standing", {}).get("obligations") or []
    return [
        one
        for one in owed
        if one.get("state", "fulfilled") == "fulfilled" and (number is None or one.get("proposal") in (None, number))
    ]


def _amount(one: Mapping[str, Any]) -> int:
    return int(one.get("amount") or 0)
