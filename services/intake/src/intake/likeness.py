"""Are two matters one? By keyed hashes of who brings them, by what is in clear, and by a sketch of the story, which
tells how much two texts have in common and nothing of what stands in them."""

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from intake.marks import EVENT, Marks

#: Of a sketch: the error of what two have in common is some 4 % of what they hold.
KEPT = 160
PIECE = 4
_EMPTY = """
yang dan di ke dari saya kami kita ini itu untuk dengan tidak pada oleh sudah belum telah akan ada adalah karena juga
atau agar sebagai dalam bahwa bisa dapat mohon tolong bapak ibu ojk selamat siang pagi malam terima kasih hormat
konsumen pelapor nasabah beliau menyampaikan the and of to in my is was for that with have has not they
"""
_SHORT = """
yg=yang dgn=dengan tdk=tidak gak=tidak ga=tidak nggak=tidak tak=tidak krn=karena utk=untuk sdh=sudah udah=sudah
blm=belum dr=dari dlm=dalam tgl=tanggal rek=rekening jt=juta rb=ribu bln=bulan thn=tahun hr=hari tlp=telepon
telp=telepon telpon=telepon hp=ponsel trs=terus jg=juga sy=saya aku=saya gue=saya duit=uang nomer=nomor no=nomor
sms=pesan wa=pesan chat=pesan email=surel aja=saja cuma=hanya kalo=kalau kpd=kepada
"""
#: A word that stands in most stories says nothing; what people shorten is written out first.
EMPTY = frozenset(_EMPTY.split())
SHORT = dict(pair.split("=") for pair in _SHORT.split())
_UNIT = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "milyar": 10**9}
#: More signs than an amount has: a row of digits is none.
_DIGITS_MOST = 30
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)*)\s*(ribu|rb|juta|jt|miliar|milyar)?")

Why = Literal["duplicate", "related"]


@dataclass(frozen=True)
class Sketch:
    """``least``: the smallest of the keyed hashes of a story's pieces; ``size``: how many there were."""

    least: tuple[int, ...] = ()
    size: int = 0

    def packed(self) -> bytes:
        return array("I", [self.size, *self.least]).tobytes()

    @classmethod
    def unpacked(cls, raw: bytes) -> "Sketch":
        size, *least = array("I", raw)
        return cls(tuple(least), size)


@dataclass(frozen=True)
class Alike:
    """``why`` they belong together, codes of what is alike, and how sure it is, of 100."""

    why: Why
    reasons: tuple[str, ...]
    score: int


@dataclass(frozen=True)
class Traits:
    """What of a matter is compared."""

    marks: Marks
    sketch: Sketch
    pujk: str | None = None
    product: str | None = None
    issue: str | None = None
    amounts: tuple[int, ...] = ()
    on: date | None = None


def words_of(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = (SHORT.get(word, word) for word in re.findall(r"[^\W\d_]+", plain))
    return [word for word in found if len(word) > 1 and word not in EMPTY]


def amounts_in(text: str) -> set[int]:
    """Of at least a thousand, to two digits: ``Rp2.487.000`` and ``2,5 juta`` are one."""
    found = set()
    for digits, unit in _AMOUNT.findall(unicodedata.normalize("NFKC", text).casefold()):
        if len(digits) > _DIGITS_MOST:
            continue
        times = _UNIT.get(SHORT.get(unit, unit), 1)
        plain = digits.replace(",", ".") if times > 1 else re.sub(r"[.,]", "", digits)
        value = round(float(plain) * times) if plain.count(".") <= 1 else int(plain.replace(".", "")) * times
        if 1_000 <= value < 10**12:
            found.add(rough(value))
    return found


def rough(amount: int) -> int:
    return round(amount, 2 - len(str(amount)))


def pieces(text: str) -> set[str]:
    """Four letters of a word each, so that one wrong letter costs four of many; and amounts, to two digits."""
    found = {f"{word} "[at : at + PIECE] for word in words_of(text) for at in range(max(1, len(word) + 1 - PIECE + 1))}
    return found | {f"#{amount}/{n}" for amount in amounts_in(text) for n in range(4)}


def sketch_of(text: str, digest: Callable[[str], int]) -> Sketch:
    hashes = sorted({digest(piece) for piece in pieces(text)})
    return Sketch(tuple(hashes[:KEPT]), len(hashes))


def common(a: Sketch, b: Sketch) -> tuple[float, float]:
    """How much of both together, and how much of the shorter, is in both; estimated."""
    if not a.size or not b.size:
        return 0.0, 0.0
    both, one, other = sorted({*a.least, *b.least})[:KEPT], {*a.least}, {*b.least}
    share = sum(hash_ in one and hash_ in other for hash_ in both) / len(both)
    shared = share * (a.size + b.size) / (1 + share)
    return share, min(1.0, shared / min(a.size, b.size))


def same_person(a: Marks, b: Marks) -> float:
    """Above 0: one person; below: two. What one of them did not give says nothing."""
    shared, both, found = a.shares(b), a.kinds() & b.kinds(), 0.0
    for kind, (alike, unlike) in _PERSON.items():
        found += alike if kind in shared else -unlike if kind in both else 0.0
    return found - 1.5


#: What speaks for one person where it is alike, and against where both gave another: a phone is a family's, two people
#: have one name, and nobody has two NIKs but by a slip.
_PERSON = {
    "nik": (3.2, 1.3),
    "passport": (3.2, 0.6),
    "account": (2.2, 0.2),
    "phone": (2.2, 0.2),
    "email": (2.2, 0.2),
    "name": (1.4, 0.6),
    "for.phone": (0.9, 0.0),
    "for.email": (0.9, 0.0),
}


def one_firm(a: str | None, b: str | None) -> bool | None:
    """None where one of them names no firm."""
    if not a or not b:
        return None
    first, second = _firm(a), _firm(b)
    if "".join(first) == "".join(second) or _initials(a) == "".join(second) or _initials(b) == "".join(first):
        return True
    if any(len(one) > 1 and set(one) <= set(other) for one, other in ((first, second), (second, first))):
        return True
    grams = [_grams("".join(words)) for words in (first, second)]
    return 2 * len(grams[0] & grams[1]) / (len(grams[0]) + len(grams[1])) >= 0.65


_FORMS = frozenset({"pt", "tbk", "bank", "persero", "bpd", "perseroan", "terbatas", "aplikasi"})


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold()) or [""]


