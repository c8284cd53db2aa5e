"""What do the HTTP doors of all services share? An act made of who asks, with which key, what; and where from."""

import hashlib
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request
from pydantic import BaseModel

from chassis.ids import new_id
from chassis.messages import Act, act_id


def plain(text: str) -> str:
    """A digest that anybody can make: for what nobody writes freely."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def act_of(
    number: str, who: str, idempotency_key: str | None, body: BaseModel, *, digest: Callable[[str], str] = plain
) -> Act:
    """The same key of the same person is the same act; without a key each request is an act of its own.

    The key is kept as its hash, since people put names into keys. Where ``body`` holds what somebody wrote, ``digest``
    is a keyed one: a few words can be guessed and found again from a plain one. A secret is left out altogether.
    """
    said = digest(body.model_dump_json())
    return Act(act_id(who, idempotency_key) if idempotency_key else new_id(), number, said)


def client_of(request: Request) -> str:
    """The asker's address, to count tries by; of IPv6 the /64 network, which one household has as a whole.

    Behind a proxy this is right only where ``TRUSTED_PROXIES`` says whom to believe.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(address)
