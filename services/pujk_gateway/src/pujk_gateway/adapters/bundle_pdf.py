"""What does LAPS SJK read first? The matter on paper, in Indonesian: who, what happened, what was asked, what was
answered, what was tried, and which files prove it."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from contracts.codes import called
from contracts.numbers import shown

from pujk_gateway.adapters.bundle_words import firm_of, side_of, told
from pujk_gateway.adapters.paper import GREY, Paper
from pujk_gateway.domain.parts import Answer, Entry, Proposal
from pujk_gateway.ports.bundles import Contents, Evidence

Words = Mapping[str, Any]
#: What the consumer says of a court.
_STATED = {True: "yes", False: "no", None: "not_stated"}


def print_bundle(contents: Contents, evidence: Sequence[Evidence], about: Mapping[str, str]) -> bytes:
    """As PDF; the same contents make the same bytes."""
    page = _Bundle(_read("bundle.json"), _read("pages.json"), _read("letter.json")["months"], contents, evidence)
    page.front()
    page.matter()
    page.people()
    page.story()
    page.demands()
    page.proposals()
    page.promised()
    page.facilitated()
    page.timeline()
    page.evidence()
    page.check(about)
    return bytes(page.output())


class _Bundle(Paper):
    def __init__(
        self, words: Words, pages: Words, months: Sequence[str], contents: Contents, evidence: Sequence[Evidence]
    ) -> None:
        super().__init__(contents.made_at, months)
        self._words, self._pages, self._labels = words, pages, words["labels"]
        self._of, self._case, self._told = contents, contents.case, contents.dossier
        self._firms = {one.round: firm_of(one) for one in self._case.rounds}
        self._evidence = {one.attachment.id: one for one in evidence}
        self.set_title(f"{words['title']} {self._case.number}")
        number, made = shown(self._case.number, self._case.kind), self.moment(contents.made_at)
        self.begin(words["foot"].replace("{number}", number).replace("{made}", made))

    def front(self) -> None:
        self.face(8.5, colour=GREY)
        self.row(self._words["from"], 5)
        self.face(17, bold=True)
        self.row(self._words["title"], 9)
        self.face(9, colour=GREY)
        self.row(self._words["secret"], 5)

    def matter(self) -> None:
        case, said = self._case, self._labels
        self.heading(self._words["heads"]["matter"])
        self.facts(
            {
                said["number"]: shown(case.number, case.kind),
                said["because"]: self._words["because"][self._of.because],
                said["product"]: called("product", case.product, "id"),
                said["issue"]: called("issue", case.issue, "id"),
                said["region"]: called("region", case.region, "id"),
                said["loss"]: _rupiah(case.loss) if case.loss is not None else self._words["unknown"],
                said["transaction"]: self.day(case.transaction_date) if case.transaction_date else None,
                said["received"]: self.moment(case.received_at) if case.received_at else None,
                said["in_court"]: self._words[_STATED[self._told.in_court or case.in_court]],
            }
        )

    def people(self) -> None:
        turn = self._case.turn
        self.heading(self._words["heads"]["consumer"])
        self.facts({self._labels.get(one.name, one.name): one.shown for one in self._told.fields})
        self.heading(self._words["heads"]["firm"])
        if turn is not None:
            said = {
                "pujk": turn.name,
                "code": turn.pujk,
                "sector": self._say(f"sector.{turn.sector}") if turn.sector else self._words["unknown"],
            }
            self.facts({self._labels[name]: value for name, value in said.items()})
        if len(self._case.rounds) > 1:
            self.prose(self._words["rounds"])
        for one in self._case.rounds if len(self._case.rounds) > 1 else ():
            until = self.moment(one.ended_at) if one.ended_at else self._words["present"]
            said = {"number": str(one.round), "firm": firm_of(one), "since": self.moment(one.started_at)}
            self.small(self._words["round"].format(**said, until=until))

    def story(self) -> None:
        self.heading(self._words["heads"]["story"])
        self.prose(self._told.story or self._words["no_words"])
        if brought := self._told.brought_to_pujk:
            said = {"brought_on": self.day(brought.on), "brought_how": brought.how, "brought_outcome": brought.outcome}
            self.facts({self._labels[name]: value for name, value in said.items()})

    def demands(self) -> None:
        self.heading(self._words["heads"]["demands"])
        for one in self._told.demands:
            amount = f" ({_rupiah(one.amount)})" if one.amount is not None else ""
            self.item(self._words["demand"].format(number=one.id), one.text + amount)
        if not self._told.demands:
            self.prose(self._words["no_demands"])

    def proposals(self) -> None:
        self.heading(self._words["heads"]["proposals"])
        for one in self._case.proposals:
            self._proposal(one)
        if not self._case.proposals:
            self.prose(self._words["no_proposals"])

    def _proposal(self, one: Proposal) -> None:
        amount = f", {_rupiah(one.amount)}" if one.amount is not None else ""
        kind, at = self._say(f"act_kind.{one.kind}"), self.moment(one.at)
        firm = self._firms[one.round]
        title = self._words["proposal"].format(firm=firm, number=one.number, kind=kind, amount=amount, at=at)
        self.item(f"{title} – {self._words['proposal_state'][one.state]}", self._of.texts.get(one.sealed))
        for answer in one.answers:
            self._answer(answer)
        if one.reason:
            self.small(self._of.texts.get(one.reason) or self._words["no_words"])

    def _answer(self, answer: Answer) -> None:
        said = self._say(f"answer.{answer.answer}")
        said += f", {_rupiah(answer.amount)}" if answer.amount is not None else ""
        if answer.promised_by:
            said += self._words["promised"].format(day=self.day(answer.promised_by))
        self.small(f"{self._words['demand'].format(number=answer.demand)}: {said}")
        if answer.sealed:
            self.small(self._of.texts.get(answer.sealed) or self._words["no_words"])
        if shown := [self._evidence[one] for one in answer.evidence if one in self._evidence]:
            self.small(
                self._words["shown_by"].format(files=", ".join(one.name or one.attachment.name for one in shown))
            )

    def promised(self) -> None:
        owed = self._case.owed
        if owed:
            self.heading(self._words["heads"]["promises"])
        for one in owed:
            which = self._words["demand"].format(number=one.demand) if one.demand else self._say("promise.settled")
            amount = f", {_rupiah(one.amount)}" if one.amount is not None else ""
            title = f"{self._firms[one.round]}: {which}{amount}"
            title += self._words["promised"].format(day=self.day(one.promised_by))
            self.item(f"{title} – {self._say(f'promise_state.{one.state}')}", None)

    def facilitated(self) -> None:
        self.heading(self._words["heads"]["facilitation"])
        found = self._case.facilitation
        if found is None:
            self.prose(self._words["no_facilitation"])
            return
        outcome = self._say(f"act_kind.{found.outcome}") if found.outcome else self._words["none"]
        self.facts({self._labels["opened"]: self.moment(found.at), self._labels["outcome"]: outcome})
        for check in found.checks:
            holds = self._words["unknown"] if check.holds is None else self._words["yes" if check.holds else "no"]
            limit = f" ({self._words['loss_limit'].format(most=_rupiah(check.most))})" if check.most else ""
            self.small(f"{self._say(f'check.{check.what}')}: {holds}{limit}")

    def timeline(self) -> None:
        self.heading(self._words["heads"]["timeline"])
        for entry in told(self._case.entries):
            kind = f": {self._kind(entry)}" if entry.kind else ""
            title = f"{self.moment(entry.at)} – {self._say(f'entry.{entry.what}')}{kind}"
            side = side_of(entry)
            title += f" ({self._firms[entry.round] if side == 'pujk' else self._words['sides'][side]})"
            if entry.held_at is not None:
                title += f", {self._words['held_at'].format(at=self.moment(entry.held_at))}"
            self.item(title, (self._of.texts.get(entry.sealed) or self._words["no_words"]) if entry.sealed else None)

    def evidence(self) -> None:
        self.heading(self._words["heads"]["evidence"])
        for one in self._evidence.values():
            file = one.attachment
            by, at = self._words["evidence_by"][file.by], self.moment(file.at)
            by += f" {file.pujk}" if file.pujk else ""
            about = self._words["evidence"].format(name=file.name, kind=file.media_type, size=file.size, by=by, at=at)
            left_out: Mapping[str, str] = self._words["left_out"]
            self.item(one.name or f"{file.name} – {left_out.get(file.scan, left_out['other'])}", None)
            self.small(about)
            if one.sha256:
                self.small(f"SHA-256 {one.sha256}")
        if not self._evidence:
            self.prose(self._words["no_evidence"])

    def check(self, about: Mapping[str, str]) -> None:
        self.heading(self._words["heads"]["check"])
        for text in self._words["check"]:
            self.prose(text.format(**about))

    def _kind(self, entry: Entry) -> str:
        if entry.what in ("relief-fulfilled", "relief-overdue"):
            return self._say(f"promise_because.{entry.what.removeprefix('relief-')}.{entry.kind}")
        return self._say(f"extension.{entry.kind}" if entry.what == "extension-decided" else f"act_kind.{entry.kind}")

    def _say(self, key: str) -> str:
        return str(self._pages[key]["id"]) if key in self._pages else key.rpartition(".")[2]


def _rupiah(amount: int) -> str:
    return f"Rp{amount:,}".replace(",", ".")


def _read(name: str) -> Any:
    return json.loads(files("pujk_gateway").joinpath("data", name).read_text("utf-8"))
