"""Numbers: read from what people and templates write, written as devices can read."""

from decimal import Decimal
import json
import math
import re
from typing import cast

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST_NUMBER = 64
_LARGEST_NUMBER = 2**63
# The beginning of the year 9999 in milliseconds since 1970. What is before it is a date
# in every time zone.
YEAR_9999 = 253_370_764_800_000


def parse_number(value: object) -> int | float | None:
    """Return a finite number, whole ones as an integer, or none for anything else."""
    if isinstance(value, str):
        text = value.strip()
        if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            return None
        exact = Decimal(text)
        value = int(exact) if exact == exact.to_integral_value() else float(exact)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = int(value) if value.is_integer() else value
    return value if abs(value) < _LARGEST_NUMBER else None


def round_number(number: float) -> int | float:
    """Return a finite number as it was meant: 0.3 for 0.30000000000000004.

    A fraction gets 15 significant digits, all of which a float can hold; what is whole
    then is an integer. Whole numbers stay exact.
    """
    if isinstance(number, float) and not number.is_integer():
        number = float(f"{number:.15g}")
    return int(number) if number == int(number) else number


def as_text(value: object) -> str | None:
    """Return a text, also one that a template made a number of, none for anything else."""
    match value:
        case str():
            return value
        case float() if math.isfinite(value):
            return _write_float(value)
        case int() if not isinstance(value, bool):
            try:
                return f"{value:d}"
            except ValueError:
                # It has more digits than Python writes.
                return None
        case _:
            return None


def write_json(value: object) -> str:
    """Return a JSON value as compact ASCII, in which no number has an exponent.

    Tencent's device SDK for C stops reading a number there: 5e-05 becomes 5.
    """
    match value:
        case float():
            return _write_float(value)
        case dict():
            items = cast(dict[str, object], value).items()
            parts = [f"{json.dumps(key)}:{write_json(item)}" for key, item in items]
            return f"{{{','.join(parts)}}}"
        case list():
            parts = [write_json(item) for item in cast(list[object], value)]
            return f"[{','.join(parts)}]"
        case _:
            return json.dumps(value)


def _write_float(number: float) -> str:
    """Return a finite float as Python writes it, but without an exponent."""
    text = f"{Decimal(repr(float(number))):f}"
    return text if "." in text else f"{text}.0"
