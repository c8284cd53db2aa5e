"""A real browser, and people who are let in: Debian's Chromium, steered by Playwright, judged by axe."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from chassis.people.account import Account
from chassis.people.desk import seed_of
from chassis.people.passwords import _HASHER as HASHER
from chassis.people.passwords import one_time
from chassis.people.second_factor import STEP_SECONDS, new_seed
from chassis.people.store import number_of
from chassis.sealing import Vault
from kit.browsing import code_of
from kit.openapi import Now
from kit.people import OWN_PASSWORD
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slkt_local.install import chromium

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 860}
#: What nobody may be stopped by.
GRAVE = ("serious", "critical")
#: A page that does not come within this time is broken.
PATIENCE_MS = 15_000
#: The recovery code that each holds, beside their authenticator.
RECOVERY = "abcde23456"
#: Between the making of a code and its use.
ON_THE_WAY_SECONDS = 8


#: Consumers' main ways are walked by both in `make check`, the others without a script in `make soak`.
WITH_AND_WITHOUT = pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
WITHOUT_IN_SOAK = pytest.mark.parametrize(
    "script", [pytest.param(True, id="with a script"), pytest.param(False, id="without", marks=pytest.mark.long)]
)


@dataclass
class Somebody:
    """An account as it is kept, and what its person knows."""

    id: str
    password: str
    seed: bytes = field(default_factory=new_seed)
    codes: int = 0

    def code(self) -> str:
        """Each is good once: the next is of the next half minute, which is taken as well. One that would be too old
        before it arrives is left out."""
        self.codes += 1
        if self.codes == 1 and Now().now().timestamp() % STEP_SECONDS > STEP_SECONDS - ON_THE_WAY_SECONDS:
            self.codes += 1
        return code_of(self.seed, self.codes - 2)


def let_in(running: Suite, name: str, *roles: str, new: bool = False, firm: str | None = None) -> Somebody:
    """Somebody who has logged in before, or with ``new`` holds their letter in hand: of OJK, or of a firm."""
    secrets, issuer = running.stack.secrets, "pujk_gateway" if firm else "intake"
    vault = Vault(b64decode(secrets.people_master_key if firm else secrets.master_key))
    person = Somebody(f"{name.split()[0].lower()}.{uuid4().hex[:6]}", one_time() if new else OWN_PASSWORD)
    until = Now().now() + timedelta(days=3) if new else None
    made = Account(
        person.id, name, roles, HASHER.hash(person.password), until, since=Now().now(), by="a-test", firm=firm
    )
    made.recovery = (vault.digest(f"{person.id} {RECOVERY}".encode()),)
    made.seed = None if new else vault.seal(person.seed, seed_of(person.id))
    state = {key: value for key, value in asdict(made).items() if key not in ("number", "said")}
    document = {"version": 1, "seq": 0, "clock": 0, "size": 0, "heard": {}, "acts": [], "unsent": [], "state": state}
    running.mongo[issuer]["accounts"].insert_one({"_id": number_of(person.id, issuer, vault), **document})
    return person


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file: while it stands, its event loop is this thread's, and no other runs."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(chromium(print)))
        yield made
        made.close()


@contextmanager
def a_page(browser: Browser, running: Suite, **but: Any) -> Iterator[Page]:
    """Of a browser that knows nothing, at the one host. What the page complains of fails the test."""
    options = {"viewport": DESK, "locale": "id-ID", "base_url": str(running.known["entry"])} | but
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    # A form that comes again is a refusal to the browser, and meant so.
    page.on("console", lambda said: None if "status of 4" in said.text else complaints.append(said.text))
    yield page
    context.close()
    assert complaints == [], complaints


#: Links to a place of the same page that is not there.
NOWHERE = """[...document.querySelectorAll('a[href^="#"]')].map(one => one.getAttribute('href'))
.filter(one => one.length < 2 || !document.getElementById(one.slice(1)))"""


def is_for_everybody(page: Page) -> list[str]:
    """What would stop somebody: axe's grave findings, and a page that is wider than its screen."""
    # A click does not wait for the page that it leads to.
    expect(page.locator("main")).to_be_visible()
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    told = [
        f"{page.url}: {one['id']} {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in GRAVE
    ]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    told += [f"{page.url}: {wider} pixels wider than the screen"] if wider > 0 else []
    nowhere = page.evaluate(NOWHERE)
    return [*told, *[f"{page.url}: {one} leads to nothing on the page" for one in nowhere]]


def log_in(page: Page, person: Somebody, base: str = "/staff") -> None:
    page.goto(f"{base}/log-in")
    page.fill("#username", person.id)
    page.fill("#password", person.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor")
    page.wait_for_function("document.activeElement.id === 'code'")
    page.fill("#code", person.code())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{base}")