def _firm(name: str) -> list[str]:
    words = _words(name)
    return [word for word in words if word not in _FORMS] or words


def _initials(name: str) -> str:
    return "".join(word[:1] for word in _words(name) if word not in _FORMS - {"bank"})


def _grams(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(max(1, len(text) - 2))}


def near_amounts(a: Iterable[int], b: Iterable[int]) -> bool | None:
    """Whether one of each is the other, or rounded from it; None where one of them names none."""
    ours, theirs = [one for one in a if one], [one for one in b if one]
    if not ours or not theirs:
        return None
    return any(abs(one - other) <= 0.06 * max(one, other) for one in ours for other in theirs)


def judge(a: Traits, b: Traits) -> Alike | None:
    """None where nothing is to be said of them."""
    share, held = common(a.sketch, b.sketch)
    firm, amount = one_firm(a.pujk, b.pujk), near_amounts(a.amounts, b.amounts)
    product = a.product == b.product if a.product and b.product else None
    issue = a.issue == b.issue if a.issue and b.issue else None
    day = abs((a.on - b.on).days) <= 3 if a.on and b.on else None
    said = {"pujk": firm, "amount": amount, "product": product, "issue": issue, "date": day}
    alike = tuple(name for name, value in said.items() if value)
    person = same_person(a.marks, b.marks)
    kinds = tuple(sorted(kind for kind in a.marks.shares(b.marks) if kind in _PERSON))
    text = ("text",) if held >= TEXT_ALIKE else ()
    if person > 0 and held >= TEXT_LEAST:
        score = (
            7.0 * held
            + 3.0 * share
            + sum(_SAID[name][0 if value else 1] for name, value in said.items() if value is not None)
        )
        sure = score + min(person, 1.5) * 0.3
        return Alike("duplicate", (*kinds, *alike, *text), _of_100(sure - ENOUGH)) if sure >= ENOUGH else None
    event, rounded = EVENT in a.marks.shares(b.marks), {*map(rough, a.amounts)} & {*map(rough, b.amounts)}
    if "name" in kinds and person > NAMED and firm and held >= TOLD_AGAIN and rounded and day is not False:
        # One who gave a phone here and an e-mail address there.
        return Alike("duplicate", (*kinds, *alike, *text), _of_100(0))
    if firm is not False and share >= COPIED and (event or "account" in kinds):
        return Alike("related", (*kinds, *alike, *text), _of_100(share * 4 - 2))
    return None


_SAID = {"pujk": (0.8, -2.5), "amount": (1.4, -1.2), "product": (0.6, -0.8), "issue": (0.5, -0.3), "date": (0.9, -1.0)}
ENOUGH = 4.6
TEXT_LEAST, TEXT_ALIKE, TOLD_AGAIN, COPIED = 0.42, 0.45, 0.78, 0.93
#: One name, and nothing that both gave is another's.
NAMED = -0.6


def _of_100(over: float) -> int:
    return max(1, min(99, round(60 + 12 * over)))
