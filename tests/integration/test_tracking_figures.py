"""Figures come to the same wherever their maker dies, and the first year's table is on the page."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from chassis.documents import Documents
from chassis.repository import Repository
from chassis.saying import Voice
from contracts.topology import EVENTS
from kit.callers import MARK
from kit.counted import FIRMS, Matter, a_number, all_counted, kept, stored, the_first_year
from kit.ground import Ground, together
from kit.keydesk import key_desk
from kit.servers import Suite
from kit.tokens import staff_token
from kit.tracked import tracking_alone
from slkt.owners import Databases
from slkt.verifying.figures import judge_figures
from slkt_local.secrets import Secrets, make_secrets
from slkt_local.services import Service
from slkt_local.waiting import wait_until
from tracking.adapters.figures import MongoFigures
from tracking.domain.figures import Figures
from tracking.domain.periods import parent
from tracking.domain.rows import WIB
from tracking.domain.timeline import Timeline
from tracking.usecases.counting import AGAIN, CountMatters

BEGAN = datetime(2025, 12, 31, 3, tzinfo=UTC)
WRITES = ("update_one", "update_many", "bulk_write", "insert_many")


class Died(Exception):
    """What a kill leaves behind is that nothing more is written."""


class Mortal:
    """A database whose client dies at the n-th write, before it is made."""

    def __init__(self, database: Any, left: int = 1_000_000) -> None:
        self._database, self.left = database, left

    def get_collection(self, name: str, **but: Any) -> Any:
        return _Collection(self._database.get_collection(name, **but), self)

    def __getitem__(self, name: str) -> Any:
        return self.get_collection(name)


class _Collection:
    def __init__(self, collection: Any, mortal: Mortal) -> None:
        self._collection, self._mortal = collection, mortal
        self.database = mortal

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._collection, name)
        if name not in WRITES:
            return found

        async def write(*arguments: Any, **named: Any) -> Any:
            self._mortal.left -= 1
            if self._mortal.left < 0:
                raise Died
            return await found(*arguments, **named)

        return write


def counter(ground: Ground, left: int = 1_000_000) -> tuple[CountMatters, Mortal]:
    mortal: Any = Mortal(ground.database, left)
    documents = Documents(Timeline, Timeline)
    timelines: Any = Repository(
        mortal, "timelines", documents, Voice("tracking", EVENTS, {}), ground.publisher, ground.clock
    )
    return CountMatters(timelines, MongoFigures(mortal)), mortal


def matters() -> list[Matter]:
    made = []
    for n in range(40):
        one = Matter(a_number(n), BEGAN + timedelta(days=n % 2)).registered("complaint" if n % 3 else "indication")
        made.append(one.routed(FIRMS[n % 2]) if n % 2 else one)
    return made


def expected(all_: list[Matter]) -> dict[str, Any]:
    """What the rows come to, by day, month and year."""
    found: dict[str, Figures] = {}
    for one in all_:
        row = one.timeline.row
        assert row is not None
        cell: str | None = row["day"]
        while cell:
            found.setdefault(cell, Figures()).add(row)
            cell = parent(cell)
    return {cell: figures.document() for cell, figures in found.items()}


async def figures_of(ground: Ground) -> dict[str, Any]:
    return {one.pop("_id"): one async for one in ground.database["figures"].find({}, {"at": 0})}


async def brought(ground: Ground, all_: list[Matter]) -> None:
    """As they are, and nothing counted; two were written by an older release, and one is to be made again."""
    for name in ("timelines", "figures", "figuring"):
        await ground.database[name].delete_many({})
    documents = [one.document() for one in all_]
    del documents[0]["state"]["row"], documents[0]["state"]["uncounted"]
    documents[1]["state"] |= {"row": {**documents[1]["state"]["row"], "v": 0, "kind": "question"}, "uncounted": None}
    documents[2]["state"] |= {"row": {**documents[2]["state"]["row"], "kind": "question"}, "uncounted": AGAIN}
    await ground.database["timelines"].insert_many(documents)


async def until_counted(ground: Ground) -> None:
    count, _ = counter(ground)
    for _ in range(2):
        await count()


async def test_whoever_dies_between_any_two_writes_leaves_the_same_figures(ground: Ground) -> None:
    await MongoFigures(ground.database).prepare()
    all_, died = matters(), 0
    while True:
        await brought(ground, all_)
        count, mortal = counter(ground, left=died)
        try:
            for _ in range(2):
                await count()
        except Exception as error:
            # Of several that were under way at once the first one tells it.
            assert isinstance(error, Died) or mortal.left < 0
        if mortal.left >= 0:
            break
        died += 1
        await until_counted(ground)
        assert await figures_of(ground) == expected(all_), f"died before write {died}"
    assert died > 20, "each day, month and year is written in three steps"
    assert await figures_of(ground) == expected(all_)


async def test_two_who_count_at_once_while_matters_change_come_to_the_same(ground: Ground) -> None:
    await MongoFigures(ground.database).prepare()
    all_ = matters()
    await brought(ground, all_)
    for n in range(6):
        changed = all_[5 + n].says("routing.deadline-met", n, round=1)
        state = changed.document()["state"]
        await together(
            counter(ground)[0](),
            ground.database["timelines"].replace_one({"_id": changed.timeline.number}, changed.document()),
            counter(ground)[0](),
        )
        assert state["uncounted"]
    await until_counted(ground)
    assert await figures_of(ground) == expected(all_)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return make_secrets(tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def tracking(suite: Suite, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with key_desk() as desk, tracking_alone(suite, secrets, desk, tmp_path_factory.mktemp("logs")) as service:
        service.stop()
        # Whoever is killed holds its lease for so long.
        service.told["LEASE_SECONDS"] = "2"
        service.start()
        yield service
    with suite.database.client() as client:
        for name in ("timelines", "figures", "figuring"):
            client["tracking"][name].delete_many({})


@pytest.fixture
async def http(tracking: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=tracking.url, trust_env=False, timeout=60) as client:
        yield client


def table(page: str) -> dict[str, tuple[str, str]]:
    """The first table: line → number and share, as people read them."""
    body = re.search(r"<table.*?</table>", page, re.S)
    assert body
    found = re.findall(r'<th scope="row">\s*([^<]+?)\s*<.*?"num">([^<]*)<.*?"num">([^<]*)<', body[0], re.S)
    return {name: (number, share) for name, number, share in found}


async def test_the_first_year_s_table_stands_on_the_page_after_a_kill(
    suite: Suite, tracking: Service, http: httpx.AsyncClient, secrets: Secrets
) -> None:
    with suite.database.client() as client:
        database = client["tracking"]
        for name in ("timelines", "figures", "figuring"):
            database[name].delete_many({})
        assert stored(the_first_year(), database["timelines"]) == 7_655 + 37
        wait_until(lambda: database["figures"].count_documents({}) > 0, what="figures begin", timeout_seconds=30)
        tracking.kill()
        tracking.start()
        wait_until(lambda: all_counted(database), what="all is counted", timeout_seconds=60)
        once = kept(database)
        # As `slkt rebuild` leaves it, of the first days.
        database["figures"].update_many({}, {"$set": {"dirty": "rebuilt", "count": 0}})
        january = {"state.row.day": {"$lt": "2013-02"}}
        assert database["timelines"].update_many(january, {"$set": {"state.uncounted": AGAIN}}).modified_count > 200
        bearer = {"Authorization": f"Bearer {staff_token(secrets, 'qa')}"}
        asked = {"from": "2013-01-21", "to": "2013-12-31"}
        wait_until(lambda: all_counted(database), what="all is counted again", timeout_seconds=60)
        assert kept(database) == once and len(once) == 345 + 12 + 1
        databases = Databases(suite.database.mongo_url)
        assert await judge_figures(databases) == []
        database["figures"].update_one({"_id": "2013-05-06"}, {"$inc": {"check": 1}})
        database["timelines"].delete_one({"state.row.day": "2013-07-08"})
        found = [one.number for one in await judge_figures(databases)]
        assert found == [f":{cell}" for cell in ("2013", "2013-05-06", "2013-07", "2013-07-08")]
        databases.close()
    told = (await http.get("/statistics", params=asked, headers=bearer)).raise_for_status().json()
    assert [(one["code"], one["count"], one["percent"]) for one in told["kinds"]] == [
        ("information", 495, 6.47),
        ("question", 6271, 81.92),
        ("complaint", 889, 11.61),
    ]
    assert (told["total"], told["indications"]) == (7_655, 37)
    http.cookies.set("slkt-pass", staff_token(secrets, "supervisor", mark=MARK))
    page = await http.get("/desk/statistics", params={**asked, "lang": "en"})
    first_year = {
        "Information": ("495", "6.47 %"),
        "Questions": ("6,271", "81.92 %"),
        "Complaints": ("889", "11.61 %"),
        "Total": ("7,655", "100.00 %"),
    }
    assert page.status_code == 200 and table(page.text).items() >= first_year.items()
    assert "style=" not in page.text
    indonesian = await http.get("/desk/statistics?lang=id&period=2013")
    assert table(indonesian.text)["Pertanyaan"] == ("6.271", "81,92 %")
    csv = await http.get("/desk/statistics/file/csv?period=2013")
    assert "question,Pertanyaan,,,,6271,81.92" in csv.text
    sheet = await http.get("/desk/statistics/file/xlsx?period=2013")
    assert sheet.content[:2] == b"PK" and "statistik-2013.xlsx" in sheet.headers["content-disposition"]


async def test_everybody_reads_totals_and_nothing_small(suite: Suite, http: httpx.AsyncClient) -> None:
    with suite.database.client() as client:
        database = client["tracking"]
        few = [
            Matter(a_number(20_000 + n), BEGAN).registered("complaint", region="31" if n else "94") for n in range(30)
        ]
        few += [
            Matter(a_number(20_000 + n), BEGAN).registered("question", region="32").routed(FIRMS[0])
            for n in range(30, 39)
        ]
        stored(iter(few), database["timelines"])
        wait_until(lambda: all_counted(database), what="all is counted", timeout_seconds=60)
    page = (await http.get("/statistik?period=2025-12&lang=en")).text
    assert table(page)["Complaints"] == ("30", "76.92 %")
    assert "PT Bank Contoh" not in page
    csv = (await http.get("/statistik/file/csv?period=2025-12")).text
    regions = [line.split(",")[1:4:2] for line in csv.splitlines() if line.startswith("region,")]
    assert regions == [["31", "29"], ["32", ""], ["94", ""]], "one that was hidden alone could be reckoned"
    # Of the month that runs: one look before and one after a service would tell all of it.
    today = datetime.now(WIB)
    with suite.database.client() as client:
        more = (Matter(a_number(30_000 + n), today).registered("complaint", region="51") for n in range(30))
        stored(more, client["tracking"]["timelines"])
        wait_until(lambda: all_counted(client["tracking"]), what="all is counted", timeout_seconds=60)
    for running in (f"{today:%Y-%m}", f"{today:%Y}"):
        page = (await http.get(f"/statistik?period={running}&lang=en")).text
        assert "<table" not in page and f"The figures of {today:%B %Y}" in page
        assert (await http.get(f"/statistik/file/csv?period={running}")).text.count("\n") == 1
    assert (await http.get("/statistik?period=2025-Q4")).status_code == 422
    assert "2025-12" in (await http.get("/statistik/file/csv?period=2025")).text
    by_days = await http.get("/statistik?from=2025-12-31&to=2025-12-31&lang=en")
    assert "31 December" not in by_days.text


async def test_a_period_that_is_none_is_told_beside_its_field(http: httpx.AsyncClient, secrets: Secrets) -> None:
    http.cookies.set("slkt-pass", staff_token(secrets, "auditor", mark=MARK))
    page = await http.get("/desk/statistics?from=2026-03-02&to=2026-03-01&lang=en")
    assert page.status_code == 422 and 'id="to-wrong"' in page.text
    for place in ("/desk/statistics/file/csv?period=abc", "/statistik/file/csv?period=2026-13"):
        no_file = await http.get(place)
        assert no_file.status_code == 422 and "Content-Disposition" not in no_file.headers
    bearer = {"Authorization": f"Bearer {staff_token(secrets, 'auditor')}"}
    refused = await http.get("/statistics?period=2026-99", headers=bearer)
    assert refused.status_code == 422 and refused.json()["problems"][0]["field"] == "period"
    assert (await http.get("/statistics", headers={})).status_code == 401
