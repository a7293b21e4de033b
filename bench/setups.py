"""Setups of large and of many products, beside Home Assistant's own template entities."""

import json
from statistics import median
import sys
from typing import Any

from .fleet import LARGE_DEVICES, SMALL, SMALL_DEVICES
from .process import output_of
from .report import Row, rows_to_text
from .setup_once import ACTIONS, Setup

ROUNDS = 3
KINDS = ("large", "template", "plain", "small")
LONGEST_BLOCK = 150


def measure(cloud: str, kind: str) -> Setup:
    """Return one setup, made in a process of its own."""
    return Setup(**json.loads(output_of("setup_once", cloud, kind)))


def rows(setups: dict[str, list[Setup]]) -> list[Row]:
    """Return all rows of setups."""
    large, template, plain, small = (setups[kind] for kind in KINDS)
    name = f"{LARGE_DEVICES} devices × {ACTIONS} actions"
    enabled, disabled = large[0].enabled, large[0].disabled
    ours, theirs, without = (
        median(item.seconds for item in items) for items in (large, template, plain)
    )
    sizes = [
        median(item.memory for item in items) for items in (large, template, plain)
    ]
    requests = sum(large[0].requests.values())
    least = 1 + LARGE_DEVICES // 100
    return [
        _row(
            f"{name}: each of {enabled} enabled entities",
            ours / enabled * 1e6,
            "µs",
            ratio=(ours / enabled) / (theirs / template[0].enabled),
            against=f"each of {template[0].enabled} template entities",
            target=1.0,
        ),
        _row(
            f"{name}: memory of each enabled entity",
            sizes[0] / enabled / 1024,
            "KiB",
            ratio=sizes[0] / sizes[1],
            against=f"each of {template[0].enabled} template entities",
        ),
        _row(
            f"{name}: each of {disabled} disabled entities",
            (ours - without) / disabled * 1e6,
            "µs",
        ),
        _row(
            f"{name}: memory of each disabled entity",
            (sizes[0] - sizes[2]) / disabled / 1024,
            "KiB",
        ),
        _row(
            f"{name}: all of it",
            ours,
            "s",
            ratio=ours / theirs,
            against=f"{template[0].enabled} template entities",
        ),
        _row(
            f"{name}: requests",
            requests,
            "",
            ratio=requests / least,
            against="one template and the pages of the list",
            target=1.0,
        ),
        _block(f"{name}: longest block of the event loop", large, "block"),
        _row(
            f"{name}: longest pause of the garbage collector",
            max(item.pause for item in large) * 1000,
            "ms",
        ),
        _row(
            f"{template[0].enabled} template entities: longest block",
            max(item.block for item in template) * 1000,
            "ms",
        ),
        _block(
            "a poll in which all devices changed: longest block", large, "poll_block"
        ),
        _row(
            f"{len(SMALL)} products × {SMALL_DEVICES} devices: all of it",
            median(item.seconds for item in small),
            "s",
        ),
        _row(
            f"{len(SMALL)} products × {SMALL_DEVICES} devices: requests",
            sum(small[0].requests.values()),
            "",
            ratio=sum(small[0].requests.values()) / (2 * len(SMALL)),
            against="one template and one page each",
            target=1.0,
        ),
        _block(
            f"{len(SMALL)} products: longest block of the event loop", small, "block"
        ),
    ]


def _row(name: str, value: float, unit: str, **more: Any) -> Row:
    """Return a row of this group."""
    return Row(group="setup", name=name, value=value, unit=unit, **more)


def _block(name: str, setups: list[Setup], field: str) -> Row:
    """Return the row of a block, which must be short in each round."""
    longest = max(getattr(item, field) for item in setups) * 1000
    return _row(name, longest, "ms", target=LONGEST_BLOCK)


def main(cloud: str) -> None:
    """Print the rows of a few rounds, in each of which all kinds take turns."""
    setups: dict[str, list[Setup]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind, found in setups.items():
            found.append(measure(cloud, kind))
    print(rows_to_text(rows(setups)))


if __name__ == "__main__":
    main(sys.argv[1])
