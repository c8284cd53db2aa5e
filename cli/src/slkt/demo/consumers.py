"""Who are the demo's consumers? Each reads their mail, follows its link and answers there; who has no mail asks with
number and PIN. Each from an address of their own, as in life."""

import asyncio
import email
import email.policy
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from chassis.trust import trust

from slkt.demo import choices
from slkt.demo.plan import Sent

LOOK_SECONDS = 0.5
#: Who has no mail looks at the page of their matter this often.
VISIT_SECONDS = 3.0
AT_ONCE = 16
#: A browser says where a form stands.
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
LINK = re.compile(r"/track/link/([\w-]+)")
NUMBER = re.compile(r"(?:\d ?){13}")
#: What the page behind a link asks, by what its form says.
FORMS = {"relief": 'value="there"', "proposal": 'value="agrees"'}
FIRST_PLACE = IPv4Address("127.8.0.0")
OBJECTION = "Jawaban ini belum menghitung kerugian saya seluruhnya. Mohon diperiksa sekali lagi."


class Mailbox:
    """What the mail server keeps, each mail read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[str] = set()

    def links(self) -> Iterator[tuple[str, str]]:
        """(number, permit) of each new mail that asks for an answer."""
        for file in sorted(self._folder.glob("[0-9]*.eml")):
            if file.name in self._read:
                continue
            self._read.add(file.name)
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body, number = mail.get_body(("plain",)), NUMBER.search(str(mail["Subject"]))
            if body and number:
                # One mail may tell several things, and ask about each.
                for found in LINK.findall(body.get_content()):
                    yield number[0].replace(" ", ""), found


class Consumers:
    """Answer until told to stop. ``agreed`` is told the number of who agrees: their firm does what it promised."""

    def __init__(self, stack: Mapping[str, Any], sent: list[Sent], agreed: Callable[[str], None]) -> None:
        self._entry = str(stack["entry"])
        self._box = Mailbox(Path(stack["mail_dir"]))
        self._sent = sent
        self._agreed = agreed
        self._places = count(1)
        self._of: dict[str, httpx.AsyncClient] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def work(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._by_mail())
                group.create_task(self._by_page())
        finally:
            for one in self._of.values():
                await one.aclose()

    async def _by_mail(self) -> None:
        while True:
            links = await asyncio.to_thread(lambda: list(self._box.links()))
            await asyncio.gather(*(self._follow(number, permit) for number, permit in links))
            await asyncio.sleep(LOOK_SECONDS)

    async def _follow(self, number: str, permit: str) -> None:
        """Opens the link, then sends the form of the page behind it."""
        async with self._gate:
            page = await self._browser(number).get(f"/track/link/{permit}")
            # Not every link asks for an answer, and the time of one may be over.
            asked = next((what for what, form in FORMS.items() if form in page.text), "") if page.is_success else ""
            if asked and (said := self._says(number, asked)):
                form = {"permit": permit, **said}
                answer = await self._browser(number).post("/track/link", data=form, headers=FROM_HERE)
                self._done(number, said, answer)

    async def _by_page(self) -> None:
        """Those whom no mail reaches, until they have said everything."""
        while True:
            waiting = [one for one in self._sent if one.number and one.firm and not one.mailed]
            await asyncio.gather(*(self._visit(one) for one in waiting))
            await asyncio.sleep(VISIT_SECONDS)

    async def _visit(self, one: Sent) -> None:
        proof = {"number": one.number, "pin": one.pin}
        async with self._gate:
            seen = await self._browser(one.number).post("/track", json=proof)
            for awaited in seen.json().get("awaited", ()) if seen.is_success else ():
                said = self._says(one.number, awaited["what"])
                if said is None or (said["what"] == "there" and not awaited["may_deny"]):
                    continue
                about = {name: awaited[name] for name in ("round", "proposal", "demand") if awaited[name] is not None}
                more = {"facilitation": True} if said.pop("facilitation", "") else {}
                body = {**proof, **about, "answer": said.pop("what"), **said, **more}
                answer = await self._browser(one.number).post("/track/answers", json=body)
                self._done(one.number, {"what": body["answer"]}, answer)

    def _says(self, number: str, asked: str) -> dict[str, str] | None:
        """What they answer; None: they stay silent."""
        if asked == "relief":
            return {"what": "there"} if choices.confirms(number) else None
        answer = choices.answer(number)
        if answer == "objects":
            asks = {"facilitation": "1"} if choices.asks_facilitation(number) else {}
            return {"what": "objects", "text": OBJECTION, **asks}
        return {"what": "agrees"} if answer == "agrees" else None

    def _done(self, number: str, said: Mapping[str, str], answer: httpx.Response) -> None:
        answer.raise_for_status()
        if said["what"] == "agrees":
            self._agreed(number)

    def _browser(self, number: str) -> httpx.AsyncClient:
        if number not in self._of:
            here = httpx.AsyncHTTPTransport(local_address=str(FIRST_PLACE + next(self._places)), verify=trust(""))
            self._of[number] = httpx.AsyncClient(base_url=self._entry, transport=here, timeout=60)
        return self._of[number]
