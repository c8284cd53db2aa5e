"""Which address of the one host leads to which service? One table, of which local entry, compose and Ingress are made.

No address is rewritten on the way: a link, a redirect and a cookie's path are the same at a service's own door and at
the entry. What is not in the table leads nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Way:
    """From ``path`` to ``service``: this very path, or with ``below`` also all that lies below it, by whole parts
    (`/track` and `/track/x`, never `/tracking`). ``files``: files go that way, which are larger and take longer;
    ``forms``: several in one form. ``live``: answers that stay open, and are passed on as they come."""

    path: str
    service: str
    below: bool = True
    files: bool = field(default=False, compare=False)
    forms: bool = field(default=False, compare=False)
    live: bool = field(default=False, compare=False)

    def takes(self, path: str) -> bool:
        return path == self.path or (self.below and path.startswith(f"{self.path}/"))


SERVICES = ("intake", "routing", "pujk_gateway", "notifier", "tracking")
WAYS = (
    # What consumers type and what mails name.
    Way("/", "tracking", below=False),
    Way("/track", "tracking"),
    # Where an open page hears that something moved.
    Way("/track/live", "tracking", below=False, live=True),
    # What a consumer does from that page that is intake's: with files, and without.
    Way("/lapor/berkas", "intake", below=False, files=True, forms=True),
    Way("/lapor/cabut", "intake", below=False),
    # What makes the pages an app on a phone: a worker is good for what lies below its address.
    Way("/sw.js", "tracking", below=False),
    Way("/manifest.webmanifest", "tracking", below=False),
    # A lost PIN, and the link to a new one.
    Way("/pin", "intake"),
    Way("/timelines", "tracking"),
    # Where receipts are given out and checked.
    Way("/tanda-terima", "tracking", files=True),
    # Where consumers bring a matter, with its files.
    Way("/lapor", "intake", files=True, forms=True),
    # How the whole is doing: for staff, and totals for everybody.
    Way("/statistics", "tracking", below=False),
    Way("/desk/statistics", "tracking"),
    Way("/statistik", "tracking"),
    # What channels use, and staff for questions.
    Way("/submissions", "intake"),
    Way("/door-key", "intake"),
    Way("/services", "intake", files=True),
    # What opens a file: addresses that end.
    Way("/attachments", "intake", files=True),
    Way("/questions", "intake"),
    # A machine on the phone.
    Way("/ivr", "intake"),
    Way("/channels", "intake"),
    # Where staff log in, and who may.
    Way("/staff", "intake"),
    Way("/parked", "routing"),
    Way("/tickets", "routing"),
    Way("/directory", "routing"),
    Way("/illegal-entities", "routing", below=False, files=True),
    Way("/proposals", "pujk_gateway"),
    Way("/extensions", "pujk_gateway"),
    Way("/cases", "pujk_gateway"),
    Way("/endpoints", "pujk_gateway"),
    Way("/firms", "pujk_gateway"),
    Way("/desk/cases", "pujk_gateway"),
    Way("/desk/firms", "pujk_gateway"),
    Way("/desk/cso", "intake"),
    Way("/desk/triage", "routing"),
    Way("/desk/notifications", "notifier"),
    # Where firms' people log in.
    Way("/pujk", "pujk_gateway"),
    # Their lists as files.
    Way("/pujk/indikasi/unduh", "pujk_gateway", files=True),
    Way("/pujk/pengaduan/unduh", "pujk_gateway", files=True),
    # What firms bring to their tickets.
    Way("/pujk/tickets", "pujk_gateway", files=True),
    Way("/pujk/layanan", "pujk_gateway", files=True, forms=True),
    Way("/notifications", "notifier"),
    # The look of pages: of each service's own, so that none is bare while another service is away.
    *(Way(f"/static/{one}", one) for one in SERVICES),
    # Where an auditor reads each service's audit: by program, and by pages, which begin at the first of them.
    *(Way(f"/audit/{one}", one, below=False) for one in SERVICES),
    *(Way(f"/desk/audit/{one}", one, below=False) for one in SERVICES),
    Way("/desk/audit", "intake", below=False),
)
#: Doors that only other services knock at: no way may ever lead there.
CLOSED = {"/keys": "intake", "/dossiers": "intake", "/status": "tracking"}


def most_particular_first() -> Iterator[Way]:
    """The order in which they are tried, where one path lies below another."""
    yield from sorted(WAYS, key=lambda way: len(way.path), reverse=True)


def leads_to(path: str) -> str | None:
    """The service that gets a request for ``path``, or nobody."""
    return next((way.service for way in most_particular_first() if way.takes(path)), None)
