"""Who may use which door of tracking?"""

from chassis.access import Access, anybody, service, staff, staff_page
from chassis.common import common_access

#: Who looks after the whole; a CSO answers one matter at a time.
WHOLE = ("supervisor", "decider", "auditor", "administrator", "qa")

ACCESS: Access = {
    # Number and PIN are asked for inside, and say together who it is.
    "GET /": anybody,
    "POST /": anybody,
    "POST /track": anybody,
    "GET /track/arti-kata": anybody,
    "POST /track/answers": anybody,
    # A permit says who it is and for what: sealed in the page's form, or in the link of a mail.
    "POST /track/answer": anybody,
    "GET /track/link/{permit}": anybody,
    "POST /track/link": anybody,
    "POST /track/wish": anybody,
    # A cookie holds that permit: to look again, to hear when something moves, to leave.
    "GET /track/matter": anybody,
    "GET /track/live": anybody,
    "POST /track/close": anybody,
    # What makes the pages an app on a phone: nobody's data.
    "GET /sw.js": anybody,
    "GET /manifest.webmanifest": anybody,
    "GET /track/offline": anybody,
    "GET /track/files/{version}/{name}": anybody,
    # A receipt says by itself what it is of; the roots are for everybody.
    "GET /tanda-terima": anybody,
    "POST /tanda-terima": anybody,
    "POST /tanda-terima/unduh": anybody,
    "GET /tanda-terima/akar": anybody,
    "GET /tanda-terima/kunci": anybody,
    "GET /tanda-terima/periksa.py": anybody,
    "GET /timelines/{number}": staff("cso", "supervisor", "decider"),
    # What a CSO reads aloud, and a machine on the phone: intake has made sure who asks.
    "POST /status/{number}": service("intake"),
    "GET /statistics": staff(*WHOLE),
    "GET /desk/statistics": staff_page(*WHOLE),
    "GET /desk/statistics/file/{kind}": staff_page(*WHOLE),
    # Totals, without what is small.
    "GET /statistik": anybody,
    "GET /statistik/file/{kind}": anybody,
    **common_access("tracking"),
}
