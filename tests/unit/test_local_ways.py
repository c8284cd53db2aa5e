"""Every door of every service is on exactly one way or closed on purpose, and nginx is told just the table."""

import re
from dataclasses import replace

import pytest
from architecture.test_docs import routes
from architecture.workspace import SERVICES
from chassis.limits import ANSWER_SECONDS, FORM_BYTES, HEAD_BYTES, MAX_BODY_BYTES
from slkt_local.entry_configuration import BODY_BYTES, LINE_BYTES, WAIT_SECONDS, Place, configuration
from slkt_local.ways import CLOSED, WAYS, Way, leads_to

PLACE = Place("127.0.0.1:1", "/f", "/l", "/e", {name: f"{name}:8000" for name in SERVICES}, speaks_from="127.0.0.2")
OPERATORS = ("/live", "/ready", "/metrics", "/openapi.json")


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "5043812177304", path)


@pytest.mark.parametrize("service", SERVICES)
def test_each_door_is_reached_by_its_own_way_or_closed(service: str) -> None:
    doors = {path for _, path in routes(service)}
    assert doors
    led = {path: leads_to(filled(path)) for path in doors}
    assert led == {path: None if CLOSED.get(f"/{path.split('/')[1]}") == service else service for path in doors}


def test_a_door_without_a_way_is_noticed() -> None:
    assert leads_to("/nobody") is None


def test_nothing_leads_to_what_is_closed_or_for_operators() -> None:
    assert [path for path in (*CLOSED, *OPERATORS) if leads_to(path)] == []
    assert [path for path in (*CLOSED, *OPERATORS) if leads_to(f"{path}/any")] == []


def test_each_way_leads_to_a_door_that_is_there() -> None:
    everywhere = {path for service in SERVICES for _, path in routes(service)}
    assert [way.path for way in WAYS if not any(way.takes(filled(path)) for path in everywhere)] == []


@pytest.mark.parametrize(
    ("path", "service"),
    [("/track", "tracking"), ("/track/", "tracking"), ("/tracking", None), ("/", "tracking"), ("/x", None), ("", None)],
)
def test_a_way_is_taken_by_whole_parts(path: str, service: str | None) -> None:
    assert leads_to(path) == service


def test_nginx_is_told_every_way_and_no_other() -> None:
    told = configuration(PLACE)
    found = re.findall(r"location (= |~ \^)(/[\w./-]*)(\(\?:/\|\$\))? \{\s+if[^}]+}\s+set \$target (\w+):8000;", told)
    assert {Way(path, service, bool(below)) for _, path, below, service in found} == set(WAYS)
    assert told.count("proxy_pass") == len(WAYS)
    assert "location / { return 404; }" in told


def test_the_entry_takes_all_that_a_service_answers_and_waits_longer() -> None:
    assert BODY_BYTES > MAX_BODY_BYTES and LINE_BYTES > HEAD_BYTES and WAIT_SECONDS > ANSWER_SECONDS
    told = configuration(PLACE)
    assert f"client_max_body_size {BODY_BYTES};" in told and f"proxy_read_timeout {WAIT_SECONDS:g}s;" in told
    for path in ("= /lapor/berkas {", "~ ^/lapor(?:/|$) {"):
        _, _, way = told.partition(f"location {path}")
        taken = re.search(r"client_max_body_size (\d+);", way.partition("}\n        location")[0])
        assert taken and int(taken[1]) > FORM_BYTES, path


def test_nothing_that_was_sent_touches_a_disk_and_no_log_names_an_address() -> None:
    told = configuration(PLACE)
    assert f"client_body_buffer_size {BODY_BYTES};" in told and "proxy_max_temp_file_size 0;" in told
    logged = set(re.findall(r"\$\w+", next(line for line in told.splitlines() if "log_format" in line)))
    assert logged == {"$time_iso8601", "$request_method", "$status", "$upstream_addr", "$request_time"}
    assert "error_log /e crit;" in told


def test_what_a_place_does_not_have_is_not_told() -> None:
    bare = configuration(replace(PLACE, speaks_from=None))
    assert not any(word in bare for word in ("proxy_bind", "resolver", "\nuser "))
    full = configuration(replace(PLACE, resolver="127.0.0.11", user="a b"))
    assert all(word in full for word in ("proxy_bind 127.0.0.2;", "resolver 127.0.0.11 ", "\nuser a b;"))
