"""What has a command that an operator runs beside a service? All that the service is put together from; and what it
does is in the audit before it is done."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from contracts.broker import Wire

from chassis.audit import Act, Actor
from chassis.parts import Base
from chassis.settings import ServiceSettings

OPERATOR = Actor("operator", "operator")


@asynccontextmanager
async def beside(service: str, settings: ServiceSettings, wire: Wire) -> AsyncIterator[Base]:
    """Errors: those of the driver."""
    base = Base(service, settings, wire)
    try:
        await base.clock.sync()
        yield base
    finally:
        await base.close()


@asynccontextmanager
async def acting(base: Base, name: str, about: Mapping[str, str]) -> AsyncIterator[None]:
    """Around one act of the operator. Errors: Unavailable; then it may not be done."""
    asked = await base.audit.asked(OPERATOR, Act(name, about, ""))
    yield
    await base.audit.answered(asked, 201)
