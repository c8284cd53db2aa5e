"""What proves a person, on pages? A password typed twice, a picture for an authenticator, codes that are told once."""

from typing import Any

import segno
from fastapi import Request, Response

from chassis.pages.forms import Form
from chassis.people.account import Account
from chassis.people.desk import Begun
from chassis.people.pages.front import Front

PASSWORD_MOST, CODE_MOST = 200, 40


def typed_code(form: Form) -> str:
    form.needs("code")
    return form["code"][:CODE_MOST]


def typed_password(form: Form, field: str) -> str:
    """One character more than a password may have shows that it is too long."""
    form.needs(field)
    return form[field][: PASSWORD_MOST + 1]


def new_password(form: Form) -> str:
    """Typed twice, and the same; else with errors of the fields."""
    new = typed_password(form, "new")
    form.needs("again")
    if form["new"] != form["again"]:
        form.wrong("again", "password.differs")
    return new


def enrolment(begun: Begun) -> dict[str, Any]:
    """What an authenticator must be told, as a picture and to be typed."""
    qr = segno.make(begun.enrolment or "", error="m").svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
    return {"qr": qr, "secret": begun.secret, "account": begun.account}


def told_codes(
    front: Front, request: Request, account: Account, codes: tuple[str, ...], *, to: str | None = None
) -> Response:
    """Told here and kept nowhere: an answer by itself, and no page to come back to. ``to``: where they wanted to go,
    after a first log-in."""
    told: dict[str, Any] = {"account": account, "codes": codes, "first": to is not None, "to": to or front.base}
    return front.pages.show(request, "people/codes.html", told_once=True, **told)
