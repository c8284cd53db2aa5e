"""Where does the time of one ticket go? Each service is sampled by py-spy while tickets go the whole way.

py-spy samples who holds the interpreter (`--gil`), so shares are of Python's own CPU time.
"""

import subprocess
from collections import Counter
from pathlib import Path

COMMAND = ("py-spy", "record", "--gil", "-r", "100", "-f", "raw")
#: The first part one of whose words stands in the innermost frame that names any; read from the leaf to the root.
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sealing", ("chassis/sealing", "cryptography/", "adapters/seals", "joserfc/")),
    (
        "tracing",
        ("chassis/telemetry", "opentelemetry/", "trace/", "trace/__init__", "contextvars_context", "fastapi/telemetry"),
    ),
    ("metrics", ("prometheus_client/", "chassis/metrics")),
    ("publish", ("chassis/messaging", "chassis/saying")),
    ("envelope and state", ("chassis/matter", "chassis/documents", "chassis/heard", "contracts/")),
    ("decode and dispatch", ("chassis/surround", "chassis/consuming", "chassis/acking", "chassis/inbox")),
    ("broker client", ("aiormq/", "pamqp/", "aio_pika/", "asyncio/streams")),
    ("database client", ("pymongo/", "motor/", "bson/", "concurrent/futures/", "_chain_future")),
    ("group commit", ("chassis/repository", "chassis/writing", "chassis/relay")),
    (
        "deliveries",
        ("chassis/deliveries", "chassis/keydesk", "httpx/", "httpcore/", "aiosmtplib/", "jinja2/", "email/"),
    ),
    ("HTTP door", ("fastapi/", "starlette/", "uvicorn/", "httptools", "chassis/http", "h11/")),
    (
        "use cases",
        ("/usecases", "/domain", "/directory", "/adapters/", "/service_levels", "/completeness", "/subscribers"),
    ),
)


def record(pids: dict[str, int], seconds: int, folder: Path) -> list[subprocess.Popen[bytes]]:
    """Starts sampling; wait for them, then `shares`. FileNotFoundError where py-spy is not installed."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        subprocess.Popen(
            [*COMMAND, "-d", str(seconds), "-o", str(folder / f"{name}.raw"), "-p", str(pid)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name, pid in pids.items()
    ]


def part_of(stack: str) -> str:
    for frame in reversed(stack.split(";")):
        for part, words in PARTS:
            if any(word in frame for word in words):
                return part
    return "event loop"


def _stacks(file: Path) -> list[tuple[str, int]]:
    lines = file.read_text(errors="replace").splitlines()
    return [(stack, int(times)) for stack, _, times in (line.rpartition(" ") for line in lines) if stack]


def shares(file: Path) -> dict[str, float]:
    """Share of each part, the largest first."""
    counted: Counter[str] = Counter()
    for stack, times in _stacks(file):
        counted[part_of(stack)] += times
    whole = counted.total() or 1
    return {part: times / whole for part, times in counted.most_common()}


def functions(file: Path, most: int = 12) -> list[tuple[str, float]]:
    """Functions that are longest at work themselves."""
    counted: Counter[str] = Counter()
    for stack, times in _stacks(file):
        counted[stack.rpartition(";")[2]] += times
    whole = counted.total() or 1
    return [(name, times / whole) for name, times in counted.most_common(most)]
