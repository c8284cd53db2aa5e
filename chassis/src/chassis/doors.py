"""What do the HTTP doors of all services share? An act made of who asks, with which key, what."""

import hashlib

from pydantic import BaseModel

from chassis.ids import new_id
from chassis.messages import Act


def act_of(number: str, who: str, idempotency_key: str | None, body: BaseModel) -> Act:
    """The same key of the same person is the same act; without a key each request is an act of its own."""
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return Act(f"{who}:{idempotency_key}" if idempotency_key else new_id(), number, digest)
