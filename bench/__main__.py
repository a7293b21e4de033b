"""Measure the integration and print a table of medians and ratios."""

import argparse
from pathlib import Path
import platform
import sys
import time

from homeassistant.const import __version__

from .process import output_of, serving
from .report import Row, rows_from_text, table, write_json

GROUPS = (
    "calls",
    "writes",
    "round_trips",
    "pushes",
    "fan_out",
    "setups",
    "added",
    "properties",
    "away",
    "idle",
    "costs",
    "voice",
    "loading",
)


def main(arguments: argparse.Namespace) -> int:
    """Print all rows and return whether all targets hold, as an exit code."""
    start = time.monotonic()
    print(f"Home Assistant {__version__}, Python {platform.python_version()}")
    print("The emulated cloud runs in its own process, on a tuned path without checks.")
    rows: list[Row] = []
    with serving("cloud") as address:
        for group in arguments.groups or GROUPS:
            print(f"measuring: {group}", file=sys.stderr, flush=True)
            rows += rows_from_text(output_of(group, address))
    print(table(rows))
    print(f"\n{time.monotonic() - start:.0f} seconds in all")
    if arguments.json:
        write_json(arguments.json, rows)
    return 1 if any(row.fails for row in rows) else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("groups", nargs="*", help=f"only these: {', '.join(GROUPS)}")
    sys.exit(main(parser.parse_args()))
