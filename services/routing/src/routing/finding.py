"""Which firm may be meant by what somebody is typing, and is it on the list of illegal entities? Typos, short names and
names of apps count; the best few are told, and whether the first is sure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from routing.directory import plain
from routing.domain.parts import Firm

TOLD = 5
#: Out of 100: as good as written so; worth showing; near enough to a name on the list to warn.
SURE, SHOWN, WARNED = 94.0, 74.0, 90.0
#: So much less is a name that stands beside words which may make it another's: it is sure no more.
BESIDE = 4.0
#: A shorter word is like too many others to be taken for one with a typo in it.
TYPED_LEAST = 4
#: What very many names have; nobody is found by it alone.
_COMMON = frozenset({
    "bank", "bpr", "bprs", "indonesia", "nasional", "finance", "financial", "multi", "multifinance", "sekuritas",
    "securities", "asuransi", "insurance", "jiwa", "asset", "management", "dana", "investama", "syariah", "digital",
    "teknologi", "aplikasi", "app", "apk", "pinjol", "pinjam", "pinjaman", "online", "koperasi", "simpan",
    "investasi", "cepat",
})  # fmt: skip

#: Those of them that tell nothing of whose name they stand in.
_IDLE = frozenset({"aplikasi", "app", "apk", "online", "indonesia"})
#: Those that say what somebody does, with the sectors of which that says nothing new.
_SECTORS: Mapping[str, frozenset[str]] = {
    word: frozenset(sectors.split())
    for words, sectors in (
        ("bank", "bank bank_daerah bpr"),
        ("bpr bprs", "bpr"),
        ("finance financial multi multifinance", "multifinance"),
        ("sekuritas securities", "securities"),
        ("asuransi insurance jiwa", "insurance reinsurance"),
        ("asset management investama", "investment_manager"),
        ("pinjol pinjam pinjaman", "fintech_lending"),
    )
    for word in words.split()
}

#: What a firm's name is followed by where somebody writes at which branch; a unit link is a kind of insurance.
_BRANCH = re.compile(r"(.+?) (?:kantor|cabang|cab|capem|branch|kc|kcp|kcu|kk|unit(?! link))\b(.*)")


@dataclass(frozen=True)
class Illegal:
    """One entry of the list of the task force on illegal entities (Satgas PASTI)."""

    name: str
    aliases: tuple[str, ...] = ()
    activity: str = ""


@dataclass(frozen=True)
class Likely:
    firm: Firm
    score: float


@dataclass(frozen=True)
class Suggested:
    firms: tuple[Likely, ...]
    illegal: tuple[Illegal, ...]

    @property
    def sure(self) -> bool:
        """Hardly anybody but the first can be meant."""
        first, second = (*self.firms, None, None)[:2]
        return first is not None and first.score >= SURE and (second is None or second.score < first.score)


class Finder:
    """Firms and illegal entities under all their names; read-only, made anew when one of the two lists changed."""

    def __init__(self, firms: Iterable[Firm], illegal: Iterable[Illegal]) -> None:
        named = ((firm, _names(firm.name, firm.aliases)) for firm in firms)
        # Of a name nothing may be left: no letter and no digit that people type.
        self._firms = [(firm, names) for firm, names in named if names]
        self._illegal, self._listed = [], []
        for one in illegal:
            for name in (one.name, *one.aliases):
                if len(tight := _tight(plain(name))) >= TYPED_LEAST:
                    self._illegal.append(one)
                    self._listed.append(tight)

    def __call__(self, typed: str) -> Suggested:
        wanted = plain(typed)
        if not wanted:
            return Suggested((), ())
        asked = _asked(wanted)
        scored = [
            Likely(firm, max(_likely(one, name, firm, names) for one in asked for name in names))
            for firm, names in self._firms
        ]
        likely = sorted((one for one in scored if one.score >= SHOWN), key=lambda one: (-one.score, one.firm.name))
        if likely and likely[0].score >= 99:
            # Written out in full: what is only like it is not meant.
            likely = [one for one in likely if one.score >= SURE]
        return Suggested(tuple(likely[:TOLD]), self._warned(wanted, likely[0].score if likely else 0.0))

    def _warned(self, wanted: str, licensed: float) -> tuple[Illegal, ...]:
        """Nobody is warned of a licensed firm because somebody illegal took a name that is like its own."""
        tight = _tight(wanted)
        if len(tight) < TYPED_LEAST or set(wanted.split()) <= _COMMON:
            return ()
        found = process.extract(tight, self._listed, scorer=fuzz.ratio, limit=TOLD, score_cutoff=max(WARNED, licensed))
        return tuple(dict.fromkeys(self._illegal[at] for _, score, at in found if score > licensed or score == 100))


def _names(name: str, aliases: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in map(plain, (name, *aliases)) if one))


def _tight(name: str) -> str:
    return name.replace(" ", "")


def _own(name: str) -> str:
    """What tells it from others."""
    words = name.split()
    return " ".join(word for word in words if word not in _COMMON) or name


def _asked(wanted: str) -> tuple[str, ...]:
    """As it was typed, and without the branch."""
    found = _BRANCH.fullmatch(wanted)
    if found is None or set(found[1].split()) <= _COMMON or not _SECTORS.keys().isdisjoint(found[2].split()):
        return (wanted,)
    return wanted, found[1]


def _likely(wanted: str, name: str, firm: Firm, names: Sequence[str]) -> float:
    """How well it fits; never sure where what was typed beside the name may make it another's: "asuransi" and a bank's
    name is no bank."""
    own = {word for one in names for word in one.split()}
    shared = _COMMON.intersection(wanted.split()).difference(name.split(), _IDLE)
    beside = [word for word in shared if word not in own and firm.sector not in _SECTORS.get(word, ())]
    score = _score(wanted, name, len(beside))
    return score - BESIDE if beside and SURE <= score < 100 else score


def _among(wanted: str, name: str, mine: str) -> float:
    """Of a name that stands among other words. It is shown and never sure: the others may make it another's name."""
    for part, letters, least, most in ((name, 3, 82.0, 6.0), (mine, TYPED_LEAST, 75.0, 4.0)):
        named = len(part) >= letters and not set(part.split()) <= _COMMON
        if named and f" {part} " in f" {wanted} ":
            return least + most * len(part) / len(wanted)
    return 0.0


