"""Does what an outsider's system does by message leave its trace, as at an HTTP door? Asked for before it is done, and
what came of it before it is answered; those that come at the same time are one write (``chassis.audit``)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from contracts.base import Request

from chassis.audit import Act, Audit
from chassis.delivered import Sender
from chassis.inbox import ActsOf
from chassis.patience import NotNow
from chassis.refusals import Refusals
from chassis.trace import Trace

#: Where it came from: the broker tells no address. Who it was, the broker has checked.
BY_MESSAGE = "amqp"
DONE, DEFECT = 200, 500

#: Writes down that the act is asked for, once. Errors: Unavailable; then it may not be done.
Asked = Callable[[], Awaitable[None]]


class Audited:
    """``acts_of`` says who acts by a message; outcomes are the statuses that the table of refusals has for HTTP."""

    def __init__(self, acts_of: ActsOf, audit: Audit, refusals: Refusals) -> None:
        self._acts_of = acts_of
        self._audit = audit
        self._refusals = refusals

    @asynccontextmanager
    async def act(self, sender: Sender, message: Request[Any]) -> AsyncIterator[Asked]:
        """Around what is done. Where it was given up for now, the trace is that it was asked for."""
        actor, about = self._acts_of(sender, message)
        trace, act = Trace(self._audit), Act(f"AMQP {message.type}", about, BY_MESSAGE)
        try:
            yield lambda: trace.asked(actor, act)
        except NotNow:
            raise
        except Exception as error:
            rule = self._refusals.rule(error)
            await trace.answered(rule.status if rule else DEFECT)
            raise
        await trace.answered(DONE)
