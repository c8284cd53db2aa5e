"""Whoever rewrites an old entry, and computes its whole chain anew with every right on the database, meets the receipt
that its consumer has and the root that was published."""

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.chain import AuditKey, public_keys
from chassis.database import connect
from chassis.receipts import leaf
from kit.facts import AMatter, Speaker, speaking
from kit.keydesk import StandInKeyDesk, key_desk
from kit.servers import Suite
from kit.tracked import pin_for, timeline_of, tracking_alone, wait_entries
from slkt.owners import Databases
from slkt.receipts import judge
from slkt_local.secrets import Secrets, make_secrets
from tracking.adapters.roots import MongoRoots
from tracking.jobs import ReceiptRoots
from tracking.usecases.receipts import digest

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def desk() -> Iterator[StandInKeyDesk]:
    with key_desk() as running:
        yield running


@pytest.fixture(scope="module")
async def http(
    suite: Suite, secrets: Secrets, desk: StandInKeyDesk, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    database = connect(suite.database.mongo_url)["tracking"]
    for name in ("receipt_roots", "receipt_trees", "receipt_leaves"):
        await database.drop_collection(name)  # others' roots are signed with others' keys
    with tracking_alone(suite, secrets, desk, tmp_path_factory.mktemp("logs")) as service:
        async with httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=30) as client:
            yield client


@pytest.fixture(scope="module")
async def speaker(suite: Suite) -> AsyncIterator[Speaker]:
    async with speaking(suite.accounts.service_amqp) as speaker:
        yield speaker


