"""Setups of large and of many products, beside Home Assistant's own template entities."""

import json
from statistics import median
import sys

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
        Row(
            group="setup",
            name=f"{name}: each of {enabled} enabled entities",
            value=ours / enabled * 1e6,
            unit="µs",
            ratio=(ours / enabled) / (theirs / template[0].enabled),
            against=f"each of {template[0].enabled} template entities",
            target=1.0,
        ),
        Row(
            group="setup",
            name=f"{name}: memory of each enabled entity",
            value=sizes[0] / enabled / 1024,
            unit="KiB",
            ratio=sizes[0] / sizes[1],
            against=f"each of {template[0].enabled} template entities",
        ),
        Row(
            group="setup",
            name=f"{name}: each of {disabled} disabled entities",
            value=(ours - without) / disabled * 1e6,
            unit="µs",
        ),
        Row(
            group="setup",
            name=f"{name}: memory of each disabled entity",
            value=(sizes[0] - sizes[2]) / disabled / 1024,
            unit="KiB",
        ),
        Row(
            group="setup",
            name=f"{name}: all of it",
            value=ours,
            unit="s",
            ratio=ours / theirs,
            against=f"{template[0].enabled} template entities",
        ),
        Row(
            group="setup",
            name=f"{name}: requests",
            value=requests,
            unit="",
            ratio=requests / least,
            against="one template and the pages of the list",
            target=1.0,
        ),
        _block(f"{name}: longest block of the event loop", large, "block"),
        Row(
            group="setup",
            name=f"{name}: longest pause of the garbage collector",
            value=max(item.pause for item in large) * 1000,
            unit="ms",
        ),
        Row(
            group="setup",
            name=f"{template[0].enabled} template entities: longest block",
            value=max(item.block for item in template) * 1000,
            unit="ms",
        ),
        _block(
            "a poll in which all devices changed: longest block", large, "poll_block"
        ),
        Row(
            group="setup",
            name=f"{len(SMALL)} products × {SMALL_DEVICES} devices: all of it",
            value=median(item.seconds for item in small),
            unit="s",
        ),
        Row(
            group="setup",
            name=f"{len(SMALL)} products × {SMALL_DEVICES} devices: requests",
            value=sum(small[0].requests.values()),
            unit="",
            ratio=sum(small[0].requests.values()) / (2 * len(SMALL)),
            against="one template and one page each",
            target=1.0,
        ),
        _block(
            f"{len(SMALL)} products: longest block of the event loop", small, "block"
        ),
    ]


def _block(name: str, setups: list[Setup], field: str) -> Row:
    """Return the row of a block, which must be short in each round."""
    return Row(
        group="setup",
        name=name,
        value=max(getattr(item, field) for item in setups) * 1000,
        unit="ms",
        target=LONGEST_BLOCK,
    )


def main(cloud: str) -> None:
    """Print the rows of a few rounds, in each of which all kinds take turns."""
    setups: dict[str, list[Setup]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind, found in setups.items():
            found.append(measure(cloud, kind))
    print(rows_to_text(rows(setups)))


if __name__ == "__main__":
    main(sys.argv[1])
