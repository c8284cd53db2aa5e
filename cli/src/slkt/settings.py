"""Where is the suite that a command is about? The description of a running stack, or SLKT_* of the environment.

SLKT_MONGO_URL and SLKT_AMQP_URL (an operator's), SLKT_AMQP_MANAGEMENT_URL, SLKT_IMPORT_AMQP_URL (the bulk channel's),
SLKT_ENTRY_URL (the one host), SLKT_<SERVICE>_URL and SLKT_<SERVICE>_OPS_URL, SLKT_AUDIT_KEYS and SLKT_AUDIT_ROOTS
(paths). What the environment says goes before the default `.local/stack.json`; a description named on the command line
goes before both.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from contracts.topology import OWNERS
from slkt_local.addresses import write_private_json
from slkt_local.member import API, FIRMS_API, Member

ROOT = Path(".local")
STACK = ROOT / "stack.json"


class NotSaid(Exception):
    """A command needs something of the suite that neither a running stack nor the environment names."""


@dataclass(frozen=True)
class Management:
    """RabbitMQ's management API, the user it is asked as, and the virtual host of the suite."""

    url: str
    user: str
    password: str
    vhost: str


@dataclass(frozen=True)
class Addresses:
    """Addresses and credentials. Empty means that nobody said; asking for it raises NotSaid."""

    mongo: str = ""
    amqp: str = ""
    amqp_management: str = ""
    import_amqp: str = ""
    entry: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    ops: Mapping[str, str] = field(default_factory=dict)
    staff: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pujk: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    audit_keys: str = ""
    audit_roots: str = ""

    @classmethod
    def of_stack(cls, stack: Mapping[str, Any]) -> "Addresses":
        """From what a running stack says of itself (Stack.description)."""
        credentials = stack["credentials"]
        return cls(
            mongo=stack["mongo"],
            amqp=stack["amqp"],
            amqp_management=stack["amqp_management"],
            import_amqp=credentials["channels"].get("import", {}).get("amqp", ""),
            entry=stack["entry"],
            services=stack["services"],
            ops=stack["ops"],
            staff=credentials["staff"],
            pujk=credentials["pujk"],
            audit_keys=stack.get("audit_keys", ""),
            audit_roots=stack.get("audit_roots", ""),
        )

    def member(self, role: str) -> Member:
        """Who of the staff acts: an account of the running stack."""
        if role not in self.staff:
            raise NotSaid(f"tidak ada akun {role} / no account of the role {role}: start a stack (`slkt up`)")
        return Member(f"{self.service('intake')}{API}", dict(self.staff[role]))

    def officer(self, seat: str, firm: str) -> Member:
        """Who of a firm acts: an account of the running stack, where its first firm has people who log in."""
        known = {code: one.get("people", {}) for code, one in self.pujk.items()}
        if seat not in known.get(firm, {}):
            having = ", ".join(code for code, people in known.items() if people) or "none"
            raise NotSaid(
                f"tidak ada akun {seat} di {firm} / no account of that seat there; firms with people: {having}"
            )
        return Member(f"{self.service('pujk_gateway')}{FIRMS_API}", dict(known[firm][seat]))

    @property
    def mongo_url(self) -> str:
        return self._said(self.mongo, "the database", "SLKT_MONGO_URL")

    @property
    def amqp_url(self) -> str:
        return self._said(self.amqp, "the broker", "SLKT_AMQP_URL")

    @property
    def audit_keys_path(self) -> str:
        return self._said(self.audit_keys, "the JWKS of the audits' public keys", "SLKT_AUDIT_KEYS")

    @property
    def import_amqp_url(self) -> str:
        return self._said(self.import_amqp, "the bulk channel", "SLKT_IMPORT_AMQP_URL")

    def service(self, name: str) -> str:
        return self._said(self.services.get(name, ""), name, f"SLKT_{name.upper()}_URL").rstrip("/")

    @property
    def management(self) -> Management:
        url = urlsplit(self._said(self.amqp_management, "the broker's management", "SLKT_AMQP_MANAGEMENT_URL"))
        amqp = urlsplit(self.amqp_url)
        user, password = url.username or amqp.username, url.password or amqp.password
        where = f"{url.scheme}://{url.hostname}" + (f":{url.port}" if url.port else "") + url.path.rstrip("/")
        return Management(where, unquote(user or ""), unquote(password or ""), unquote(amqp.path[1:]) or "/")

    @staticmethod
    def _said(value: str, what: str, name: str) -> str:
        if not value:
            raise NotSaid(
                f"tidak ada yang berjalan di {STACK} / nothing says where {what} is: start a stack (`slkt up`), name "
                f"its description (`--stack PATH`), or set {name}"
            )
        return value


def addresses(stack: Path | None = None) -> Addresses:
    """Errors: NotSaid where the named description cannot be read."""
    if stack is not None:
        return Addresses.of_stack(_read(stack))
    local = Addresses.of_stack(_read(STACK)) if STACK.exists() else Addresses()
    return Addresses(
        mongo=os.environ.get("SLKT_MONGO_URL") or local.mongo,
        amqp=os.environ.get("SLKT_AMQP_URL") or local.amqp,
        amqp_management=os.environ.get("SLKT_AMQP_MANAGEMENT_URL") or local.amqp_management,
        import_amqp=os.environ.get("SLKT_IMPORT_AMQP_URL") or local.import_amqp,
        entry=os.environ.get("SLKT_ENTRY_URL") or local.entry,
        services={**local.services, **_urls("URL")},
        ops={**local.ops, **_urls("OPS_URL")},
        staff=local.staff,
        pujk=local.pujk,
        audit_keys=os.environ.get("SLKT_AUDIT_KEYS") or local.audit_keys,
        audit_roots=os.environ.get("SLKT_AUDIT_ROOTS") or local.audit_roots,
    )


def described(stack: Path | None = None) -> dict[str, Any]:
    """All that a running stack says of itself, with every credential. Errors: NotSaid."""
    return _read(stack or STACK)


def keep_session(stack: Path | None, role: str, firm: str, session: str) -> None:
    """Of an account whose session had ended: the next command goes on with this one, and no code is used up."""
    path = stack or STACK
    known = _read(path)
    credentials = known["credentials"]
    kept = credentials["pujk"][firm]["people"][role] if firm else credentials["staff"][role]
    if kept["session"] != session:
        kept["session"] = session
        write_private_json(path, known)


def _urls(suffix: str) -> dict[str, str]:
    said = {name: os.environ.get(f"SLKT_{name.upper()}_{suffix}", "") for name in OWNERS}
    return {name: url for name, url in said.items() if url}


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise NotSaid(f"{path} is no description of a running stack: {error}") from error
    return found
