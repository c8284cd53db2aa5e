"""What does a machine at LAPS SJK read, and whoever doubts the paper? All words as they were written, in every script,
with what answers what and which file shows it: ``isi.json``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pujk_gateway.domain.disputes import Facilitation
from pujk_gateway.domain.parts import FIRMS_ACTS, Answer, Entry, Obligation, Proposal, Round
from pujk_gateway.ports.bundles import Contents, Evidence

Texts = Mapping[str, str | None]


def told(entries: Sequence[Entry]) -> list[Entry]:
    """What others may read: OJK's notes are its own."""
    return [one for one in entries if not (one.what == "facilitation-step" and one.kind == "note")]


def side_of(entry: Entry) -> str:
    """Who did it: consumer, pujk, ojk or system."""
    if entry.what in FIRMS_ACTS or entry.side == "pujk":
        return "pujk"
    theirs = entry.what in ("relief-fulfilled", "relief-overdue") and entry.kind == "consumer"
    if "consumer" in (entry.side, entry.by) or entry.what == "consumer-answered" or theirs:
        return "consumer"
    return "ojk" if entry.by else "system"


def write_words(contents: Contents, evidence: Sequence[Evidence]) -> bytes:
    """UTF-8 JSON; a text is null where it cannot be read any more, a file where it is not in the archive."""
    case, dossier, texts = contents.case, contents.dossier, contents.texts
    named = {one.attachment.id: one.name for one in evidence}
    said: dict[str, Any] = {"number": case.number, "kind": case.kind, "because": contents.because}
    said |= {"product": case.product, "issue": case.issue, "region": case.region, "loss": case.loss}
    said |= {"consumer": {one.name: one.shown for one in dossier.fields}, "story": dossier.story}
    said |= {"firm": _firm(case.turn) if case.turn else None, "rounds": [_round(one) for one in case.rounds]}
    firms = {one.round: _firm(one) for one in case.rounds}
    said |= {"demands": [{"id": one.id, "amount": one.amount, "text": one.text} for one in dossier.demands]}
    said |= {"proposals": [{"firm": firms[one.round], **_proposal(one, texts, named)} for one in case.proposals]}
    said |= {"facilitation": _facilitation(case.facilitation) if case.facilitation else None}
    said |= {"promises": [{"firm": firms[one.round], **_promise(one)} for one in case.obligations]}
    said |= {"timeline": [{"firm": firms[one.round], **_entry(one, texts, named)} for one in told(case.entries)]}
    said |= {"evidence": [_file(one) for one in evidence]}
    return json.dumps(said, ensure_ascii=False, indent=1, default=_plain).encode()


def firm_of(turn: Round) -> str:
    """Whose turn it was, as people read it."""
    return f"{turn.name} ({turn.pujk})"


def _firm(turn: Round) -> dict[str, Any]:
    return {"code": turn.pujk, "name": turn.name, "sector": turn.sector}


def _round(turn: Round) -> dict[str, Any]:
    said = {"round": turn.round, "firm": _firm(turn), "since": turn.started_at, "until": turn.ended_at}
    return {**said, "state": turn.state, "due": turn.due}


def _facilitation(found: Facilitation) -> dict[str, Any]:
    """Who of OJK decided is OJK's own."""
    return {name: value for name, value in asdict(found).items() if name not in ("by", "ended_by")}


def _promise(one: Obligation) -> dict[str, Any]:
    """``in_force`` false: another proposal, or another firm's turn, took its place."""
    return {"round": one.round, **one.standing(), "in_force": not one.void}


def _proposal(one: Proposal, texts: Texts, named: Mapping[str, str | None]) -> dict[str, Any]:
    said = {"round": one.round, "proposal": one.number, "kind": one.kind, "amount": one.amount, "at": one.at}
    said |= {"state": one.state, "text": texts.get(one.sealed), "reason": texts.get(one.reason or "")}
    files = [named.get(id_) for id_ in one.attachments]
    return {**said, "files": files, "answers": [_answer(answer, texts, named) for answer in one.answers]}


def _answer(one: Answer, texts: Texts, named: Mapping[str, str | None]) -> dict[str, Any]:
    said = {"demand": one.demand, "answer": one.answer, "amount": one.amount, "promised_by": one.promised_by}
    return {**said, "text": texts.get(one.sealed or ""), "evidence": [named.get(id_) for id_ in one.evidence]}


def _entry(one: Entry, texts: Texts, named: Mapping[str, str | None]) -> dict[str, Any]:
    said = {"round": one.round, "at": one.at, "what": one.what, "kind": one.kind, "by": side_of(one)}
    said |= {"held_at": one.held_at, "text": texts.get(one.sealed or "")}
    return {**said, "files": [named.get(id_) for id_ in one.attachments]}


def _file(one: Evidence) -> dict[str, Any]:
    file = one.attachment
    said = {"file": one.name, "sha256": one.sha256, "called": file.name, "media_type": file.media_type}
    return {**said, "by": file.by, "firm": file.pujk, "at": file.at, "scan": file.scan}


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} stands in no bundle")
