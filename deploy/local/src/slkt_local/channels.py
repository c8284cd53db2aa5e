"""With which keys do this machine's channels submit? Made once, by intake's own command, for it keeps digests only."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from slkt_local.addresses import write_private_json
from slkt_local.services import Service

#: Whoever measures here must meet the suite's limits, not a key's.
PER_MINUTE = 1_000_000


class NoKeys(RuntimeError):
    """Intake's command made none; the message holds why."""


def keys_of(intake: Service, channels: Iterable[str], store: Path) -> dict[str, str]:
    """API key by channel, kept in `store` (0600) for the next time. Nobody has to be logged in, nor intake to be ready.

    Raises NoKeys.
    """
    known: dict[str, str] = json.loads(store.read_text()) if store.exists() else {}
    if missing := [name for name in channels if name not in known]:
        known |= _made(intake, missing)
        write_private_json(store, known)
    return known


def _made(intake: Service, channels: list[str]) -> dict[str, str]:
    command = [sys.executable, "-m", "intake.channel_key", *channels, "--per-minute", str(PER_MINUTE)]
    made = subprocess.run(command, env=intake.environment(), capture_output=True, text=True, timeout=60, check=False)
    if made.returncode:
        raise NoKeys(made.stderr.strip())
    keys: dict[str, str] = json.loads(made.stdout)
    return keys
