"""Limits of numbers and lengths: those of a data template that make sense."""

from collections.abc import Mapping
import math

from .numbers import parse_number, round_number

# What JavaScript, and so any page that shows it, can hold without a loss.
_LARGEST = 2**53


def parse_limits(define: Mapping[str, object]) -> tuple[float | None, float | None]:
    """Return the least and the largest value or length, neither if they contradict."""
    minimum, maximum = (
        _parse_number(define.get("min")),
        _parse_number(define.get("max")),
    )
    if minimum is not None and maximum is not None and minimum > maximum:
        return None, None
    return parse_limit(minimum), parse_limit(maximum)


def parse_limit(value: object) -> float | None:
    """Return a limit, none if it is too large to be shown and set."""
    number = _parse_number(value)
    return None if number is None or abs(number) > _LARGEST else number


def distance(minimum: float | None, maximum: float | None) -> float:
    """Return how far apart two limits are."""
    return math.inf if minimum is None or maximum is None else maximum - minimum


def _parse_number(value: object) -> float | None:
    """Return a number, which comes as such, as a text, as 'undefined' or not at all."""
    number = parse_number(value)
    # As values are, or a limit that was calculated would not allow itself.
    return None if number is None else round_number(number)
