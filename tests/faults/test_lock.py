"""Is a lock felt everywhere although its issuer dies before it can say so, or the broker is away?"""

from contextlib import suppress

from contracts.topology import OWNERS
from kit.members import Insider
from kit.running import eventually
from kit.shaken import BROKEN, Shaken, each_ended

ELSEWHERE = set(OWNERS) - {"intake"}


async def test_a_lock_whose_issuer_dies_before_saying_it_is_felt_everywhere(suite: Shaken) -> None:
    insider = Insider(suite)
    suite.kill("intake")
    await suite.start("intake", extra={"SLKT_CRASH_AT": "after-write-before-publish:1"})
    with suppress(*BROKEN):
        insider.lock()
    await eventually(each_ended(suite, ["intake"]), "intake dies before it says the lock")
    await suite.start("intake")
    await insider.shut_out()


async def test_a_lock_while_the_broker_is_away_is_felt_when_it_is_back(suite: Shaken) -> None:
    insider = Insider(suite)
    suite.stack.broker.kill()
    insider.lock().raise_for_status()
    assert insider.let_in_by() == ELSEWHERE, "the issuer knows it; the others have only the tokens' own end"
    suite.stack.broker.start()
    await insider.shut_out()
