"""Properties of a large product, beside Home Assistant's own template entities."""

import json
from statistics import median
import sys

from .fleet import LARGE_DEVICES, PROPERTIES
from .process import output_of
from .properties_once import Poll
from .report import Row, rows_to_text
from .setups import LONGEST_BLOCK

ROUNDS = 2
KINDS = ("ours", "template")


def measure(cloud: str, kind: str) -> Poll:
    """Return one set-up and a poll after it, made in a process of its own."""
    return Poll(**json.loads(output_of("properties_once", cloud, kind)))


def rows(polls: dict[str, list[Poll]]) -> list[Row]:
    """Return all rows of properties."""
    ours, template = (polls[kind] for kind in KINDS)
    name = f"{LARGE_DEVICES} devices × {PROPERTIES} properties"
    enabled, changed = ours[0].enabled, ours[0].changed
    others = f"each of {template[0].enabled} template entities"
    least = 1 + LARGE_DEVICES // 100 + LARGE_DEVICES
    update = f"each of {template[0].changed} template sensors"
    busy = median(poll.busy for poll in ours) / changed
    taken = median(poll.taken for poll in ours) / changed
    theirs = median(poll.busy for poll in template) / template[0].changed
    raw = median(poll.raw for poll in ours) / changed
    return [
        _compared(f"{name}: each of {enabled} enabled entities", polls, others),
        Row(
            group="properties",
            name=f"{name}: memory of each enabled entity",
            value=median(poll.memory for poll in ours) / enabled / 1024,
            unit="KiB",
            ratio=median(poll.memory for poll in ours)
            / median(poll.memory for poll in template),
            against=others,
            target=1.0,
        ),
        Row(
            group="properties",
            name=f"{name}: requests",
            value=ours[0].requests,
            unit="",
            ratio=ours[0].requests / least,
            against="one template, the pages of the list and each device",
            target=1.0,
        ),
        _block(f"{name}: longest block of our own", ours, "setup_block"),
        _state("all changed: each state, with the reading", busy, theirs, update, 2.2),
        _state("all changed: each state, shown alone", taken, theirs, update, 0.8),
        _state(
            "all changed: each state, shown alone", taken, raw, "a state write", 4.5
        ),
        _block("all changed: longest block of our own", ours, "block"),
        _block("all went offline: longest block of our own", ours, "away_block"),
    ]


def _compared(name: str, polls: dict[str, list[Poll]], against: str) -> Row:
    """Return the row of how long entities take to be set up."""
    ours, theirs = (
        median(poll.setup_busy / poll.enabled for poll in polls[kind]) for kind in KINDS
    )
    return Row(
        group="properties",
        name=name,
        value=ours * 1e6,
        unit="µs",
        ratio=ours / theirs,
        against=against,
        target=1.0,
    )


def _state(name: str, ours: float, theirs: float, against: str, target: float) -> Row:
    """Return the row of how long a changed state takes."""
    return Row(
        group="properties",
        name=name,
        value=ours * 1e6,
        unit="µs",
        ratio=ours / theirs,
        against=against,
        target=target,
    )


def _block(name: str, polls: list[Poll], field: str) -> Row:
    """Return the row of a block, which must be short in each round."""
    return Row(
        group="properties",
        name=name,
        value=max(getattr(poll, field) for poll in polls) * 1000,
        unit="ms",
        target=LONGEST_BLOCK,
    )


def main(cloud: str) -> None:
    """Print the rows of a few rounds, in each of which both kinds take turns."""
    polls: dict[str, list[Poll]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind, found in polls.items():
            found.append(measure(cloud, kind))
    print(rows_to_text(rows(polls)))


if __name__ == "__main__":
    main(sys.argv[1])
