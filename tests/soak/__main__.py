"""`python -m soak`: faults one after another under load, then mixed; then the harness itself, sabotaged. See --help."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path
from random import SystemRandom

from soak.report import report
from soak.run import Asked, Run, names

OUT = Path(".local/soak")


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seed", type=int, help="the same plan again")
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no further fault after so long (60)")
    parser.add_argument("--only", nargs="+", metavar="STEP", help="NAME, NAME+NAME, SABOTAGE:NAME")
    parser.add_argument("--mixed", type=int, default=6, help="how many pairs of faults strike together (6)")
    parser.add_argument("--rate", type=float, default=6.0, help="complaints a second (6)")
    parser.add_argument("--lease", type=float, help="seconds of a lease, in place of what is shipped")
    parser.add_argument("--list", action="store_true", help="the faults, and what each does")
    return parser.parse_args()


def main() -> int:
    told = asked()
    # What the library says of lost connections is no news here.
    for name in ("aio_pika", "aiormq"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Whoever ends this ends what it started, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if told.list:
        print("\n".join(f"{name:20} {tells}" for name, tells in names().items()))
        return 0
    if told.rate <= 0:
        print(f"came --rate {told.rate:g}; expected more than 0 complaints a second", file=sys.stderr)
        return 2
    seed = told.seed if told.seed is not None else SystemRandom().randrange(10**6)
    what = Asked(seed, told.minutes, tuple(told.only or ()), told.mixed, told.rate, told.lease)
    if unknown := what.unknown():
        print(f"came {', '.join(unknown)}; --list names the faults there are", file=sys.stderr)
        return 2
    run = Run(OUT / str(seed), what)
    code = 130
    try:
        code = asyncio.run(run.whole())
    except KeyboardInterrupt:
        print("interrupted: what was judged until then", file=sys.stderr)
    print(report(run.steps, run.folder))
    return code


if __name__ == "__main__":
    sys.exit(main())
