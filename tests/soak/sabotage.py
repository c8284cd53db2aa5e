"""Would the harness see it? Each sabotage breaks one promise inside a service before it starts; none is in the product.

`python sabotage.py KIND SERVICE` runs in place of `python -m SERVICE`.
"""

import runpy
import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from contracts.topology import OWNERS

from chassis import acking, heard, lately, matter, moving, repository, saying

HERE = __file__


def dedupe_off() -> None:
    """What was applied is not known: the same message changes the matter again."""
    lately.Lately.__contains__ = lambda self, name: False  # type: ignore[method-assign]
    vars(matter)["heard"] = SimpleNamespace(has=lambda ranges, seq: False, add=heard.add)
    made = matter.Matter.__init__

    def forgetful(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        self._acts = _Forgetful(self._acts)

    matter.Matter.__init__ = forgetful  # type: ignore[method-assign]


class _Forgetful(dict[str, str]):
    def get(self, key: str, default: Any = None) -> Any:
        return default


def ack_before_write() -> None:
    """A message is acknowledged as it comes; what its reader holds dies with it."""
    came, done = acking.Acker.delivered, acking.Acker.done

    def at_once(self: acking.Acker, tag: int) -> None:
        came(self, tag)
        done(self, tag)

    acking.Acker.delivered = at_once  # type: ignore[method-assign]
    acking.Acker.done = lambda self, tag: None  # type: ignore[method-assign]


def publish_before_write() -> None:
    """A fact is said before the write that makes it true."""
    sayers: list[saying.Sayer] = []
    made, wrote = saying.Sayer.__init__, vars(repository)["write"]

    def remembered(self: saying.Sayer, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        sayers.append(self)

    async def said_first(collection: Any, plans: Sequence[Any], *given: Any, **named: Any) -> Any:
        entries = [entry for plan in plans for entry in plan.entries]
        if entries:
            await sayers[0].publish(entries)
        return await wrote(collection, plans, *given, **named)

    saying.Sayer.__init__ = remembered  # type: ignore[method-assign]
    vars(repository)["write"] = said_first


def facts_dropped() -> None:
    """A fact that was confirmed leaves its matter and is kept nowhere."""
    made = moving.Mover.__init__

    class Nowhere:
        async def insert_many(self, *given: Any, **named: Any) -> None:
            return

    def dropping(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        self._facts = Nowhere()

    moving.Mover.__init__ = dropping  # type: ignore[method-assign]


SABOTAGES: dict[str, Callable[[], None]] = {
    "dedupe-off": dedupe_off,
    "ack-before-write": ack_before_write,
    "publish-before-write": publish_before_write,
    "facts-dropped": facts_dropped,
}
#: Under which faults each must be seen.
UNDER = {
    "dedupe-off": "everything-again",
    "ack-before-write": "dies-holding",
    "publish-before-write": "write-conflicts",
    "facts-dropped": "broker-cut",
}


def commands(sabotages: str) -> dict[str, list[str]]:
    """How each service is started under ``KIND`` (all), ``KIND@SERVICE,...`` (these) or nothing (as shipped)."""
    found = {name: [sys.executable, "-m", name] for name in OWNERS}
    for one in filter(None, sabotages.split(",")):
        kind, _, service = one.partition("@")
        for name in [service] if service else OWNERS:
            found[name] = [sys.executable, HERE, kind, name]
    return found


if __name__ == "__main__":
    # The folder of this file holds other modules of the harness; a service must not find them.
    sys.path.pop(0)
    SABOTAGES[sys.argv[1]]()
    runpy.run_module(sys.argv[2], run_name="__main__", alter_sys=True)
