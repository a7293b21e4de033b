"""Setups of large and of many products, beside Home Assistant's own template entities."""

from collections.abc import Callable
import json
from statistics import median
import sys
from typing import Any

from .fleet import (
    ALL_ENABLED,
    FEW_ENABLED,
    LARGE,
    LARGE_DEVICES,
    PROPERTIES,
    SMALL,
    SMALL_DEVICES,
)
from .process import output_of
from .report import Row, rows_to_text
from .setup_once import ACTIONS, Setup, setup_from_text

ROUNDS = 2
LONGEST_BLOCK = 50
# As many lists as are read in a second.
_PACE = 5
_LARGE = f"{LARGE_DEVICES} devices × {ACTIONS} actions"
_CASES = {
    FEW_ENABLED: f"{_LARGE}, 2 of {PROPERTIES} properties",
    ALL_ENABLED: f"{_LARGE}, {PROPERTIES} properties",
}
_TEMPLATE = "template"


def measure(cloud: str, kind: str, *more: str) -> Setup:
    """Return one setup, made in a process of its own."""
    return setup_from_text(output_of("setup_once", cloud, kind, *more))


def rows(alone: dict[str, list[Setup]], watched: dict[str, list[Setup]]) -> list[Row]:
    """Return all rows of setups."""
    found = _large_rows(alone[LARGE], alone[_TEMPLATE])
    for kind, name in _CASES.items():
        found += _watched_rows(name, watched[kind], watched[_TEMPLATE])
    return found + _small_rows(alone["small"])


def _large_rows(ours: list[Setup], template: list[Setup]) -> list[Row]:
    """Return what a product of actions takes while nothing else goes on."""
    enabled, theirs = _enabled(ours), _enabled(template)
    against = f"each of {theirs} template entities"
    requests = sum(ours[0].requests.values())
    return [
        _row(
            f"{_LARGE}: each of {enabled} enabled entities",
            _cost(ours) / enabled * 1e6,
            "µs",
            ratio=(_cost(ours) / enabled) / (_cost(template) / theirs),
            against=against,
            target=1.0,
        ),
        _row(
            f"{_LARGE}: memory of each enabled entity",
            _memory(ours) / enabled / 1024,
            "KiB",
            ratio=(_memory(ours) / enabled) / (_memory(template) / theirs),
            against=against,
            target=1.0,
        ),
        _row(
            f"{_LARGE}: requests",
            requests,
            "",
            ratio=requests / (1 + LARGE_DEVICES // 100),
            against="one template and the pages of the list",
            target=1.0,
        ),
        _block(
            "a poll in which all devices changed", ours, lambda item: item.poll_block
        ),
    ]


def _watched_rows(name: str, ours: list[Setup], template: list[Setup]) -> list[Row]:
    """Return what a whole product takes, and how long another page waits meanwhile."""
    enabled, disabled = _enabled(ours), ours[0].disabled
    entities, theirs = enabled + disabled, _enabled(template)
    against = f"{theirs} template entities"
    waits, their_waits = (
        median(item.answers.longest for item in items if item.answers)
        for items in (ours, template)
    )
    most = median(item.answers.most for item in ours if item.answers)
    pauses, their_pauses = (
        median(item.pause for item in items) for items in (ours, template)
    )
    blocks, their_blocks = (
        median(item.other_block for item in items) for items in (ours, template)
    )
    return [
        _row(
            f"{name}: longest answer to another page",
            waits * 1000,
            "ms",
            ratio=waits / their_waits,
            against=against,
            target=1.0,
        ),
        _row(
            f"{name}: 99 of 100 answers to another page",
            most * 1000,
            "ms",
            target=3 * LONGEST_BLOCK,
        ),
        _row(
            f"{name}: longest pause of Python's garbage collector",
            pauses * 1000,
            "ms",
            ratio=pauses / their_pauses,
            against=against,
            target=1.2,
        ),
        _row(
            f"{name}: longest block of Home Assistant's own",
            blocks * 1000,
            "ms",
            ratio=blocks / their_blocks,
            against=against,
            target=1.0,
        ),
        _block(name, ours, lambda item: item.own_block),
        _row(
            f"{name}: each of {entities} entities, {disabled} of them disabled",
            _cost(ours) / entities * 1e6,
            "µs",
            ratio=(_cost(ours) / entities) / (_cost(template) / theirs),
            against=f"each of {against}",
            target=1.0,
        ),
        _row(
            f"{name}: memory of all",
            _memory(ours) / 1024**2,
            "MiB",
            ratio=_memory(ours) / _memory(template),
            against=against,
            target=1.3,
        ),
    ]


def _small_rows(small: list[Setup]) -> list[Row]:
    """Return what many small products take."""
    name = f"{len(SMALL)} products × {SMALL_DEVICES} devices"
    seconds = median(item.seconds for item in small)
    requests = sum(small[0].requests.values())
    return [
        _row(
            f"{name}: all of it",
            seconds,
            "s",
            ratio=seconds / (len(SMALL) / _PACE),
            against=f"their lists, {_PACE} in a second",
            target=1.3,
        ),
        _row(
            f"{name}: requests",
            requests,
            "",
            ratio=requests / (2 * len(SMALL)),
            against="one template and one page each",
            target=1.0,
        ),
        _block(name, small, lambda item: item.own_block),
    ]


def _enabled(setups: list[Setup]) -> int:
    """Return how many entities are enabled."""
    return sum(setups[0].enabled.values())


def _cost(setups: list[Setup]) -> float:
    """Return how many seconds of the processor setups took."""
    return median(item.cost for item in setups)


def _memory(setups: list[Setup]) -> float:
    """Return how many bytes setups took."""
    return median(item.memory for item in setups)


def _row(name: str, value: float, unit: str, **more: Any) -> Row:
    """Return a row of this group."""
    return Row(group="setup", name=name, value=value, unit=unit, **more)


def _block(name: str, setups: list[Setup], block: Callable[[Setup], float]) -> Row:
    """Return the row of a block of our own, which must be short in each round."""
    longest = max(map(block, setups)) * 1000
    return _row(
        f"{name}: longest block of our own", longest, "ms", target=LONGEST_BLOCK
    )


def main(cloud: str) -> None:
    """Print the rows of a few rounds, in each of which all kinds take turns."""
    alone: dict[str, list[Setup]] = {LARGE: [], _TEMPLATE: [], "small": []}
    watched: dict[str, list[Setup]] = {FEW_ENABLED: [], ALL_ENABLED: [], _TEMPLATE: []}
    for _ in range(ROUNDS):
        for setups, more in ((alone, ()), (watched, ("watched",))):
            for kind, found in setups.items():
                if kind == _TEMPLATE:
                    # As many as are enabled of a product that came before.
                    kind = json.dumps(next(iter(setups.values()))[0].enabled)
                found.append(measure(cloud, kind, *more))
    print(rows_to_text(rows(alone, watched)))


if __name__ == "__main__":
    main(sys.argv[1])