class Tomorrow:
    """The present day has ended."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=1)


class Nobody:
    """All timelines are chained already: none is changed."""

    async def change(self, message: Any, change: Any) -> Any:
        raise AssertionError(message.subject)

    async def get(self, number: str) -> Any:
        raise AssertionError(number)


class Archive:
    """The database with every right on it, and the roots that were told."""

    def __init__(self, suite: Suite, secrets: Secrets, folder: Path) -> None:
        self._client = connect(suite.database.mongo_url)
        self.tracking = self._client["tracking"]
        self.file = folder / "tracking.receipts"
        self._key = AuditKey.read(secrets.audit_key("tracking"), "tracking")

    async def publish(self) -> list[tuple[str, str]]:
        """The root of tomorrow; until and document of it."""

        class Base:
            database = self.tracking

        roots = MongoRoots(Base, self._key)  # type: ignore[arg-type]
        job = ReceiptRoots(Nobody(), roots, None, Tomorrow(), timedelta(days=1), self.file)  # type: ignore[arg-type]
        found = await job.look()
        assert found is not None
        assert await job.look() is None
        return [(found.until, found.document)]

    async def rewrite(self, number: str) -> None:
        """An old entry says something else; its chain, and what stands of it in the roots, is made anew."""
        stored = await self.tracking["timelines"].find_one({"_id": number})
        assert stored
        entries, links = stored["state"]["entries"], stored["state"]["links"]
        entries[1]["data"]["pujk_name"] = "Bank Lain"
        for entry, link in zip(entries, links, strict=True):
            link["digest"] = digest(entry)
        await self.tracking["timelines"].replace_one({"_id": number}, stored)

    async def forget_leaves(self) -> None:
        await self.tracking["receipt_leaves"].delete_many({})


@pytest.fixture(scope="module")
async def archive(suite: Suite, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive(suite, secrets, tmp_path_factory.mktemp("roots"))


async def receipt(http: httpx.AsyncClient, secrets: Secrets, story: AMatter) -> dict[str, Any]:
    page = await http.post("/", data={"number": story.number, "pin": pin_for(secrets, story.number)}, headers=FROM_HERE)
    permit = re.search(
        r'/tanda-terima/unduh" data-downloads>\s*<input type="hidden" name="permit" value="([^"]+)"', page.text
    )
    assert permit, page.text
    given = await http.post("/tanda-terima/unduh", data={"permit": permit[1]}, headers=FROM_HERE)
    assert given.status_code == 200
    assert story.number in given.headers["content-disposition"]
    found: dict[str, Any] = given.json()
    return found


async def looked(http: httpx.AsyncClient, file: Any) -> httpx.Response:
    content = file if isinstance(file, str) else json.dumps(file)
    return await http.post("/tanda-terima", files={"receipt": ("receipt.json", content)}, headers=FROM_HERE)


def offline(folder: Path, http_key: bytes, script: bytes, *files: Any) -> tuple[int, str]:
    (folder / "kunci.pem").write_bytes(http_key)
    (folder / "periksa.py").write_bytes(script)
    names = []
    for place, file in enumerate(files):
        (folder / f"{place}.json").write_text(json.dumps(file))
        names.append(f"{place}.json")
    words = [sys.executable, "periksa.py", "kunci.pem", *names]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


async def test_a_rewritten_past_is_found_by_the_receipt_and_by_the_published_root(
    suite: Suite, secrets: Secrets, http: httpx.AsyncClient, speaker: Speaker, archive: Archive, tmp_path: Path
) -> None:
    story = AMatter()
    story.registered(), story.routed(), story.taken_over()
    for count, one in enumerate(story.said, 1):
        await speaker.say([one])
        wait_entries(suite, story, count)
    early = await receipt(http, secrets, story)
    assert early["root"] is None
    published = await archive.publish()
    given = await receipt(http, secrets, story)
    assert json.loads(given["root"]["document"])["until"] == published[0][0]

    await speaker.say([story.proposed()])
    wait_entries(suite, story, 4)
    for file in (early, given):
        page = await looked(http, file)
        assert page.status_code == 200
        assert "Utuh." in page.text and "1 catatan baru" in page.text
    script, key = (await http.get("/tanda-terima/periksa.py")).content, (await http.get("/tanda-terima/kunci")).content
    roots = (await http.get("/tanda-terima/akar")).json()
    assert published[0][1] in [one["document"] for one in roots["roots"]]
    later = await receipt(http, secrets, story)
    assert offline(tmp_path, key, script, given, later, roots) == (0, "UTUH / WHOLE\n")
    databases = Databases(suite.database.mongo_url)
    public = public_keys(json.loads(secrets.audit_keys.read_text()))
    kept = [(until, document) for until, document in published]
    assert (await judge(databases, public, kept)).findings == []

    await archive.rewrite(story.number)
    page = await looked(http, given)
    assert "Tidak utuh." in page.text and "sudah berubah" in page.text
    forged = await receipt(http, secrets, story)
    code, told = offline(tmp_path, key, script, given, forged, roots)
    assert code == 1 and "catatan 2" in told
    await archive.forget_leaves()
    found = (await judge(databases, public, kept)).findings
    assert [where for where, _ in found] == ["roots"]
    databases.close()


async def test_a_root_that_is_made_anew_is_not_the_one_that_was_published(
    suite: Suite, secrets: Secrets, archive: Archive
) -> None:
    stored = await archive.tracking["receipt_roots"].find_one(sort=[("_id", -1)])
    assert stored
    document = json.loads(stored["document"]) | {"root": leaf(b"0" * 32).hex()}
    forged = {**stored, "document": json.dumps(document), "root": document["root"]}
    await archive.tracking["receipt_roots"].replace_one({"_id": stored["_id"]}, forged)
    public = public_keys(json.loads(secrets.audit_keys.read_text()))
    databases = Databases(suite.database.mongo_url)
    found = [what for _, what in (await judge(databases, public, [(stored["_id"], stored["document"])])).findings]
    await archive.tracking["receipt_roots"].replace_one({"_id": stored["_id"]}, stored)
    databases.close()
    assert any("not signed" in what for what in found)
    assert any("another root than was published" in what for what in found)


async def test_what_is_no_receipt_of_ours_is_refused_beside_its_field(
    suite: Suite, secrets: Secrets, http: httpx.AsyncClient, speaker: Speaker
) -> None:
    story = AMatter()
    await speaker.say([story.registered()])
    wait_entries(suite, story, 1)
    given = await receipt(http, secrets, story)
    other = {**given, "receipt": given["receipt"].replace(story.number, "5043812177304")}
    itself = {"document": given["receipt"], "signature": given["signature"], "way": [], "entries": 99}
    odd = ({**given, "root": itself}, {**given, "root": {"way": 1}}, {**given, "signature": "AAAA"})
    for file in (other, *odd, "no json", "[]", '"x"', "{}", "[" * 200_000):
        page = await looked(http, file)
        assert page.status_code == 422, file
        assert "bukan tanda terima dari kami" in page.text
    empty = await http.post("/tanda-terima", files={"receipt": ("receipt.json", b"")}, headers=FROM_HERE)
    assert empty.status_code == 422
    over = await http.post("/tanda-terima/unduh", data={"permit": "x"}, headers=FROM_HERE)
    assert over.status_code == 404
    assert len(timeline_of(suite, story.number)["state"]["links"]) == 1
