"""Who may use which door of the gateway?"""

from chassis.access import Access, anybody, officer, staff, staff_page, system
from chassis.common import common_access
from chassis.people.access import log_in_access, page, pages_access

#: Where OJK's administrator lets firms in with a browser.
FIRM_PAGES = (
    "GET /desk/firms",
    "GET /desk/firms/new",
    "POST /desk/firms/new",
    "GET /desk/firms/{code}",
    "GET /desk/firms/{code}/people/{account}/{act}",
    "POST /desk/firms/{code}/people/{account}/letter",
    "POST /desk/firms/{code}/people/{account}/lock",
    "POST /desk/firms/{code}/people/{account}/unlock",
    "POST /desk/firms/{code}/people/{account}/expiry",
    "GET /desk/firms/{code}/seats/{seat}",
    "POST /desk/firms/{code}/seats/{seat}",
    "GET /desk/firms/{code}/systems",
    "GET /desk/firms/{code}/systems/broker",
    "POST /desk/firms/{code}/systems/broker",
    "GET /desk/firms/{code}/systems/end-broker",
    "POST /desk/firms/{code}/systems/end-broker",
    "POST /desk/firms/{code}/systems/queue",
    "GET /desk/firms/{code}/systems/end-queue",
    "POST /desk/firms/{code}/systems/end-queue",
    "POST /desk/firms/{code}/systems/clients",
    "GET /desk/firms/{code}/systems/clients/{client}/secret",
    "POST /desk/firms/{code}/systems/clients/{client}/secret",
    "GET /desk/firms/{code}/systems/clients/{client}/secrets/{prefix}/revoke",
    "POST /desk/firms/{code}/systems/clients/{client}/secrets/{prefix}/revoke",
    "GET /desk/firms/{code}/systems/clients/{client}/remove",
    "POST /desk/firms/{code}/systems/clients/{client}/remove",
    "GET /desk/firms/{code}/leave",
    "POST /desk/firms/{code}/leave",
)

#: Where OJK judges with a browser; a supervisor looks on.
CASE_PAGES: Access = {
    "GET /desk/cases": staff_page("decider", "supervisor", "cso", "qa"),
    "GET /desk/cases/{number}": staff_page("decider", "supervisor", "cso", "qa"),
    "GET /desk/cases/{number}/data": staff_page("decider", "supervisor", "cso"),
    "POST /desk/cases/{number}/data": staff_page("decider", "supervisor", "cso"),
    "GET /desk/cases/{number}/accept": staff_page("decider"),
    "POST /desk/cases/{number}/{decision}": staff_page("decider"),
    "POST /desk/cases/{number}/extension/{decision}": staff_page("decider", "supervisor"),
    "GET /desk/cases/{number}/facilitation": staff_page("decider", "supervisor"),
    "GET /desk/cases/{number}/facilitation/{question}": staff_page("decider"),
    **{
        f"POST /desk/cases/{{number}}/facilitation/{act}": staff_page("decider")
        for act in ("open", "step", "end", "send", "verified", "decided")
    },
    "GET /desk/cases/{number}/bundle": staff_page("decider"),
}

#: What firms do with a ticket, below its address.
FIRM_ACTS = (
    "take-over",
    "release",
    "follow-ups",
    "documents",
    "documents/received",
    "extension",
    "proposals",
    "decline",
    "attachments",
    "relief",
    "position",
)
#: Where a firm's people find and answer their tickets with a browser.
_TICKET = "/pujk/layanan/{number}"
TICKET_PAGES: Access = {
    "GET /pujk": page(),
    "GET /pujk/layanan": page(),
    f"GET {_TICKET}": page(),
    f"POST {_TICKET}/dibaca": page(),
    **{f"GET /pujk/{one}": page() for one in ("indikasi", "pengaduan")},
    **{f"GET /pujk/{one}/unduh/{{form}}": page() for one in ("indikasi", "pengaduan")},
    # Looked at every few seconds; written down by the door, where there is something new.
    **{f"GET /pujk/{one}/terbaru": page().untraced() for one in ("indikasi", "pengaduan")},
    **{
        f"{method} {_TICKET}/{act}": page()
        for method in ("GET", "POST")
        for act in (
            *("ambil-alih", "lepas", "tindak-lanjut", "tolak"),
            *("minta-dokumen", "dokumen-diterima", "perpanjangan", "janji", "tanggapan", "buka-data"),
        )
    },
    **{f"{method} {_TICKET}/usul": page("deciding") for method in ("GET", "POST")},
}

#: Who cannot log in yet reads how to.
GUIDE: Access = {
    "GET /pujk/panduan": anybody,
    "GET /pujk/panduan/panduan.pdf": anybody,
    "GET /pujk/panduan/{picture}.jpg": anybody,
}

ACCESS: Access = {
    "GET /proposals": staff("decider"),
    "GET /cases/{number}": staff("decider", "cso", "supervisor"),
    "POST /cases/{number}/decision": staff("decider"),
    "GET /extensions": staff("decider", "supervisor"),
    "POST /cases/{number}/extension": staff("decider", "supervisor"),
    "GET /endpoints": staff("administrator"),
    "GET /endpoints/{code}": staff("administrator"),
    "PUT /endpoints/{code}": staff("administrator"),
    "DELETE /endpoints/{code}": staff("administrator"),
    "GET /firms": staff("administrator"),
    "GET /firms/{code}": staff("administrator"),
    "PUT /firms/{code}": staff("administrator"),
    "DELETE /firms/{code}": staff("administrator"),
    "PUT /firms/{code}/seats/{seat}": staff("administrator"),
    "POST /firms/{code}/people/{account}/letter": staff("administrator"),
    "PUT /firms/{code}/people/{account}/lock": staff("administrator"),
    "DELETE /firms/{code}/people/{account}/lock": staff("administrator"),
    "PUT /firms/{code}/people/{account}/expiry": staff("administrator"),
    "POST /firms/{code}/broker": staff("administrator"),
    "DELETE /firms/{code}/broker": staff("administrator"),
    "GET /firms/{code}/clients": staff("administrator"),
    "POST /firms/{code}/clients": staff("administrator"),
    "DELETE /firms/{code}/clients/{client}": staff("administrator"),
    "POST /firms/{code}/clients/{client}/secrets": staff("administrator"),
    "DELETE /firms/{code}/clients/{client}/secrets/{prefix}": staff("administrator"),
    # Who asks shows a secret, and is answered as RFC 6749 says.
    "POST /pujk/token": anybody,
    "GET /pujk/tickets": system("tickets:read") | officer(),
    "GET /pujk/tickets/{number}": system("tickets:read") | officer(),
    "GET /pujk/tickets/{number}/attachments": system("tickets:read") | officer(),
    **CASE_PAGES,
    **GUIDE,
    **{f"POST /pujk/tickets/{{number}}/{act}": system("tickets:act") | officer() for act in FIRM_ACTS},
    **dict.fromkeys(FIRM_PAGES, staff_page("administrator")),
    **log_in_access("/pujk"),
    **pages_access("/pujk", administered=False),
    **TICKET_PAGES,
    **common_access("pujk_gateway"),
}
