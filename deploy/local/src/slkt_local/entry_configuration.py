"""How is nginx told the ways? One text, made of the table of ways, for this machine and for compose alike.

The entry is no wider and no narrower than the doors behind it: it takes all that a service would answer to, and says
who asks, where no stranger can. Nothing that somebody wrote touches a disk here: bodies and answers stay in memory, and
the log holds no address and no path.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chassis.headers import Safe
from chassis.limits import (
    ADDRESS_TOO_LONG,
    ANSWER_SECONDS,
    BODY_SECONDS,
    FORM_BYTES,
    HEAD_BYTES,
    HEAD_SECONDS,
    HEAD_TOO_LARGE,
    MAX_BODY_BYTES,
    NO_HTTP,
    RETRY_AFTER_SECONDS,
    ROOM_BYTES,
    ROOM_SECONDS,
)
from chassis.refusals import COMMON, PROBLEM_TYPE, TooLarge, TooMany, TooSlow, Unavailable

from slkt_local.entry_pages import BACK, PAGES, POLICY
from slkt_local.ways import Way, most_particular_first

#: What is a little over a service's limit is refused by the service itself, in its own words; the rest ends here.
BODY_BYTES = 2 * MAX_BODY_BYTES
FILE_BYTES = 2 * ROOM_BYTES
FORM_FILES_BYTES = 2 * FORM_BYTES
LINE_BYTES = HEAD_BYTES + 4 * 1024
#: Longer than a service thinks (8 s), so that its own 503 arrives.
WAIT_SECONDS = 2 * ANSWER_SECONDS
CONNECT_SECONDS = 3
#: A stream says something at least every quarter of this.
SILENT_SECONDS = 60
#: Two a request: one to whoever asks, one to the service.
CONNECTIONS = 8192
#: Of one address, being read or answered at once. Whoever sends slowly keeps nobody else out; a household, an office or
#: a firm's system never has so many.
CONNECTIONS_OF_ONE = 200
#: What a stranger may say about an asker, and what nobody behind the entry shall hear from one.
UNSAID = ("Forwarded", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP")
PROBLEMS = "/.problem"


@dataclass(frozen=True)
class Place:
    """Where nginx runs. ``folder`` is its own, for files that it insists on; ``user`` is whom its worker is where a
    superuser starts it; ``speaks_from`` the address that services believe; ``resolver`` who knows names that change."""

    listen: str
    folder: str
    log: str
    errors: str
    targets: Mapping[str, str]
    speaks_from: str | None = None
    resolver: str | None = None
    user: str | None = None


def configuration(place: Place) -> str:
    return "\n".join((*_around(place), *_http(place))) + "\n"


def _around(place: Place) -> Iterator[str]:
    yield "# Made of slkt_local/ways.py by slkt_local/entry_configuration.py: change it there."
    yield "daemon off;"
    yield "worker_processes 1;"
    if place.user:
        yield f"user {place.user};"
    yield f"pid {place.folder}/nginx.pid;"
    # Less than `crit` would quote what strangers sent.
    yield f"error_log {place.errors} crit;"
    yield f"worker_rlimit_nofile {CONNECTIONS};"
    yield f"events {{ worker_connections {CONNECTIONS}; }}"


def _http(place: Place) -> Iterator[str]:
    yield "http {"
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        yield f"    {kind}_temp_path {place.folder}/{kind};"
    yield "    log_format outcome '$time_iso8601 $request_method $status $upstream_addr $request_time';"
    yield f"    access_log {place.log} outcome;"
    yield "    server_tokens off;"
    if place.resolver:
        yield f"    resolver {place.resolver} valid=5s ipv6=off;"
    yield from (f"    {line};" for line in (*_limits(), *_passing_on(place)))
    # An address that two readers could take for two things (escapes, dots, doubled slashes) reaches nobody.
    # A person with a browser reads a page; everybody else a problem.
    yield "    map $http_accept $kind { default ''; '~text/html' '.html'; }"
    # Where the form stood that was too large.
    yield f"    map $request_uri $back {{ default /; {' '.join(BACK)} }}"
    yield r"    map $request_uri $odd { default 0; '~^[^?]*(?:%|//|/\.|\x5c)' 1; }"
    yield "    server {"
    yield f"        listen {place.listen};"
    for problem in PROBLEM_TABLE:
        kind = "$kind" if problem.status in PAGES else ""
        yield f"        error_page {problem.came} ={problem.status} {PROBLEMS}/{problem.status}{kind};"
    for way in most_particular_first():
        yield from (f"        {line}" for line in _way(way, place.targets[way.service]))
    yield "        location / { return 404; }"
    for problem in PROBLEM_TABLE:
        yield from (f"        {line}" for line in problem.location())
        if problem.status in PAGES:
            yield from (f"        {line}" for line in problem.location(PAGES[problem.status]))
    yield "    }"
    yield "}"


def _limits() -> Iterator[str]:
    yield "limit_conn_zone $binary_remote_addr zone=askers:4m"
    yield f"limit_conn askers {CONNECTIONS_OF_ONE}"
    yield "limit_conn_status 429"
    yield f"client_header_timeout {HEAD_SECONDS:g}s"
    yield f"client_body_timeout {BODY_SECONDS:g}s"
    yield f"send_timeout {BODY_SECONDS:g}s"
    yield "keepalive_timeout 30s"
    yield "client_header_buffer_size 4k"
    yield f"large_client_header_buffers 4 {LINE_BYTES}"
    yield f"client_max_body_size {BODY_BYTES}"
    yield f"client_body_buffer_size {BODY_BYTES}"


def _passing_on(place: Place) -> Iterator[str]:
    yield "proxy_http_version 1.1"
    yield f"proxy_connect_timeout {CONNECT_SECONDS}s"
    yield f"proxy_send_timeout {WAIT_SECONDS:g}s"
    yield f"proxy_read_timeout {WAIT_SECONDS:g}s"
    # An answer's head (cookies, policies) fits into one of these; what is larger than all goes on as it is read.
    yield f"proxy_buffer_size {HEAD_BYTES}"
    yield f"proxy_buffers 8 {HEAD_BYTES}"
    yield f"proxy_busy_buffers_size {2 * HEAD_BYTES}"
    yield "proxy_max_temp_file_size 0"
    yield "proxy_redirect off"
    # Whoever sends again does so under the same key; a proxy knows no keys.
    yield "proxy_next_upstream off"
    if place.speaks_from:
        yield f"proxy_bind {place.speaks_from}"
    said = {
        "Host": "$http_host",
        "Connection": '""',
        # Instead of what came, not after it: a stranger's word about who asks goes no further.
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-Host": "$http_host",
        **dict.fromkeys(UNSAID, '""'),
    }
    yield from (f"proxy_set_header {name} {value}" for name, value in said.items())


def _way(way: Way, target: str) -> Iterator[str]:
    yield f"location = {way.path} {{" if not way.below else f"location ~ ^{way.path}(?:/|$) {{"
    yield "    if ($odd) { return 404; }"
    # A name in a variable is looked up when it is asked for: the entry starts, and goes on, without a service.
    yield f"    set $target {target};"
    if way.files:
        # Passed on as it comes: what is larger than the memory that others get would else lie on a disk.
        yield f"    client_max_body_size {FORM_FILES_BYTES if way.forms else FILE_BYTES};"
        yield "    proxy_request_buffering off;"
        yield f"    proxy_read_timeout {ROOM_SECONDS:g}s;"
    if way.live:
        yield "    proxy_buffering off;"
        yield f"    proxy_read_timeout {SILENT_SECONDS}s;"
    yield "    proxy_pass http://$target;"
    yield "}"


@dataclass(frozen=True)
class Problem:
    """What nginx makes of ``came`` (its own statuses, separated by blanks): problem+json, like a service's."""

    came: str
    status: int
    title: str
    code: str | None = None
    later: bool = False

    def location(self, page: str | None = None) -> Iterator[str]:
        kind = f"urn:slkt:problem:{self.code}" if self.code else "about:blank"
        body = page or json.dumps({"type": kind, "title": self.title, "status": self.status})
        yield f"location = {PROBLEMS}/{self.status}{'.html' if page else ''} {{"
        yield "    internal;"
        yield f"    default_type {'text/html' if page else PROBLEM_TYPE};"
        if page:
            yield "    charset utf-8;"
        for name, value in (*Safe(behind_tls=False).plain[:-1], POLICY) if page else Safe(behind_tls=False).plain:
            yield f'    add_header {name.decode()} "{value.decode()}" always;'
        if self.later:
            yield f"    add_header retry-after {RETRY_AFTER_SECONDS} always;"
        yield f"    return {self.status} '{body}';"
        yield "}"


PROBLEM_TABLE = (
    Problem("400 501 505", 400, NO_HTTP.title, NO_HTTP.code),
    Problem("403 404", 404, "Not Found"),
    Problem("405", 405, "Method Not Allowed"),
    Problem("408", 408, COMMON[TooSlow].title, COMMON[TooSlow].code),
    Problem("413", 413, COMMON[TooLarge].title, COMMON[TooLarge].code),
    Problem("414", 414, ADDRESS_TOO_LONG.title, ADDRESS_TOO_LONG.code),
    # 494 is nginx's own number for a head that is too large.
    Problem("429", 429, COMMON[TooMany].title, COMMON[TooMany].code, later=True),
    Problem("431 494", 431, HEAD_TOO_LARGE.title, HEAD_TOO_LARGE.code),
    Problem("500", 500, "The entry made a mistake"),
    Problem("502 503 504", 503, COMMON[Unavailable].title, COMMON[Unavailable].code, later=True),
)
