"""How does somebody of the staff log in and act from here? As from a browser, through their issuer's own doors."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import httpx
from chassis.people.second_factor import STEP_SECONDS, code_at
from chassis.trust import trust

from slkt_local.addresses import new_password

#: Where intake lets staff in and out, and the gateway firms' people.
API, FIRMS_API = "/staff/api", "/pujk/api"
#: A token is good for five minutes.
TOKEN_KEPT_SECONDS = 240
TIMEOUT_SECONDS = 30
#: No connection is kept: the service may have been started again since.
EACH_ANEW = httpx.Limits(max_keepalive_connections=0)

#: Of one account: id, password, authenticator (the secret that an app is told), session.
Kept = dict[str, str]


class Member:
    """One member of staff and their browser; ``url`` is their issuer's API. Errors of every method: httpx.HTTPError."""

    def __init__(self, url: str, kept: Kept) -> None:
        self.kept = kept
        self._url = url
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, verify=trust(url), limits=EACH_ANEW)
        self._tokens: dict[str, tuple[str, float]] = {}

    def first_log_in(self, letter: str) -> None:
        """A password of their own in place of the letter's, and an authenticator."""
        begun = self._post("/log-in", {"name": self.kept["id"], "password": letter})
        self.kept |= {"authenticator": begun["secret"], "password": new_password()}
        step = {"password": self.kept["password"], "code": self.code()}
        self.kept["session"] = self._post("/log-in/first", step, begun["session"])["session"]

    def log_in(self) -> None:
        """With password and code. A code is good once, so where this one was used the next is shown."""
        begun = self._post("/log-in", {"name": self.kept["id"], "password": self.kept["password"]})
        try:
            done = self._post("/log-in/second-factor", {"code": self.code()}, begun["session"])
        except httpx.HTTPStatusError:
            done = self._post("/log-in/second-factor", {"code": self.code(steps=1)}, begun["session"])
        self.kept["session"] = done["session"]

    def token(self, service: str) -> str:
        """For ``service``, from a session that is begun anew where it has ended."""
        token, until = self._tokens.get(service, ("", 0.0))
        if monotonic() >= until:
            token = self._new_token(service)
            self._tokens[service] = token, monotonic() + TOKEN_KEPT_SECONDS
        return token

    def headers(self, service: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(service)}"}

    def let_in(self, account: str, name: str, role: str) -> str:
        """An administrator's act; the one-time password of the new account."""
        asked, headers = {"name": name, "roles": [role]}, self.headers("intake")
        url = f"{self._url}/accounts/{account}"
        answer = self._http.put(url, json=asked, headers=headers)
        return str(answer.raise_for_status().json()["password"])

    def _new_token(self, service: str) -> str:
        try:
            return str(self._post("/token", {"audience": service}, self.kept["session"])["token"])
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.UNAUTHORIZED:
                raise
        self.log_in()
        return str(self._post("/token", {"audience": service}, self.kept["session"])["token"])

    def _post(self, path: str, body: Mapping[str, str], session: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {session}"} if session else {}
        answer = self._http.post(f"{self._url}{path}", json=body, headers=headers).raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    def code(self, steps: int = 0) -> str:
        """What the authenticator shows, or will show ``steps`` half minutes later."""
        text = self.kept["authenticator"].replace(" ", "")
        seed = base64.b32decode(text + "=" * (-len(text) % 8))
        return code_at(seed, datetime.now(UTC) + timedelta(seconds=steps * STEP_SECONDS))
