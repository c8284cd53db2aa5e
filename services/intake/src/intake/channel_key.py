"""python -m intake.channel_key CHANNEL... [--per-minute N] [--scopes SCOPE,...]: a new API key for each channel.

For whoever runs the service, where no administrator is there yet. Prints the keys, once, as JSON. Needs intake's own
settings.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from chassis.credentials.credential import PER_MINUTE, PER_MINUTE_MOST, EnoughSecrets
from chassis.operating import acting, beside
from chassis.refusals import Invalid, Unavailable
from contracts.topology import WIRE

from intake.adapters.channels import channel_keys, read_channels
from intake.settings import Settings
from intake.usecases.channels import SCOPES


async def make(settings: Settings, channels: Sequence[str], scopes: Sequence[str], per_minute: int) -> dict[str, str]:
    """Key by channel. Errors: EnoughSecrets, Invalid, Unavailable."""
    made = {}
    async with beside("intake", settings, WIRE) as base:
        known = channel_keys(base.database, base.clock)
        for name in channels:
            async with acting(base, "channel_key", {"name": name}):
                issued = await known.issue(name, scopes, "operator", expires=None, per_minute=per_minute)
            made[name] = issued.secret
    return made


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m intake.channel_key", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("channels", nargs="+", metavar="CHANNEL")
    parser.add_argument("--scopes", default=",".join(SCOPES))
    parser.add_argument("--per-minute", type=_per_minute, default=PER_MINUTE, metavar="N")
    asked = parser.parse_args(arguments)
    settings = Settings()
    if unknown := {*asked.channels} - {one.name for one in read_channels(settings.channels)}:
        print(f"no such channel: {', '.join(sorted(unknown))}; see INTAKE_CHANNELS", file=sys.stderr)
        return 2
    try:
        made = asyncio.run(make(settings, asked.channels, asked.scopes.split(","), asked.per_minute))
    except (EnoughSecrets, Invalid, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(made))
    return 0


def _per_minute(text: str) -> int:
    number = int(text)
    if not 1 <= number <= PER_MINUTE_MOST:
        raise argparse.ArgumentTypeError(f"came {number}; 1 to {PER_MINUTE_MOST}")
    return number


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