def _score(wanted: str, name: str, beside: int) -> float:
    if wanted == name or _tight(wanted) == _tight(name):
        return 100.0
    words, mine = name.split(), _own(name)
    asked = _own(wanted)
    if asked == mine or _tight(wanted) == _tight(mine):
        # Shortest first: who writes "BCA" means the bank, not the one of several words that also begins so.
        return 97.0 - min(len(_COMMON.intersection(words).difference(wanted.split())) + beside, 2)
    if len(words) > 2 and _tight(wanted).removeprefix("bank") == "".join(word[0] for word in words):
        return 95.0
    if set(asked.split()) <= set(words) and asked not in _COMMON:
        return (86.0 if mine.startswith(f"{asked} ") else 78.0) + 8.0 * len(asked) / len(name)
    among = _among(wanted, name, mine)
    if len(asked) < TYPED_LEAST:
        return among
    whole = max(fuzz.ratio(_tight(asked), _tight(mine)), fuzz.ratio(_tight(wanted), _tight(name)))
    # Half typed, or with a word of its own left out; each word may have a typo.
    begun = fuzz.ratio(_tight(asked), _tight(mine)[: len(_tight(asked)) + 1]) - 8 if len(asked) >= TYPED_LEAST else 0.0
    worded = fuzz.token_sort_ratio(asked, mine)
    return min(max(whole, begun, worded, among), 93.0)
