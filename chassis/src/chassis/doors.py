"""What do the HTTP doors of all services share? An act made of who asks, with which key, what; and where from."""

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request
from pydantic import BaseModel

from chassis.ids import new_id
from chassis.messages import Act, act_id


def act_of(number: str, who: str, idempotency_key: str | None, body: BaseModel) -> Act:
    """The same key of the same person is the same act; without a key each request is an act of its own.

    The key is kept as its hash, since people put names into keys. What is secret in ``body`` must be left out: few
    possible values can be found again from a digest.
    """
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return Act(act_id(who, idempotency_key) if idempotency_key else new_id(), number, digest)


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
