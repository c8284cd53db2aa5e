"""The suite that is broken on purpose: one for all fault tests, with short leases, mended after each test."""

from collections.abc import AsyncIterator

import pytest
from contracts.topology import OWNERS, UNROUTED
from kit.running import FIRMS, load
from kit.shaken import Shaken
from slkt_local.stack import Stack

#: A fact that its writer could not say is the relay's after so long; 15 s outside of tests.
LEASE_SECONDS = "2"


@pytest.fixture(scope="session")
async def shaken(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shaken]:
    told = {name: {"LEASE_SECONDS": LEASE_SECONDS} for name in OWNERS}
    with Stack(tmp_path_factory.mktemp("faults"), say=lambda _: None, firms=FIRMS, environment=told) as stack:
        suite = Shaken(stack)
        load(suite)
        yield suite
        await suite.door.aclose()
        suite.close()


@pytest.fixture
async def suite(shaken: Shaken) -> AsyncIterator[Shaken]:
    """Whole when a test gets it; what it broke and buried does not reach the next one."""
    yield shaken
    shaken.mend()
    for queue in [one["name"] for one in shaken.management("/queues/slkt")]:
        if queue.endswith(".dead") or queue == UNROUTED:
            await shaken.operator.purge(queue)
