"""Which faults are there? Each is a coroutine that breaks something under load, and returns when it is whole again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from soak.world import World

Strike = Callable[[World, Random], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """``light``: may strike together with another one."""

    name: str
    strike: Strike
    tells: str
    light: bool = False


FAULTS: dict[str, Fault] = {}


def fault(name: str, *, light: bool = False, of: str = "") -> Callable[[Strike], Strike]:
    """Registers a fault; its docstring's first line says what it does, and ``{of}`` in it to what."""

    def registered(strike: Strike) -> Strike:
        doc = getattr(strike, "func", strike).__doc__ or ""
        FAULTS[name] = Fault(name, strike, doc.split("\n")[0].format(of=of), light)
        return strike

    return registered
