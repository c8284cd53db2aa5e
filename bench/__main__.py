"""`python -m bench`: everything in one run on one private broker and database, interleaved; a table in .local/bench.

`--full` stores a million matters and watches memory for ten minutes. `--only` picks parts. `--profile` samples where
the time goes (needs py-spy) instead of measuring.
"""

import argparse
import sys
from pathlib import Path

from slkt_local.stack import Stack

from bench import measure
from bench.ground import Ground
from bench.report import Report

#: Lists and figures last: what they write stays in the databases.
PARTS = ("rates", "latency", "stored", "replicas", "duplicates", "pairs", "live", "lists", "figures")
OUT = Path(".local/bench")


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million stored matters, ten minutes of memory")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--tickets", type=int, default=4_000, help="tickets of one measurement")
    parser.add_argument("--stored", type=int, help="matters stored in bulk (100000; with --full 1000000)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts")
    parser.add_argument("--complaints", type=Path, help="a file of the CFPB's export: its rows are sent")
    parser.add_argument("--profile", action="store_true", help="where the time of one ticket goes; needs py-spy")
    return parser.parse_args()


def main() -> None:
    told = asked()
    sizes = measure.Sizes(
        rounds=told.rounds,
        tickets=told.tickets,
        stored=told.stored or (1_000_000 if told.full else 100_000),
        memory_seconds=600.0 if told.full else 120.0,
    )
    report = Report()
    root = OUT / "stack"
    with Stack(root, log_level="WARNING", example_data=not {"lists", "figures"}.isdisjoint(told.only)) as stack:
        ground = Ground(root.resolve(), stack, 2_000, told.complaints)
        report.facts |= measure.facts(ground, sizes)
        try:
            if told.profile:
                measure.profiled(ground, report, sizes)
            else:
                for part in PARTS:
                    if part in told.only:
                        print(f"== {part}", file=sys.stderr, flush=True)
                        getattr(measure, part)(ground, report, sizes)
                        report.write(OUT)
        finally:
            report.write(OUT)
    print(report.markdown())


if __name__ == "__main__":
    main()
