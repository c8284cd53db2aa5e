"""Who must be told is told: facts in at a real broker, mails out of a real mail server, the outcome said as facts."""

import json
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from contracts.tracking import PreferencesSet, QuietHours
from kit.facts import DUE, AMatter, Speaker, speaking
from kit.keydesk import StandInKeyDesk, key_desk
from kit.receiver import Receiver, receiving
from kit.servers import Suite
from kit.tokens import staff_token
from slkt_local.mail import MailServer, mails, text_of, told_in
from slkt_local.secrets import Secrets, make_secrets
from slkt_local.services import Service, doors_of_all, settings_of
from slkt_local.waiting import wait_until


@pytest.fixture(scope="module")
def desk() -> Iterator[StandInKeyDesk]:
    with key_desk() as running:
        yield running


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = MailServer(tmp_path_factory.mktemp("mail"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def sms() -> Iterator[Receiver]:
    with receiving(200) as receiver:
        yield receiver


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def notifier(
    suite: Suite,
    secrets: Secrets,
    desk: StandInKeyDesk,
    mail_server: MailServer,
    sms: Receiver,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    doors = doors_of_all()
    told = settings_of(
        "notifier",
        accounts=suite.accounts,
        secrets=secrets,
        doors=doors,
        smtp_url=mail_server.smtp_url,
        entry_url="https://layanan.example",
        example_data=True,
        log_level="INFO",
    )
    told |= {"KEY_DESK_URL": desk.url, "SMS_URL": sms.url()}
    service = Service("notifier", doors["notifier"], told, tmp_path_factory.mktemp("logs") / "notifier.log")
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
async def speaker(suite: Suite) -> AsyncIterator[Speaker]:
    async with speaking(suite.accounts.service_amqp) as speaker:
        yield speaker


@pytest.fixture
def matter(desk: StandInKeyDesk) -> AMatter:
    story = AMatter()
    desk.keys[story.number] = story.secret
    return story


class Outside:
    """What can be seen of the notifier from outside."""

    def __init__(self, suite: Suite, notifier: Service, server: MailServer) -> None:
        self._suite = suite
        self._notifier = notifier
        self._folder = server.mail_dir

    def mails(self, story: AMatter) -> list[EmailMessage]:
        return [mail for mail in mails(self._folder) if f"<matter-{story.number}@" in mail["References"]]

    def told(self, story: AMatter) -> list[str]:
        """Ids of the facts that its mails told, in their order."""
        return [of for mail in self.mails(story) for of in told_in(mail)]

    def facts(self, story: AMatter) -> list[tuple[str, dict[str, Any]]]:
        with self._suite.database.client() as client:
            found = client["notifier"]["facts"].find({"subject": story.number}).sort("seq")
            return [(one["type"].split(".")[2], json.loads(one["body"])["data"]) for one in found]

    def stored(self, story: AMatter) -> dict[str, Any]:
        with self._suite.database.client() as client:
            return client["notifier"]["notifications"].find_one({"_id": story.number}) or {}

    def waiting(self, story: AMatter) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.stored(story).get("state", {}).get("deliveries", [])
        return found

    def tried(self, story: AMatter) -> bool:
        return any(mail["tries"] for mail in self.waiting(story))

    def put_off(self) -> float:
        """How often a mail met with trouble that is not its own."""
        text = httpx.get(f"{self._notifier.ops_url}/metrics", trust_env=False).text
        return sum(float(line.split()[-1]) for line in text.splitlines() if 'outcome="put-off"' in line)

    def finished(self, story: AMatter) -> bool:
        """Both facts that such a test says were heard, and nothing is left to send."""
        heard = self.stored(story).get("heard", {})
        return heard.keys() == {"intake", "routing"} and not self.waiting(story)

    def wait_facts(self, story: AMatter, count: int) -> None:
        wait_until(lambda: len(self.facts(story)) >= count, what=f"{count} facts of {story.number}", timeout_seconds=20)


@pytest.fixture
def outside(suite: Suite, notifier: Service, mail_server: MailServer) -> Outside:
    return Outside(suite, notifier, mail_server)


async def test_a_complaint_is_told_turn_by_turn(speaker: Speaker, matter: AMatter, outside: Outside) -> None:
    told = [matter.registered(), matter.routed(), matter.taken_over(), matter.proposed(), matter.returned()]
    matter.followed_up()
    told.append(matter.accepted(until=DUE))
    told.append(matter.closed())
    await speaker.say(event for event in matter.said if event.type != "slkt.pujk_gateway.follow-up-added.v1")
    outside.wait_facts(matter, len(told))
    got = outside.mails(matter)
    assert outside.told(matter) == [event.id for event in told]
    # What happened while the first was under way made one mail.
    assert len(got) < len(told)
    assert [mail["Message-ID"] for mail in got] == [f"<{told_in(mail)[0]}@contoh.example>" for mail in got]
    assert {mail["X-Envelope-To"] for mail in got} == {"siti@contoh.example"}
    first = got[0]
    assert first["Subject"].startswith("[Data contoh] Pengaduan Anda kami terima: P ")
    assert first["To"] == "Siti Aminah <siti@contoh.example>"
    assert (first["Auto-Submitted"], first["Content-Language"]) == ("auto-generated", "id")
    assert first["Date"] and first.get_content_type() == "multipart/alternative"
    assert first["In-Reply-To"] == first["References"] == f"<matter-{matter.number}@contoh.example>"
    text = "\n".join(map(text_of, got))
    assert "- Permintaan 1: dikabulkan, Rp1.500.000" in text and "https://layanan.example/track/link/" in text
    assert "PT Bank Contoh harus menjawab paling lambat 7 April 2026 pukul 23.59 WIB" in text
    page = "\n".join(str(body.get_content()) for mail in got if (body := mail.get_body(("html",))))
    assert "<li>Permintaan 1: dikabulkan, Rp1.500.000" in page and '<a href="https://layanan.example/track/li' in page
    assert [name for name, _ in outside.facts(matter)] == ["notification-sent"] * len(told)
    assert [data["of"] for _, data in outside.facts(matter)] == [event.id for event in told]


async def test_an_answer_is_in_the_askers_mail_in_the_askers_language(
    speaker: Speaker, matter: AMatter, outside: Outside
) -> None:
    private = {"consumer": {"name": "Jürgen Großmann", "email": "j@contoh.example"}, "story": "?"}
    matter.registered("question", private, language="en")
    matter.answered("Ja – genau so.\nZweite Zeile.")
    await speaker.say(matter.said)
    outside.wait_facts(matter, 2)
    answer = outside.mails(matter)[-1]
    assert answer["Subject"].startswith("[Example data] The answer to your question L ")
    assert answer["To"].addresses[0].display_name == "Jürgen Großmann"
    assert "Ja – genau so.\nZweite Zeile." in text_of(answer)


async def test_what_is_heard_first_waits_for_the_registration(
    speaker: Speaker, matter: AMatter, outside: Outside
) -> None:
    told = [matter.registered(), matter.routed(), matter.taken_over(), matter.closed()]
    await speaker.say(told[:0:-1])
    wait_until(
        lambda: len(outside.stored(matter)["state"]["deliveries"]) == 3, what="three waiting", timeout_seconds=20
    )
    assert outside.mails(matter) == []
    await speaker.say(told[:1])
    outside.wait_facts(matter, 4)
    assert outside.told(matter) == [event.id for event in told]


async def test_a_fact_heard_twice_is_told_once(speaker: Speaker, matter: AMatter, outside: Outside) -> None:
    matter.registered(), matter.routed()
    await speaker.say([*matter.said, *matter.said])
    await speaker.say([*matter.said, matter.taken_over()])
    outside.wait_facts(matter, 3)
    assert len(outside.told(matter)) == 3


async def test_a_refused_recipient_is_said_and_holds_up_nobody(
    speaker: Speaker, matter: AMatter, outside: Outside
) -> None:
    matter.registered(private={"consumer": {"name": "X", "email": "refuse-me@contoh.example"}})
    matter.routed()
    await speaker.say(matter.said)
    outside.wait_facts(matter, 2)
    assert [(name, data["reason"]) for name, data in outside.facts(matter)] == [
        ("notification-failed", "refused-by-server")
    ] * 2


async def test_a_busy_recipient_is_tried_again_later(speaker: Speaker, matter: AMatter, outside: Outside) -> None:
    matter.registered(private={"consumer": {"name": "X", "email": "later-me@contoh.example"}})
    await speaker.say(matter.said)
    wait_until(lambda: outside.tried(matter), what="one failed try", timeout_seconds=20)
    assert outside.facts(matter) == []


async def test_a_forgotten_matter_is_told_nothing(
    speaker: Speaker, desk: StandInKeyDesk, matter: AMatter, outside: Outside
) -> None:
    del desk.keys[matter.number]
    matter.registered()
    await speaker.say(matter.said)
    outside.wait_facts(matter, 1)
    assert outside.facts(matter)[0][1]["reason"] == "key-destroyed"


@pytest.mark.parametrize(
    ("private", "tell_by"),
    [({"consumer": {"name": "X"}}, "email"), ({"consumer": {"name": "X", "email": "x@contoh.example"}}, "phone")],
)
async def test_who_cannot_or_will_not_be_mailed_is_not(
    speaker: Speaker, matter: AMatter, outside: Outside, private: dict[str, Any], tell_by: str
) -> None:
    matter.registered(private=private, tell_by=tell_by)
    matter.routed()
    await speaker.say(matter.said)
    wait_until(lambda: outside.finished(matter), what="nothing left to deliver", timeout_seconds=20)
    assert (outside.facts(matter), outside.mails(matter)) == ([], [])


@pytest.mark.parametrize("who", ["mail server", "key desk"])
async def test_who_was_away_is_waited_for_and_no_try_counts(
    speaker: Speaker, matter: AMatter, outside: Outside, mail_server: MailServer, desk: StandInKeyDesk, who: str
) -> None:
    put_off = outside.put_off()
    desk.shut = who == "key desk"
    if who == "mail server":
        mail_server.stop()
    told = [matter.registered(), matter.routed()]
    await speaker.say(told)
    wait_until(lambda: outside.put_off() >= put_off + 3, what="tries that came to nothing", timeout_seconds=20)
    assert not outside.tried(matter)
    desk.shut = False
    if who == "mail server":
        mail_server.start()
    outside.wait_facts(matter, 2)
    assert outside.told(matter) == [event.id for event in told]


async def test_who_wants_sms_gets_short_texts_also_from_a_provider_that_throttles_and_mail_instead_of_push(
    speaker: Speaker, matter: AMatter, outside: Outside, sms: Receiver
) -> None:
    sms.answers[:] = [429, 200]
    private = {"consumer": {"name": "Siti", "phone": "0812-3456-7890", "email": "sms@contoh.example"}, "story": "?"}
    matter.registered(private=private, tell_by="sms")
    first = matter.says(PreferencesSet(quiet=QuietHours(begin="00:00", end="00:00")))
    await speaker.say([first, matter.said[0]])
    outside.wait_facts(matter, 1)
    assert [to for to, _ in sms.got] == ["+6281234567890"] * 2
    assert sms.got[-1][1].startswith("[Data contoh] OJK P ") and "https://layanan.example/" in sms.got[-1][1]
    await speaker.say([matter.says(PreferencesSet(tell_by="push")), matter.routed()])
    outside.wait_facts(matter, 2)
    assert [data["by"] for _, data in outside.facts(matter)] == ["sms", "email"]
    assert outside.told(matter) == [matter.said[-1].id]


async def test_staff_see_what_was_told_and_no_address(
    speaker: Speaker, matter: AMatter, outside: Outside, notifier: Service, secrets: Secrets
) -> None:
    await speaker.say([matter.registered()])
    outside.wait_facts(matter, 1)
    url = f"{notifier.url}/notifications/{matter.number}"
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(url)).status_code == 401
        bearer = {"Authorization": f"Bearer {staff_token(secrets, 'cso')}"}
        seen = await client.get(url, headers=bearer)
    assert [told["turn"] for told in seen.json()["told"]] == ["registered"]
    assert "siti" not in seen.text.lower()


def test_nothing_personal_stands_in_database_or_log(outside: Outside, notifier: Service, suite: Suite) -> None:
    with suite.database.client() as client:
        kept = "".join(str(one) for name in ("notifications", "facts") for one in client["notifier"][name].find())
    for personal in ("siti@contoh.example", "Siti Aminah", "Rahasia", "81234567890"):
        assert personal not in kept
        assert personal not in Path(notifier.log).read_text()
