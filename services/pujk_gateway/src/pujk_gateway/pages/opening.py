"""Which masked fields does somebody open, and why? What a form says of it; intake judges what the role may open."""

import re

from chassis.pages.forms import Form
from contracts.dossier import Opening

#: What the form of it sends.
ASKED = ("fields", "reason", "csrf")
REASON_LEAST, REASON_MOST, FIELDS_MOST = 10, 500, 20
_FIELD = re.compile(r"[a-z_.]{1,40}")


def opening_of(form: Form) -> Opening | None:
    """None with an error beside each field that is wrong."""
    fields = tuple(dict.fromkeys(one for one in form.all("fields") if _FIELD.fullmatch(one)))[:FIELDS_MOST]
    reason = form.line("reason", REASON_MOST)
    if not fields:
        form.wrong("fields", "open.nothing")
    if "reason" not in form.errors and len(reason) < REASON_LEAST:
        form.wrong("reason", "open.reason_short", least=REASON_LEAST)
    return None if form.errors else Opening(fields=fields, reason=reason)
