"""Who may log in to the broker and the database, and with which URL? Made anew or again, always to the same end."""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from chassis.trust import trust
from contracts.topology import CHANNELS, OWNERS, channel_user, pujk_user
from pymongo.errors import OperationFailure

from slkt_local import permissions
from slkt_local.addresses import Login, new_password, write_private_json
from slkt_local.broker import Broker
from slkt_local.database import Database
from slkt_local.permissions import Rights

USER_EXISTS = 51003
SERVICES = OWNERS
CHANNEL_USERS = frozenset(map(channel_user, CHANNELS))
#: The broker's user with which the gateway makes firms' users.
ONBOARDING = "onboarding"
#: Only an administrator may make users.
TAGS = {ONBOARDING: "administrator"}


class AccountsRefused(RuntimeError):
    """The broker did not take the users; the message holds its answer."""


@dataclass
class Accounts:
    """URLs of everybody who may log in, by service, channel and code of the firm."""

    service_amqp: dict[str, str] = field(default_factory=dict)
    #: The management API, with the gateway's administrator of firms' users.
    onboarding: str = ""
    service_mongo: dict[str, str] = field(default_factory=dict)
    channel_amqp: dict[str, str] = field(default_factory=dict)
    firm_amqp: dict[str, str] = field(default_factory=dict)

    def channels(self, keys: Mapping[str, str]) -> dict[str, Any]:
        """What each channel logs in with: at the broker, and at intake's door where it has a key."""
        named = {name: {"api_key": key} for name, key in keys.items()}
        return {name: {"amqp": url, **named.get(name, {})} for name, url in self.channel_amqp.items()}

    def firms(self, people: Mapping[str, Any]) -> dict[str, Any]:
        """What each firm logs in with: its system, and its people where there are any."""
        return {code: {"amqp": url, "people": people.get(code, {})} for code, url in self.firm_amqp.items()}


def declare_accounts(
    broker: Broker,
    database: Database,
    store: Path,
    *,
    services: Iterable[str] = SERVICES,
    channels: Iterable[str] = CHANNELS,
    firms: Iterable[str] = (),
) -> Accounts:
    """Users and rights on both servers; passwords are kept in `store` and stay the same at the next call.

    Raises AccountsRefused; pymongo's and httpx' own errors where a server does not answer.
    """
    services, channels, firms = list(services), list(channels), list(firms)
    passwords = _Passwords(store)
    on_broker: dict[str, Rights] = {name: permissions.of_service(name) for name in services}
    on_broker[ONBOARDING] = permissions.of_onboarding()
    on_broker |= {channel_user(name): permissions.of_channel(name) for name in channels}
    on_broker |= {pujk_user(code): permissions.of_firm(code) for code in firms}
    logins = passwords.of(*(f"broker/{user}" for user in on_broker), *(f"database/{name}" for name in services))
    with ThreadPoolExecutor(2) as pool:
        brokers = pool.submit(_make_broker_users, broker, on_broker, logins)
        databases = pool.submit(_make_database_users, database, services, logins)
        brokers.result()
        databases.result()

    def amqp(user: str) -> str:
        return broker.url_for(logins[f"broker/{user}"])

    return Accounts(
        service_amqp={name: amqp(name) for name in services},
        onboarding=broker.management_url_for(logins[f"broker/{ONBOARDING}"]),
        service_mongo={name: database.url_for(logins[f"database/{name}"]) for name in services},
        channel_amqp={name: amqp(channel_user(name)) for name in channels},
        firm_amqp={code: amqp(pujk_user(code)) for code in firms},
    )


def add_firm(broker: Broker, store: Path, code: str) -> str:
    """A user for one more firm (or the same again); its AMQP URL. Its queues are the topology's matter."""
    return add_firms(broker, store, [code])[code]


def add_firms(broker: Broker, store: Path, codes: Iterable[str]) -> dict[str, str]:
    """Code → AMQP URL; all of them in one request."""
    users = {code: pujk_user(code) for code in codes}
    logins = _Passwords(store).of(*(f"broker/{user}" for user in users.values()))
    _make_broker_users(broker, {user: permissions.of_firm(code) for code, user in users.items()}, logins)
    return {code: broker.url_for(logins[f"broker/{user}"]) for code, user in users.items()}


class _Passwords:
    """`<server>/<user>` → login, kept in a private file."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def of(self, *names: str) -> dict[str, Login]:
        known: dict[str, str] = json.loads(self._store.read_text()) if self._store.exists() else {}
        missing = [name for name in names if name not in known]
        if missing:
            known |= {name: new_password() for name in missing}
            write_private_json(self._store, known)
        return {name: Login(name.partition("/")[2], known[name]) for name in names}


def _make_broker_users(broker: Broker, users: Mapping[str, Rights], logins: Mapping[str, Login]) -> None:
    """One request for all of them: RabbitMQ takes definitions as a whole."""
    vhost = broker.vhost
    everyone = {**users, broker.operator.user: permissions.of_operator()}
    definitions: dict[str, Any] = {
        "vhosts": [{"name": vhost}],
        "users": [
            {
                "name": user,
                "password": logins[f"broker/{user}"].password,
                "tags": TAGS.get(user, ""),
                "limits": permissions.CHANNEL_LIMITS if user in CHANNEL_USERS else {},
            }
            for user in users
        ],
        "permissions": [
            {"user": user, "vhost": vhost, "configure": has.configure, "write": has.write, "read": has.read}
            for user, has in everyone.items()
        ],
        "topic_permissions": [
            {"user": user, "vhost": vhost, "exchange": exchange, "write": key, "read": permissions.NOTHING}
            for user, has in users.items()
            for exchange, key in has.keys.items()
        ],
    }
    # Reading, for a topic exchange, is the key of a binding: a service binds its own inbox to the facts it hears.
    for entry in definitions["topic_permissions"]:
        if entry["user"] in SERVICES:
            entry["read"] = permissions.EVERYTHING
    said = httpx.post(
        f"{broker.management_url}/api/definitions",
        json=definitions,
        auth=(broker.operator.user, broker.operator.password),
        timeout=60,
        trust_env=False,
        verify=trust(broker.management_url),
    )
    if said.status_code not in {200, 201, 204}:
        raise AccountsRefused(f"the broker answered {said.status_code} to its users: {said.text}")


def _make_database_users(database: Database, services: Iterable[str], logins: Mapping[str, Login]) -> None:
    with database.client() as client:
        for name in services:
            login = logins[f"database/{name}"]
            what: dict[str, Any] = {
                "pwd": login.password,
                "roles": [{"role": "readWrite", "db": name}],
                "mechanisms": ["SCRAM-SHA-256"],
            }
            try:
                client.admin.command("createUser", login.user, **what)
            except OperationFailure as refusal:
                if refusal.code != USER_EXISTS:
                    raise
                client.admin.command("updateUser", login.user, **what)
