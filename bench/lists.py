"""How fast is a page with 100,000 tickets behind it? Every request by itself, as an officer's browser asks the process
that ships; beside each the account's own page: the same frame and log-in, and no list."""

import html
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import Any

import httpx
from pymongo import WriteConcern
from slkt_local.member import API, FIRMS_API, Member
from slkt_local.waiting import wait_until

from bench.ground import Ground
from bench.processes import Meter, rss_mib
from bench.stored import number_of
from bench.tickets import fill_cases, fill_parked

FIRM, SEAT, OTHER = "BANK-008", "deciding", "BANK-009"
TIMES, COUNTED, WARM = 40, 10, 3
#: What the process does by itself meanwhile is counted for as long, and taken off.
FLOOR = "the account's own page"


@dataclass(frozen=True)
class Asked:
    """One page or read: by whom it is asked for, and where."""

    what: str
    service: str
    path: str
    http: httpx.Client


class Lists:
    """The gateway and routing beside very many tickets, and people who look at them."""

    def __init__(self, ground: Ground, tickets: int) -> None:
        self._ground = ground
        self._stack = ground.stack
        #: Counted off, and three pages on: as far as it is far in a list of so many.
        self._inside, self._deep = max(2, min(250, tickets // 100)), tickets // 10
        self._stack.add_firms([FIRM])
        known = self._stack.description()["credentials"]
        self._people, self._staff = known["pujk"][FIRM]["people"], known["staff"]
        gateway, routing = ground.database("pujk_gateway"), ground.database("routing")
        self._supervisor = Member(f"{self._stack.services['intake'].url}{API}", dict(self._staff["supervisor"]))
        administrator = Member(f"{self._stack.services['intake'].url}{API}", dict(self._staff["administrator"]))
        known_firms = [{"code": FIRM, "name": "PT Bank Contoh"}]
        headers = administrator.headers("routing")
        url = f"{self._stack.services['routing'].url}/directory"
        httpx.put(url, json=known_firms, headers=headers, trust_env=False).raise_for_status()
        self.number, parked = self._brought(FIRM), self._brought(None)
        listed = {"_id": self.number, "state.listed.pujk": FIRM}
        wait_until(lambda: gateway["cases"].find_one(listed), what="a ticket is listed", timeout_seconds=60)
        fast, numbers = WriteConcern(w=1), map(number_of, count())
        cases = gateway["cases"].with_options(write_concern=fast)
        officers = [one["id"] for one in self._people.values()]
        fill_cases(cases, numbers, tickets, FIRM, officers, proposed=0.15)
        fill_cases(cases, numbers, tickets, OTHER, ["b9.a", "b9.b"], proposed=0.8)
        waits = {"_id": parked, "state.at_desk": True}
        wait_until(lambda: routing["assignments"].find_one(waits), what="a ticket is parked", timeout_seconds=60)
        like = routing["assignments"].find_one({"_id": parked}, {"unsent": 0})
        fill_parked(routing["assignments"].with_options(write_concern=fast), numbers, tickets, like)

    def _brought(self, code: str | None) -> str:
        """A real one, as the pipeline brings it."""
        intake = self._stack.services["intake"].url
        pujk = {"name": "PT Bank Contoh", "code": code} if code else {"name": "Bank Entah di Mana"}
        headers = {"X-API-Key": self._stack.channel_keys["web"], "Idempotency-Key": self._ground.tag()}
        answer = httpx.post(
            f"{intake}/submissions", json=self._ground.bodies[0] | {"pujk": pujk}, headers=headers, trust_env=False
        )
        return str(answer.raise_for_status().json()["number"])

    def asked(self) -> Iterator[Asked]:
        """Whatever people and firms' systems look at; each follows the address that the page before gave."""
        firm = httpx.Client(
            base_url=self._stack.services["pujk_gateway"].url,
            cookies={"slkt-pujk-session": self._people[SEAT]["session"]},
            trust_env=False,
            timeout=60,
        )
        yield Asked(FLOOR, "pujk_gateway", "/pujk/account", firm)
        holder = self._people["product"]["id"]
        lists: dict[str, str] = {
            "counters": "/pujk",
            "first page": "/pujk/pengaduan",
            "last page": "/pujk/pengaduan?page=9999",
            "all, closed ones too": "/pujk/pengaduan?state=all",
            "by state, downwards": "/pujk/pengaduan?sort=state&down=1",
            "by day of receipt": "/pujk/pengaduan?sort=received",
            "by number": "/pujk/pengaduan?sort=number",
            "of one year": "/pujk/pengaduan?year=2026",
            "of one product": "/pujk/pengaduan?product=savings",
            "of one product and issue": "/pujk/pengaduan?product=savings&issue=fraud",
            "of one officer": f"/pujk/pengaduan?holder={holder}",
            "of one officer, product and state": f"/pujk/pengaduan?holder={holder}&product=savings&state=in-handling",
            "overdue": "/pujk/pengaduan?left=overdue",
            "two days left": "/pujk/pengaduan?left=soon",
            "more than two days left": "/pujk/pengaduan?left=later",
            "overdue, of one product": "/pujk/pengaduan?left=overdue&product=savings",
            "nothing fits": "/pujk/pengaduan?product=savings&issue=fraud&holder=-&left=soon&day=1&month=1&year=2020",
            "what an open list looks at": "/pujk/pengaduan/terbaru",
            "one ticket": f"/pujk/layanan/{self.number}",
        }
        for what, path in lists.items():
            yield Asked(f"firm: {what}", "pujk_gateway", path, firm)
        yield Asked(
            "firm: far inside", "pujk_gateway", _following(firm, f"/pujk/pengaduan?page={self._inside}", 3), firm
        )
        yield Asked(
            "firm: far inside, all",
            "pujk_gateway",
            _following(firm, f"/pujk/pengaduan?page={self._inside}&state=all", 3),
            firm,
        )
        yield from self._reads()
        yield from self._desks()

    def _reads(self) -> Iterator[Asked]:
        gateway = self._stack.services["pujk_gateway"].url
        person = Member(f"{gateway}{FIRMS_API}", dict(self._people[SEAT]))
        system = httpx.Client(base_url=gateway, headers=person.headers("pujk_gateway"), trust_env=False, timeout=60)
        first = system.get("/pujk/tickets", params={"limit": 50}).raise_for_status().json()
        deep, numbers = first, list[str]()
        while deep["next"] and len(numbers) < self._deep:
            numbers += [one["number"] for one in deep["tickets"]]
            deep = system.get("/pujk/tickets", params={"limit": 500, "after": deep["next"]}).raise_for_status().json()
        yield Asked("REST: open tickets", "pujk_gateway", "/pujk/tickets?limit=50", system)
        far = str(httpx.QueryParams({"limit": 50, "after": deep["next"] or first["next"]}))
        yield Asked("REST: open tickets, 10,000 in", "pujk_gateway", f"/pujk/tickets?{far}", system)
        yield Asked("REST: one ticket", "pujk_gateway", f"/pujk/tickets/{self.number}", system)

    def _desks(self) -> Iterator[Asked]:
        desk = httpx.Client(
            base_url=self._stack.entry.url,
            cookies={"slkt-staff-session": self._staff["supervisor"]["session"]},
            follow_redirects=True,
            trust_env=False,
            timeout=60,
        )
        for service, place in (("pujk_gateway", "/desk/cases"), ("routing", "/desk/triage")):
            desk.get(place).raise_for_status()
            yield Asked(f"{place}: first page", service, place, desk)
            yield Asked(f"{place}: last page", service, f"{place}?page=9999", desk)
            yield Asked(f"{place}: far inside", service, _following(desk, f"{place}?page={self._inside}", 3), desk)
        yield Asked("/desk/cases: by firm", "pujk_gateway", "/desk/cases?sort=firm&down=1", desk)
        yield Asked("/desk/triage: by name", "routing", "/desk/triage?sort=named", desk)
        yield Asked("/desk/triage: told further up", "routing", "/desk/triage?escalated=supervisor", desk)
        tracking = self._stack.services["tracking"].url
        staff = httpx.Client(base_url=tracking, headers=self._supervisor.headers("tracking"), trust_env=False)
        yield Asked("tracking: one matter", "tracking", f"/timelines/{self.number}", staff)

    def measure(self, one: Asked) -> dict[str, Any]:
        """Milliseconds from asking to the whole answer on this machine: what the server takes, and some more. CPU of
        the service and the database; calls to the database."""
        pids = {"service": self._stack.services[one.service].pid or 0, "database": self._stack.database.pid or 0}

        def ask() -> None:
            answer = one.http.get(one.path)
            assert answer.status_code == 200, f"{one.what}, {one.path}: {answer.status_code} {answer.url}"

        for _ in range(WARM):
            ask()
        meter, took = Meter(pids), list[float]()
        for _ in range(TIMES):
            begun = time.perf_counter()
            ask()
            took.append(1000 * (time.perf_counter() - begun))
        used = meter.used()
        spent = {f"{name}_ms": 1000 * used[name] / TIMES for name in pids}
        ranked = sorted(took)
        return {
            "p50_ms": median(took),
            "p95_ms": ranked[int(0.95 * TIMES)],
            "calls": self._calls(one.service, ask),
            **spent,
        }

    def _calls(self, service: str, ask: Callable[[], None]) -> float:
        database = self._ground.database(service)
        database.command("profile", 0)
        database["system.profile"].drop()
        database.create_collection("system.profile", capped=True, size=2**25)
        database.command("profile", 2)
        begun = time.monotonic()
        for _ in range(COUNTED):
            ask()
        seconds = time.monotonic() - begun
        asked: int = database["system.profile"].count_documents(_CALLS)
        time.sleep(seconds)
        both: int = database["system.profile"].count_documents(_CALLS)
        database.command("profile", 0)
        return max(0.0, (asked - (both - asked)) / COUNTED)

    def export(self, form: str) -> dict[str, Any]:
        """Seconds to the first byte and to the last, and what the process grew by."""
        gateway = self._stack.services["pujk_gateway"]
        pid, cookies = gateway.pid or 0, {"slkt-pujk-session": self._people[SEAT]["session"]}
        before, most, size, first = rss_mib(pid), 0.0, 0, 0.0
        begun = time.perf_counter()
        path = f"{gateway.url}/pujk/pengaduan/unduh/{form}?state=all"
        with httpx.stream("GET", path, cookies=cookies, trust_env=False, timeout=300) as answer:
            for piece in answer.iter_raw():
                first = first or 1000 * (time.perf_counter() - begun)
                most, size = max(most, rss_mib(pid)), size + len(piece)
        whole = time.perf_counter() - begun
        return {"first_byte_ms": first, "seconds": whole, "grew_mib": most - before, "mib": size / 2**20}


_CALLS = {
    "op": {"$in": ["query", "command", "insert", "update", "remove"]},
    "ns": {"$not": {"$regex": "system.profile"}},
}


def _following(http: httpx.Client, path: str, times: int) -> str:
    """The address of the page so many pages on."""
    for _ in range(times):
        found = re.search(r'rel="next" href="([^"]+)"', http.get(path).raise_for_status().text)
        assert found, f"{path} leads nowhere"
        path = html.unescape(found[1])
    return path
