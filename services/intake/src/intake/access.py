"""Who may use which door of intake?"""

from chassis.access import Access, anybody, channel, service, staff, staff_page
from chassis.common import common_access
from chassis.people.access import accounts_access, enter_access, log_in_access, pages_access

#: Where consumers bring a matter.
LAPOR = (
    ("GET", ""), ("POST", ""), ("GET", "/masalah"), ("POST", "/masalah"), ("GET", "/cerita"), ("POST", "/cerita"),
    ("GET", "/diri"), ("POST", "/diri"), ("GET", "/arah"), ("POST", "/jenis"), ("GET", "/tersimpan"),
    ("GET", "/lampiran"), ("POST", "/lampiran"), ("POST", "/lampiran/hapus"), ("GET", "/periksa"), ("POST", "/kirim"),
    ("GET", "/tanda-terima"), ("GET", "/hapus"), ("POST", "/hapus"),
)  # fmt: skip

ACCESS: Access = {
    # What is submitted is a fact by itself.
    "POST /submissions": channel("submit").untraced(),
    "GET /door-key": anybody,
    "POST /services/{number}/withdrawal": channel("withdraw"),
    # Whose draft it is says the secret of the browser; forms carry a mark made of it.
    **{f"{method} /lapor{path}": anybody for method, path in LAPOR},
    "GET /questions": staff("cso"),
    "GET /services/{number}": staff("cso", "supervisor"),
    "POST /services/{number}/answer": staff("cso"),
    "POST /services/{number}/attachments": channel("attach"),
    "POST /dossiers/{number}": service("pujk_gateway"),
    "POST /dossiers/{number}/attachments": service("pujk_gateway"),
    # The address itself is the proof: sealed by intake for one file and one person, for some minutes.
    "GET /attachments/{token}": anybody,
    # Number and contact are compared by a worker; the link of a mail says by itself for whom it is.
    "GET /pin": anybody,
    "POST /pin": anybody,
    "GET /pin/sent": anybody,
    "GET /pin/link/{permit}": anybody,
    "POST /pin/link": anybody,
    "GET /desk/cso/duplicates": staff_page("cso", "supervisor"),
    "POST /desk/cso/duplicates": staff_page("cso", "supervisor"),
    "GET /desk/cso/duplicates/{number}/{other}": staff_page("cso", "supervisor"),
    "GET /desk/cso/duplicates/{number}/{other}/{deed}": staff_page("cso", "supervisor"),
    "POST /desk/cso/duplicates/{number}/{other}/{deed}": staff_page("cso", "supervisor"),
    "POST /keys": service("pujk_gateway", "notifier", "tracking"),
    "GET /channels": staff("administrator"),
    "GET /channels/{name}/keys": staff("administrator"),
    "POST /channels/{name}/keys": staff("administrator"),
    "DELETE /channels/{name}/keys/{prefix}": staff("administrator"),
    # A permit in the form says who it is and for what: tracking made it, where number and PIN were asked for.
    "POST /lapor/berkas": anybody,
    "POST /lapor/cabut": anybody,
    # A machine on the phone: number and PIN say who it is.
    "POST /ivr/status": channel("status"),
    "POST /ivr/callback": channel("submit"),
    # The desk: calls and answers, a supervisor's list. What is typed of a caller stands in no address.
    "GET /desk/cso": staff_page("cso", "supervisor", "qa"),
    "POST /desk/cso/callers": staff_page("cso"),
    "POST /desk/cso/calls": staff_page("cso"),
    "GET /desk/cso/matters/{number}": staff_page("cso", "supervisor"),
    "POST /desk/cso/matters/{number}/pin": staff_page("cso"),
    "GET /desk/cso/questions": staff_page("cso", "supervisor"),
    "POST /desk/cso/questions": staff_page("cso"),
    "GET /desk/cso/questions/{number}": staff_page("cso", "supervisor"),
    "POST /desk/cso/questions/{number}": staff_page("cso"),
    "GET /desk/cso/work": staff_page("supervisor"),
    # Who judges the work sees the story and nobody's name; a CSO sees their own scores alone.
    "GET /desk/cso/quality": staff_page("qa", "supervisor"),
    "POST /desk/cso/quality": staff_page("qa"),
    "GET /desk/cso/quality/{sample}": staff_page("qa", "supervisor"),
    "GET /desk/cso/quality/{sample}/{number}": staff_page("qa", "supervisor"),
    "POST /desk/cso/quality/{sample}/{number}": staff_page("qa"),
    "GET /desk/cso/scores": staff_page("cso"),
    **log_in_access("/staff"),
    **accounts_access("/staff"),
    **pages_access("/staff"),
    **enter_access("/staff"),
    **common_access("intake"),
}
