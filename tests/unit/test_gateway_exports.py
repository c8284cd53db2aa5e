"""A list of a hundred thousand tickets takes longer to become a file than a page may take."""

from types import SimpleNamespace
from typing import Any

import pytest
from chassis.limits import ANSWER_SECONDS
from chassis.rooms import Rooms
from fastapi import APIRouter
from pujk_gateway.pages.asked import LISTS
from pujk_gateway.pages.portal import _list_pages
from slkt_local.ways import most_particular_first


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_time_to_become_a_file_at_the_door_and_on_the_way(path: str, form: str) -> None:
    router, front = APIRouter(prefix="/pujk"), SimpleNamespace(pages=None, at=lambda _: lambda: None)
    unused: Any = None
    _list_pages(router, front, unused, path, LISTS[path])  # type: ignore[arg-type]
    address = f"/pujk/{path}/unduh/{form}"
    room = Rooms(router.routes).of("GET", address)
    assert room is not None and room.seconds > 4 * ANSWER_SECONDS
    assert next(way for way in most_particular_first() if way.takes(address)).files
