"""What would a straightforward service be? FastAPI and motor; one insert and one confirmed publish per request.

Run by uvicorn with two workers: `uvicorn bench.naive:app --workers 2`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

import aio_pika
from fastapi import FastAPI, Header
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel

QUEUE = "naive.inbox"


class Complaint(BaseModel):
    """Typed as a first version would be: the fields by name, what is inside them as it comes."""

    kind: str
    pujk: dict[str, Any] | None = None
    product: str | None = None
    issue: str | None = None
    region: str | None = None
    loss: int | None = None
    transaction_date: date | None = None
    demands: list[dict[str, Any]] = []
    brought_to_pujk: dict[str, Any] | None = None
    in_court: bool = False
    consent: bool = False
    language: str = "id"
    tell_by: str = "email"
    private: dict[str, Any]


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    client: Any = AsyncIOMotorClient(os.environ["NAIVE_MONGO"], w="majority", journal=True)
    app.state.tickets = client["naive"]["tickets"]
    connection = await aio_pika.connect_robust(os.environ["NAIVE_AMQP"])
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    app.state.exchange = channel.default_exchange
    yield
    await connection.close()


app = FastAPI(lifespan=life)


@app.post("/submissions", status_code=201)
async def submit(complaint: Complaint, idempotency_key: Annotated[str, Header()]) -> dict[str, str]:
    number = uuid4().hex
    body = complaint.model_dump_json()
    await app.state.tickets.insert_one(
        {"_id": number, "key": idempotency_key, **complaint.model_dump(mode="json"), "state": "open"}
    )
    message = aio_pika.Message(body.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=number)
    await app.state.exchange.publish(message, QUEUE, mandatory=True)
    return {"number": number}
