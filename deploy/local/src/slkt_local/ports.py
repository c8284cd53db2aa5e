"""Which ports are free on this machine, and does something listen yet?"""

import errno
import random
import socket
from collections import deque
from pathlib import Path

LOOPBACK = "127.0.0.1"
LOWEST = 15_000
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_draw = random.SystemRandom()
#: Who drew a port holds its name until it has drawn so many others, or ends: nobody who starts meanwhile draws it too.
_held: deque[socket.socket] = deque(maxlen=150)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, all different.

    Below the range the system gives to outgoing connections: a server needs seconds to listen, may be restarted on the
    same port, and meanwhile no connection of somebody else's may take it.
    """
    highest = int(EPHEMERAL.read_text().split()[0]) if EPHEMERAL.exists() else 32_768
    if highest < LOWEST + 1_000:
        highest = 65_535
    found: list[int] = []
    for port in _draw.sample(range(LOWEST, highest), highest - LOWEST):
        if len(found) == count:
            break
        if _is_free(port) and _is_ours(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _is_ours(port: int) -> bool:
    """Holds a name that Linux takes back with the process; where there are no such names, the draw alone decides."""
    held = socket.socket(socket.AF_UNIX)
    try:
        held.bind(f"\0slkt-port-{port}")
    except OSError as error:
        held.close()
        return error.errno != errno.EADDRINUSE
    if len(_held) == _held.maxlen:
        _held.popleft().close()
    _held.append(held)
    return True


def listens(port: int, host: str = LOOPBACK) -> bool:
    """Does something accept connections there?"""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False
