"""A person at a log-in page, as their browser acts: it keeps cookies, and sends the forms that it was given."""

import re
from base64 import b32decode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from chassis.people.second_factor import STEP_SECONDS, code_at

SESSION = "slkt-staff-session"


def seed_of_text(text: str) -> bytes:
    plain = text.replace(" ", "")
    return b32decode(plain + "=" * (-len(plain) % 8))


def code_of(seed: bytes, steps_later: int = 0) -> str:
    return code_at(seed, datetime.now(UTC) + timedelta(seconds=steps_later * STEP_SECONDS))


@dataclass
class Browsing:
    """Without a script. ``url`` is the service's."""

    url: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))
    mark: str = ""
    #: How what the page shows stood.
    seen: str = ""

    def look(self, path: str) -> httpx.Response:
        """Errors: none; the mark of the page's forms is kept."""
        answer = self.http.get(f"{self.url}{path}")
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text)
        self.mark = found[1] if found else self.mark
        told = re.search(r'name="seen" value="(\d+)"', answer.text)
        self.seen = told[1] if told else ""
        return answer

    def send(self, path: str, *, forged: Any = None, **fields: Any) -> httpx.Response:
        """A form of the last page; ``forged``: headers in place of a browser's own, by name."""
        headers = {"Sec-Fetch-Site": "same-origin"} if forged is None else forged
        return self.http.post(
            f"{self.url}{path}", data={"csrf": self.mark, "seen": self.seen, **fields}, headers=headers
        )

    def log_in(self, account: str, password: str, code: str) -> None:
        assert leads(self.send("/staff/log-in", username=account, password=password)) == "/staff/log-in/second-factor"
        self.look("/staff/log-in/second-factor")
        assert leads(self.send("/staff/log-in/second-factor", code=code)) == "/staff"
        self.look("/staff")

    @property
    def session(self) -> str | None:
        return self.http.cookies.get(SESSION)


def leads(answer: httpx.Response) -> str:
    """Where a page leads on to."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
