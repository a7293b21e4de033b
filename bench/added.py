"""One product that is added to twenty, beside the first one of all."""

import json
from statistics import median
import sys
from typing import Any

from .added_once import Added
from .fleet import SMALL
from .process import output_of
from .report import Row, rows_to_text
from .setups import LONGEST_BLOCK

ROUNDS = 3
FIRST, LATER = 0, len(SMALL)
MOST_REQUESTS = 2
MOST, MOST_BUSY = 1.5, 1.5


def measure(cloud: str, count: int) -> Added:
    """Return what one more product takes, in a process of its own."""
    return Added(**json.loads(output_of("added_once", cloud, str(count))))


def rows(found: dict[int, list[Added]]) -> list[Row]:
    """Return all rows of one more product."""
    first, later = found[FIRST], found[LATER]
    name = f"one product added to {LATER}"
    against = "the first product"
    return [
        _row(
            f"{name}: until its last of {later[0].entities} entities",
            median(item.seconds for item in later) * 1000,
            "ms",
            ratio=median(item.seconds for item in later)
            / median(item.seconds for item in first),
            against=against,
            target=MOST,
        ),
        _row(
            f"{name}: processor time of all that follows",
            median(item.busy for item in later) * 1000,
            "ms",
            ratio=median(item.busy for item in later)
            / median(item.busy for item in first),
            against=against,
            target=MOST_BUSY,
        ),
        _row(
            f"{name}: requests",
            max(item.requests for item in later),
            "",
            target=MOST_REQUESTS,
        ),
        _row(
            f"{name}: longest block of the event loop",
            max(item.block for item in later) * 1000,
            "ms",
            target=LONGEST_BLOCK,
        ),
        _row(
            f"{name}: changes of all that was there",
            max(item.touched for item in later),
            "",
            target=0,
        ),
    ]


def _row(name: str, value: float, unit: str, **more: Any) -> Row:
    """Return a row of this group."""
    return Row(group="one more product", name=name, value=value, unit=unit, **more)


def main(cloud: str) -> None:
    """Print the rows of a few rounds, in each of which both take turns."""
    found: dict[int, list[Added]] = {FIRST: [], LATER: []}
    for _ in range(ROUNDS):
        for count, items in found.items():
            items.append(measure(cloud, count))
    print(rows_to_text(rows(found)))


if __name__ == "__main__":
    main(sys.argv[1])
