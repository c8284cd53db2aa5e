"""What do the documents say? Their links, headings, code and the names in it. Read, never judged here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from architecture.workspace import ROOT

#: Not ours, or made by tools.
LEFT_OUT = ("node_modules", ".venv", ".local")
_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.M | re.S)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.*?) *#*$", re.M)
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> "Document":
        return cls(path, path.read_text(encoding="utf-8"))

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def prose(self) -> str:
        """Without what stands in code, where nothing is a link or a heading."""
        return _SPAN.sub("", _FENCE.sub("", self.text))

    @property
    def links(self) -> list[str]:
        """Targets that lie in this repository, as they are written."""
        return [one for one in _LINK.findall(self.prose) if not _ELSEWHERE.match(one)]

    @property
    def anchors(self) -> set[str]:
        """The headings as links name them, in the way of GitHub and GitLab."""
        found: dict[str, int] = {}
        for heading in _HEADING.findall(_FENCE.sub("", self.text)):
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
            name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            found[f"{name}-{found[name]}" if name in found else name] = 0
            found[name] = found.get(name, 0) + 1
        return set(found)

    @property
    def code(self) -> list[str]:
        """Every inline span and every line of a block."""
        blocks = [line for block in _FENCE.finditer(self.text) for line in block.group().splitlines()[1:-1]]
        return [*_SPAN.findall(_FENCE.sub("", self.text)), *blocks]

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"^```{language}\n(.*?)^```", self.text, re.M | re.S)

    def part(self, title: str) -> str:
        """From ``**title`` at the start of a line to the next bold start of a line or the end; empty without it."""
        found = re.search(rf"^\*\*{title}.*?(?=^\*\*|^#|\Z)", self.text, re.M | re.S)
        return found.group() if found else ""


def documents(root: Path = ROOT) -> list[Document]:
    """Every Markdown file of the repository."""
    paths = sorted(root.rglob("*.md"))
    ours = (p for p in paths if not any(part.startswith(".") or part in LEFT_OUT for part in p.relative_to(root).parts))
    return [Document.read(path) for path in ours]


def broken_links(document: Document, root: Path = ROOT) -> Iterator[str]:
    """Links to a file, folder or heading that is not there, or that lies outside the repository."""
    for link in document.links:
        name, _, anchor = link.partition("#")
        target = (document.path.parent / name).resolve() if name else document.path
        if not target.exists() or not target.is_relative_to(root):
            yield f"{document.path.relative_to(root)}: {link} (no such file)"
        elif anchor and (target.suffix != ".md" or anchor not in Document.read(target).anchors):
            yield f"{document.path.relative_to(root)}: {link} (no such heading)"


def named(document: Document, program: str) -> set[str]:
    """First words after ``program`` in code: ``make demo COMPLAINTS=…`` → ``demo``."""
    pattern = re.compile(rf"(?:^|/|[;&] ){program} ([a-z][a-z0-9-]*)")
    return {word for line in document.code for word in pattern.findall(line.strip().split(" #")[0])}


def settings_named(text: str, prefix: str) -> set[str]:
    """Settings in code spans, without the service's prefix: ``NOTIFIER_SMTP_URL``, ``EXAMPLE_DATA=true``."""
    words = (span.partition("=")[0].removeprefix(prefix) for span in _SPAN.findall(text))
    return {word.lower() for word in words if re.fullmatch(r"[A-Z][A-Z0-9_]{3,}", word)}


def doors_named(document: Document) -> set[tuple[str, str]]:
    """``GET /tickets/{number}`` in code → (``get``, ``/tickets/{number}``); a query is left out."""
    pattern = re.compile(r"^(GET|POST|PUT|DELETE|PATCH) (/[^\s?`]*)")
    found = (pattern.match(span) for span in _SPAN.findall(document.text))
    return {(one.group(1).lower(), one.group(2)) for one in found if one}


def paths_named(document: Document) -> set[str]:
    """Files and folders of the repository in code spans, such as ``tests/unit/test_x.py``; patterns are left out."""
    pattern = re.compile(r"(bench|chassis|cli|contracts|deploy|docs|services|tests)(/[\w.-]+)+/?")
    return {span for span in _SPAN.findall(_FENCE.sub("", document.text)) if pattern.fullmatch(span)}
