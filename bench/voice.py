"""Sentences for Assist: what making them costs, and what one that is spoken does."""

import json
import sys
from typing import Any

from .process import output_of
from .report import Row, rows_to_text
from .voice_once import Voice

LANGUAGES = ("English", "Chinese")
FEW, MANY, MOST = 50, 200, 500
LONGEST_SPOKEN = 20
# In processor seconds, and in shares of making all.
MOST_OF_FEW, MOST_OF_ONE, MOST_OF_RELOAD = 0.5, 0.15, 1.2
# In milliseconds while making all.
LONGEST_OF_MANY, LONGEST_OF_MOST = 40, 100


def measure(cloud: str, language: str, count: int) -> Voice:
    """Return one home, in a process of its own."""
    return Voice(**json.loads(output_of("voice_once", cloud, language, str(count))))


def rows(language: str, few: Voice, many: Voice, most: Voice) -> list[Row]:
    """Return the rows of a language."""
    return [
        _row(
            f"{FEW} buttons, {language}: making all",
            few.making,
            "s",
            target=MOST_OF_FEW,
        ),
        _row(
            f"{MANY} buttons, {language}: making all",
            many.making,
            "s",
            ratio=many.making / few.making,
            against=f"{FEW} buttons",
            target=MANY / FEW,
        ),
        _row(
            f"{MOST} buttons, {language}: making all",
            most.making,
            "s",
            ratio=most.making / few.making,
            against=f"{FEW} buttons",
            target=MOST / FEW,
        ),
        _row(
            f"{MANY} buttons, {language}: one more",
            many.one_more,
            "s",
            ratio=many.one_more / many.making,
            against="making all",
            target=MOST_OF_ONE,
        ),
        _row(
            f"{MANY} buttons, {language}: a reload with all its entities",
            many.reload,
            "s",
            ratio=many.reload / many.making,
            against="making all",
            target=MOST_OF_RELOAD,
        ),
        _block(
            f"{MANY} buttons, {language}: longest block while making",
            many.making_block,
            target=LONGEST_OF_MANY,
        ),
        _block(
            f"{MOST} buttons, {language}: longest block while making",
            most.making_block,
            target=LONGEST_OF_MOST,
        ),
        *(
            _block(f"{MANY} buttons, {language}: {name}", block, target=LONGEST_SPOKEN)
            for name, block in (
                ("longest block of the first sentence", many.first_block),
                ("longest block of a later sentence", many.later_block),
                ("longest block of one that nobody understands", many.missed_block),
            )
        ),
    ]


def _row(name: str, value: float, unit: str, **more: Any) -> Row:
    """Return a row of this group."""
    return Row(group="voice", name=name, value=value, unit=unit, **more)


def _block(name: str, seconds: float, **more: Any) -> Row:
    """Return the row of a block."""
    return _row(name, seconds * 1000, "ms", **more)


def main(cloud: str) -> None:
    """Print the rows of each language."""
    found: list[Row] = []
    for language in LANGUAGES:
        few, many, most = (measure(cloud, language, n) for n in (FEW, MANY, MOST))
        found += rows(language, few, many, most)
    print(rows_to_text(found))


if __name__ == "__main__":
    main(sys.argv[1])
