"""A real OpenID provider in a process of its own, and a person who logs in there with a browser."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from contract.nodes import NODE, install
from slkt_local.ports import free_ports
from slkt_local.processes import Program
from slkt_local.stack import Stack

PACKAGE = Path(__file__).parents[1] / "integration" / "openid"
CLIENT, SECRET = "slkt", "secret-for-tests-only"
READY_SECONDS = 20
_FORM = re.compile(r'<form[^>]*action="([^"]+)"(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Provider:
    """``people``: subject → what is said of them, read at each log-in."""

    def __init__(self, folder: Path) -> None:
        self._place = install(PACKAGE, folder)
        self.port = free_ports(1)[0]
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.people: dict[str, dict[str, Any]] = {}
        self._clients: list[dict[str, Any]] = []
        self._program: Program | None = None

    def knows(self, redirect_uri: str, after_log_out: str) -> None:
        """The suite, and beside it another client of the same house."""
        uris = {"redirect_uris": [redirect_uri], "post_logout_redirect_uris": [after_log_out]}
        self._clients = [{"client_id": one, "client_secret": SECRET, **uris} for one in (CLIENT, "other")]

    def has(self, subject: str, **said: Any) -> None:
        self.people[subject] = said
        self._write()

    def start(self) -> None:
        self._write()
        log = self._place / "provider.log"
        command = [str(NODE), "provider.mjs", "config.json"]
        self._program = Program("provider", command, env={}, log=log, cwd=self._place, grace_seconds=5)
        self._program.wait_until(self._answers, what="answering", timeout_seconds=READY_SECONDS)

    def stop(self) -> None:
        if self._program:
            self._program.stop()

    def _write(self) -> None:
        said = {"port": self.port, "clients": self._clients, "people": self.people}
        (self._place / "config.json").write_text(json.dumps(said))

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.issuer}/jwks", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


CALLBACK = "/staff/oidc/callback"


class Browser:
    """One person's browser: keeps cookies, follows redirects one by one, sends the forms that it is shown."""

    def __init__(self, url: str, address: str | None = None) -> None:
        self.url = url
        here = httpx.HTTPTransport(local_address=address)
        self.http = httpx.Client(timeout=30, trust_env=False, headers={"Sec-Fetch-Site": "same-origin"}, transport=here)

    def goes(self, path: str = "/staff/log-in") -> httpx.Response:
        return self.http.get(f"{self.url}{path}")

    def logs_in_there(self, subject: str, begun: httpx.Response | str) -> str:
        """From our page that leads on to their redirect back: the address with the code, not yet followed."""
        answer = self.http.get(begun if isinstance(begun, str) else on_from(begun))
        for _ in range(20):
            if answer.is_redirect:
                to = str(answer.next_request.url) if answer.next_request else ""
                if "/oidc/callback" in to:
                    return to
                answer = self.http.get(to)
                continue
            form = _FORM.search(answer.text)
            assert form, answer.text[:2000]
            fields = {name: unescape(value) for name, value in _FIELD.findall(form[2])}
            typed = {"login": subject, "password": "-"} if fields.get("prompt") == "login" else {}
            answer = self.http.post(unescape(form[1]), data=fields | typed)
        raise AssertionError("the provider does not come to an end")

    def logs_in(self, subject: str) -> httpx.Response:
        """All of it; the answer to the callback."""
        return self.http.get(self.logs_in_there(subject, self.goes()))

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()


def on_from(page: httpx.Response) -> str:
    """Where the button of a page of ours leads, at the provider."""
    found = re.search(r'<a class="btn btn-primary" href="(http[^"]+)"', page.text)
    assert page.status_code == 200 and found, page.text
    return unescape(found[1])


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


class Office:
    """An intake whose people log in at a provider."""

    def __init__(self, stack: Stack, provider: Provider) -> None:
        self.intake = intake = stack.services["intake"]
        #: An account with a password, of before.
        self.local = str(stack.description()["credentials"]["staff"]["administrator"]["id"])
        self.provider = provider
        provider.knows(f"{intake.url}{CALLBACK}", f"{intake.url}/staff/logged-out")
        provider.has("sari", name="Sari Dewi", groups=["ojk-cso", "everybody"], email="sari@example.org")
        provider.has("adm", name="Adi", groups=["ojk-adm"])
        provider.start()
        intake.told |= {
            "PUBLIC_URL": intake.url,
            "OIDC_ISSUER": provider.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_ROLES": json.dumps({"ojk-cso": "cso", "ojk-adm": "administrator"}),
        }
        intake.restart()

    def browser(self, address: str | None = None) -> Browser:
        return Browser(self.intake.url, address)

    def ask(self, method: str, path: str, session: str, body: object = None) -> httpx.Response:
        """For a program, with a session or a token."""
        headers = {"Authorization": f"Bearer {session}"}
        url = f"{self.intake.url}{path}"
        return httpx.request(method, url, json=body, headers=headers, timeout=30, trust_env=False)

    def token(self, session: str) -> str:
        answer = self.ask("POST", "/staff/api/token", session, {"audience": "intake"})
        return str(answer.raise_for_status().json()["token"])
