"""Which firm is meant by what people write? By code, by exact name, or by an alias that only one firm has."""

import re
from collections.abc import Iterable

from routing.domain.parts import Firm, Found, NoDeskFound

#: Legal forms that people leave out or add; they never tell two firms apart.
_FORMS = {"pt", "tbk", "persero", "perseroan", "terbatas", "cv", "ltd", "co", "na"}
CANDIDATES_SHOWN = 10
SEARCHED = 20


def plain(name: str) -> str:
    """A name without case, punctuation and legal form: ``PT. Bank Mandiri (Persero), Tbk`` → ``bank mandiri``."""
    words = re.sub(r"[^0-9a-z]+", " ", name.casefold()).split()
    return " ".join(word for word in words if word not in _FORMS) or " ".join(words)


class Directory:
    """The firms by code, name and alias; read-only, replaced as a whole when the stored directory changed."""

    def __init__(self, firms: Iterable[Firm]) -> None:
        self._codes: dict[str, Firm] = {}
        self._names: dict[str, set[str]] = {}
        self._aliases: dict[str, set[str]] = {}
        for firm in firms:
            self._codes[firm.code] = firm
            self._names.setdefault(plain(firm.name), set()).add(firm.code)
            for alias in firm.aliases:
                self._aliases.setdefault(plain(alias), set()).add(firm.code)

    def __len__(self) -> int:
        return len(self._codes)

    def by_code(self, code: str) -> Firm | None:
        return self._codes.get(code)

    def find(self, name: str | None, code: str | None) -> Found | NoDeskFound:
        """The one firm meant; else why not, with those that might be."""
        if code and code in self._codes:
            return Found(self._codes[code], "code")
        if not name:
            return NoDeskFound("no-pujk-named")
        wanted = plain(name)
        by_name, by_alias = self._names.get(wanted, set()), self._aliases.get(wanted, set())
        if len(by_name) == 1:
            return Found(self._codes[next(iter(by_name))], "name")
        if not by_name and len(by_alias) == 1:
            return Found(self._codes[next(iter(by_alias))], "alias")
        if meant := by_name | by_alias:
            return NoDeskFound("ambiguous", self._firms(meant))
        return NoDeskFound("no-desk-found", self._firms(self._near(wanted)))

    def like(self, typed: str) -> tuple[Firm, ...]:
        """Firms whose code begins so, or one of whose names holds all that was typed; by name, ``SEARCHED`` at most."""
        code, words = typed.strip().upper(), plain(typed).split()
        found = {one for one in self._codes if code and one.startswith(code)}
        for names in (self._names, self._aliases):
            for name, codes in names.items():
                if words and all(word in name for word in words):
                    found |= codes
        return tuple(sorted((self._codes[one] for one in found), key=lambda firm: (plain(firm.name), firm.code)))[
            :SEARCHED
        ]

    def _near(self, wanted: str) -> set[str]:
        """Firms one of whose names holds all the words that were written."""
        words = set(wanted.split())
        return {
            code
            for names in (self._names, self._aliases)
            for name, codes in names.items()
            if words and words <= set(name.split())
            for code in codes
        }

    def _firms(self, codes: set[str]) -> tuple[Firm, ...]:
        return tuple(self._codes[code] for code in sorted(codes)[:CANDIDATES_SHOWN])
