"""How does a test act on the pages of OJK's desk without a browser? With the pass that a log-in would have given."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
from kit.callers import MARK
from kit.running import Suite
from kit.tokens import staff_token


class Desk:
    """One person's, at one service. ``basis`` is that of the page that was looked at last."""

    def __init__(self, http: httpx.Client, once: str) -> None:
        self.http = http
        self._once, self._forms = once, 0
        self.basis = ""

    def look(self, path: str) -> httpx.Response:
        answer = self.http.get(path)
        found = re.search(r'name="basis" value="([0-9]+)"', answer.text)
        self.basis = found[1] if found else ""
        return answer

    def once(self) -> str:
        """What makes the sendings of one form the same act."""
        self._forms += 1
        return f"{self._once}-{self._forms}"

    def send(self, path: str, **fields: str) -> httpx.Response:
        """A form of the last page, or what a test puts in its place."""
        return self.http.post(path, data={"basis": self.basis, "once": self.once(), "csrf": MARK} | fields)


@contextmanager
def at_desk(running: Suite, role: str, service: str = "pujk_gateway") -> Iterator[Desk]:
    running.staff(role)
    token = staff_token(running.stack.secrets, role, mark=MARK)
    headers = {"Cookie": f"slkt-pass={token}", "Sec-Fetch-Site": "same-origin", "Accept-Language": "id"}
    with httpx.Client(base_url=running.url(service), headers=headers, timeout=60, trust_env=False) as http:
        # Two of one second have the same token, and are not the same forms.
        yield Desk(http, uuid4().hex[:16])


def refused(answer: httpx.Response) -> str:
    """What a page says is wrong, as people read it; each of its links leads to a field of the page."""
    found = re.search(r'role="alert".*?</(?:div|section)>', answer.text, re.S)
    ids = set(re.findall(r'\bid="([^"]+)"', answer.text))
    assert not found or ids.issuperset(re.findall(r'href="#([^"]+)"', found[0])), found[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[0] if found else answer.text)).strip()
