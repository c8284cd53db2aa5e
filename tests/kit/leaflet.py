"""How does a test walk the leaflet? One firm's ticket and indication, the page of its officer, and a picture of each
heading."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

from kit import papers
from kit.browser import is_for_everybody
from kit.openapi import Now
from kit.running import Suite, eventually
from playwright.sync_api import Browser, Page, expect

FIRM = "BANK-008"
NAMED = "BANK MANDIRI"
WIB = timezone(timedelta(hours=7))


def brought(running: Suite, **but: Any) -> dict[str, Any]:
    """The receipt of what stands in the firm's list. A browser's thread runs no other event loop."""
    receipt = running.bring(pujk={"name": NAMED}, **but)
    number = receipt["number"]
    wanted = {"_id": number, "state.listed.pujk": FIRM}
    waiting = eventually(
        lambda: running.mongo["pujk_gateway"]["cases"].count_documents(wanted), f"{number} stands in the list"
    )
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, waiting).result()
    return receipt


@dataclass
class Walk:
    """``own`` is the page of the officer who came with the letter; ``grave``: what axe found on the way."""

    suite: Suite
    browser: Browser
    own: Page
    folder: Path
    receipt: dict[str, Any]
    indication: str
    grave: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.own
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def ticket(self) -> str:
        return str(self.receipt["number"])

    def consumer_brings(self, name: str) -> None:
        """A file, by the channel of the web."""
        key = self.suite.known["credentials"]["channels"]["web"]["api_key"]
        told = {"Content-Disposition": f'attachment; filename="{name}"'}
        headers = {"X-API-Key": key, "X-Service-PIN": self.receipt["pin"], **told}
        url = f"{self.suite.url('intake')}/services/{self.ticket}/attachments"
        self.suite.http.post(url, content=papers.pdf(), headers=headers).raise_for_status()

    def picture(self, name: str) -> None:
        """Of the page as it is now. Looks for what would stop somebody, too."""
        self.grave += is_for_everybody(self.page)
        self.page.screenshot(path=self.folder / f"{name}.jpg", type="jpeg", quality=60, animations="disabled")

    def told(self, text: str) -> None:
        expect(self.page.get_by_role("status")).to_have_text(text)

    def choose_today(self) -> None:
        """Day, month and year, then Proses."""
        today = Now().now().astimezone(WIB)
        for name, value in (("day", today.day), ("month", today.month), ("year", today.year)):
            self.page.select_option(f"#{name}", str(value))
        self.page.get_by_role("button", name="Proses").click()
        expect(self.page.get_by_role("table")).to_be_visible()

    @staticmethod
    def print_page(page: Page, to: Path) -> None:
        page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager' })")
        page.wait_for_load_state("networkidle")
        page.pdf(path=to, format="A4", margin={"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"})
