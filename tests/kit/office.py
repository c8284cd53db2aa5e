"""What does a test of a consumer's pages stand on? Tracking alone, and whatever happens to matters elsewhere."""

import asyncio
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from chassis.permits import Permits
from kit.facts import AMatter, speaking
from kit.keydesk import StandInKeyDesk
from kit.servers import Suite
from kit.tracked import pin_for, wait_entries
from playwright.sync_api import Page
from slkt_local.secrets import Secrets

NOW = datetime.now(UTC).replace(microsecond=0)
UNTIL, DAY = NOW + timedelta(days=14), timedelta(days=1)
PRIVATE = {
    "consumer": {"name": "Ratna Wijayanti", "email": "ratna@example.org"},
    "story": "Uang tidak keluar dari ATM, tetapi saldo berkurang.",
    "demands": ["Kembalikan Rp1.500.000 ke rekening saya.", "Ganti biaya perjalanan saya ke kantor cabang."],
}


class Office:
    """Tracking alone, and whatever happens to matters elsewhere."""

    def __init__(self, suite: Suite, secrets: Secrets, desk: StandInKeyDesk, url: str) -> None:
        self.suite, self.secrets, self.desk, self.url = suite, secrets, desk, url
        self.known = SimpleNamespace(known={"entry": url})
        self.links = Permits(b64decode(secrets.link_key), "link of a mail")

    def accepted(self) -> AMatter:
        """A complaint of two demands, whose proposal OJK accepted today."""
        story = AMatter()
        self.desk.keys[story.number] = story.secret
        story.registered(private=PRIVATE), story.routed(), story.taken_over()
        by = (NOW + 9 * DAY).date().isoformat()
        granted = {"demand": 1, "answer": "granted", "amount": 1_500_000, "promised_by": by}
        refused = {"demand": 2, "answer": "refused"}
        said = {"sealed": story.seal({"text": "Rekaman ATM menunjukkan uang tidak keluar."})}
        why = {"sealed": story.seal({"text": "Biaya perjalanan tidak ditanggung (Pasal 7 perjanjian)."})}
        story.proposed(answers=(granted | said, refused | why))
        story.accepted(until=UNTIL)
        return story

    def hear(self, *stories: AMatter) -> None:
        self.say(*stories)
        for story in stories:
            wait_entries(self.suite, story, len(story.said))

    def say(self, *stories: AMatter) -> None:
        async def say() -> None:
            async with speaking(self.suite.accounts.service_amqp) as speaker:
                for story in stories:
                    await speaker.say(story.said)

        # The browser's loop is this thread's.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, say()).result()

    def opens(self, page: Page, story: AMatter) -> None:
        page.goto("/")
        page.fill("#number", story.number)
        page.fill("#pin", pin_for(self.secrets, story.number))
        page.get_by_role("button", name="Lihat").click()
