"""Brightness: from 1 to 255 in Home Assistant, within limits of its own in a template."""

from homeassistant.util.color import brightness_to_value, value_to_brightness

from ..api import Number

_STEPS = 255


def to_brightness(number: Number, value: float) -> int:
    """Return what Home Assistant shows for a value of a device."""
    return value_to_brightness(_range(number), value / _grain(number))


def from_brightness(number: Number, brightness: int) -> float:
    """Return what a device is sent; the darkest is never off."""
    grain = _grain(number)
    lowest, highest = _range(number)
    steps = round(brightness_to_value((lowest, highest), brightness))
    return min(max(steps, lowest), highest) * grain


def _range(number: Number) -> tuple[float, float]:
    """Return the darkest and the brightest value, counted in the least differences.

    Zero is off, which has a property of its own.
    """
    minimum, maximum = number.minimum or 0, number.maximum or 0
    grain = _grain(number)
    lowest = max(1, round(minimum / grain))
    return lowest, max(lowest, round(maximum / grain))


def _grain(number: Number) -> float:
    """Return the least difference between two values.

    A whole number has 1, whatever step a template states: what is off-step is accepted.
    """
    if number.is_whole:
        return 1
    minimum, maximum = number.minimum or 0, number.maximum or 0
    return number.step or (maximum - minimum) / _STEPS
