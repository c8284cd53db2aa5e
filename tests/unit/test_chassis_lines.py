"""A name is what can be read: the same signs are refused behind a field of a page and at a JSON door."""

import pytest
from chassis.lines import Line, line_of
from chassis.pages.forms import Form
from chassis.people.doors import AccountIn
from pujk_gateway.doors.firms import PersonIn
from pydantic import TypeAdapter, ValidationError

READABLE = ["Siti Nurhaliza", "Ni Luh Putu D'Anna-Łucja, S.H.", "王小明", " rapi \n"]
NOT_READABLE = ["", "  ", "a\0b", "a\x07b", "a\nb", "a\x1b[2Jb", "a\x7fb", "a\x85b", "a\u2028b", "a\u202eb", "a\u2066b"]
NOT_SEEN = ["\u200b\u200b", "Wayan\u200b", "Wa\u00adyan", "\ufeff\u2060", "\u200eWayan", "\u3164", "Wayan\U000e0041"]


def typed(name: str) -> Form:
    form = Form({"name": [name]})
    form.line("name", 100)
    return form


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_a_line(name: str) -> None:
    assert line_of(name) == AccountIn(name=name, roles=["cso"]).name
    assert line_of(name) == name.strip() and typed(name).errors == {}


@pytest.mark.parametrize("name", NOT_READABLE + NOT_SEEN)
def test_what_controls_the_screen_or_takes_no_room_is_none(name: str) -> None:
    assert line_of(name) is None and "name" in typed(name).errors
    with pytest.raises(ValidationError):
        AccountIn(name=name, roles=["cso"])
    with pytest.raises(ValidationError):
        PersonIn(name=name, position="x")


def test_a_line_that_is_too_long_is_refused_and_not_cut() -> None:
    assert typed("a" * 100).errors == {} and typed("a" * 101).errors == {"name": ("form.too_long", {"most": 100})}
    assert TypeAdapter(Line).validate_python("a" * 1000)
