"""A token as intake signs it, without a log-in before: for tests of what a door makes of one."""

import json
import time
from base64 import b64decode
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from chassis.people.account import Account
from chassis.people.store import number_of
from chassis.sealing import Vault
from contracts.topology import OWNERS
from pymongo.database import Database
from slkt_local.secrets import Secrets

ROLES = ("cso", "qa", "supervisor", "decider", "administrator", "auditor")
SECONDS = 540


def staff_token(secrets: Secrets, *roles: str, subject: str | None = None, **but: Any) -> str:
    """For every service's staff doors."""
    now = int(time.time())
    claims = {
        "iss": "slkt-staff",
        "sub": subject or f"{roles[0]}-1",
        "roles": list(roles),
        "epoch": 1,
        "aud": list(OWNERS),
        "iat": now,
        "exp": now + SECONDS,
    }
    key = jwt.PyJWK.from_dict(json.loads(secrets.staff_key.read_text()))
    return jwt.encode(claims | but, key, algorithm="EdDSA", headers={"kid": key.key_id})


def firm_token(secrets: Secrets, firm: str, *seats: str, subject: str, **but: Any) -> str:
    """As the gateway signs it for a person of a firm, for every service."""
    now = int(time.time())
    claims = {"iss": "slkt-pujk", "sub": subject, "firm": firm, "roles": list(seats), "epoch": 1, "aud": list(OWNERS)}
    key = jwt.PyJWK.from_dict(json.loads(secrets.people_key.read_text()))
    return jwt.encode(claims | {"iat": now, "exp": now + SECONDS} | but, key, "EdDSA", headers={"kid": key.key_id})


def have_account(intake: Database[dict[str, Any]], secrets: Secrets, account: str, *roles: str) -> None:
    """The account that such a token is about: intake's own doors look for it. Nobody can log in with it."""
    of = Account(account, account, roles or ROLES, password="none", one_time_until=None)
    _have(intake, number_of(account, "intake", Vault(b64decode(secrets.master_key))), of)


def have_officer(gateway: Database[dict[str, Any]], secrets: Secrets, account: str, firm: str, *seats: str) -> None:
    """The same for a person of a firm, at the gateway's own doors."""
    of = Account(account, account, seats, password="none", one_time_until=None, firm=firm)
    _have(gateway, number_of(account, "pujk_gateway", Vault(b64decode(secrets.people_master_key))), of)


def deciding(firm: str) -> str:
    """The account in whose name a firm of the tests proposes."""
    return f"{firm.lower()}-deciding-0"


def system_token(gateway: Database[dict[str, Any]], secrets: Secrets, firm: str, *scopes: str) -> str:
    """As the gateway signs it for a firm's system, which has a secret that nobody knows."""
    prefix, client, now = "2" * 12, f"{firm.lower()}.22222222", datetime.now(UTC)
    kept = {"owner": client, "scopes": scopes, "per_minute": 1_000_000, "expires": now + timedelta(days=1)}
    about = {"by": "a test", "since": now, "digest": "", "used": None, "revoked": None}
    gateway["credentials"].update_one({"_id": prefix}, {"$set": kept | about}, upsert=True)
    return firm_token(secrets, firm, subject=client, kind="system", scope=" ".join(scopes), key=prefix)


def _have(issuer: Database[dict[str, Any]], number: str, of: Account) -> None:
    state = {name: value for name, value in asdict(of).items() if name not in ("number", "said")}
    made = {"version": 1, "seq": 0, "clock": 0, "size": 0, "heard": {}, "acts": [], "unsent": [], "state": state}
    issuer["accounts"].update_one({"_id": number}, {"$setOnInsert": made}, upsert=True)
