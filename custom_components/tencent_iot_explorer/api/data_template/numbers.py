"""Numbers and time stamps: `int`, `float` and `timestamp`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import math
from typing import ClassVar, Self, override

from ..numbers import YEAR_9999, as_text, parse_number, round_number
from .base import DataType, Problem, RefusedValueError, TimeSettings, TimestampUnit
from .reading import read_text

_LONGEST_UNIT = 128
# What JavaScript, and so any page that shows it, can hold without a loss.
_LARGEST = 2**53
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_MILLISECONDS = 10**11
_ANY_TIME = "2026-01-31 08:00:00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Number(DataType):
    """A number with those of its limits that make sense, none of them beyond ±2^53.

    All are in `unit`, which is the template's own text; `start` is within the limits.
    """

    name: str = field(init=False, default="float")
    is_whole: ClassVar[bool] = False
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    start: float | None = None
    unit: str = ""

    @classmethod
    @override
    def parse(cls, define: Mapping[str, object]) -> Self:
        """Return a number with those of its limits that make sense."""
        minimum, maximum = parse_limits(define)
        step, start = (
            _parse_limit(define.get("step")),
            _parse_limit(define.get("start")),
        )
        if step is not None and (step <= 0 or step > _distance(minimum, maximum)):
            step = None
        if cls.is_whole:
            step = step if isinstance(step, int) else 1
            start = start if isinstance(start, int) else None
        if start is not None and not _is_within(start, minimum, maximum):
            start = None
        unit = define.get("unit")
        return cls(
            minimum=minimum,
            maximum=maximum,
            step=step,
            start=start,
            unit="" if unit == "undefined" else read_text(unit, _LONGEST_UNIT),
        )

    @property
    @override
    def allowed(self) -> str:
        """Return the range with the unit."""
        minimum, maximum = as_text(self.minimum), as_text(self.maximum)
        if minimum and maximum:
            text = f"{minimum} – {maximum}"
        elif minimum:
            text = f"≥ {minimum}"
        elif maximum:
            text = f"≤ {maximum}"
        else:
            return self.unit
        return f"{text} {self.unit}".strip()

    @property
    @override
    def example(self) -> float:
        """Return the start, else the least number, else one not above the largest."""
        if self.start is not None:
            return self.start
        if self.minimum is not None:
            return math.ceil(self.minimum) if self.is_whole else self.minimum
        return 0 if self.maximum is None else min(0, math.floor(self.maximum))

    @override
    def to_wire(self, value: object, times: TimeSettings) -> int | float:
        """Return a number within its limits, of at most 15 significant digits.

        It is given as a number or in digits, never as true or false; a step is no limit.
        """
        number = parse_number(value)
        if number is None:
            raise RefusedValueError(Problem.NOT_A_NUMBER)
        number = round_number(number)
        if self.is_whole and not isinstance(number, int):
            raise RefusedValueError(Problem.NOT_AN_INTEGER)
        if not _is_within(number, self.minimum, self.maximum):
            raise RefusedValueError(Problem.OUT_OF_RANGE)
        return number

    @override
    def from_wire(self, value: object) -> object:
        """Return a number where a device sent digits."""
        return number_in(value)

    @override
    def from_report(self, value: object) -> float | None:
        """Return a finite number, also where a device sent digits."""
        return parse_number(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Integer(Number):
    """A whole number, whose step is 1 where the template states none."""

    name: str = field(init=False, default="int")
    is_whole: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Timestamp(DataType):
    """A moment, sent as an integer in the product's unit."""

    name: str = field(init=False, default="timestamp")

    @property
    @override
    def example(self) -> str:
        """Return some date and time."""
        return _ANY_TIME

    @override
    def to_wire(self, value: object, times: TimeSettings) -> int:
        """Return an integer as given, a date and time in the product's unit."""
        number = parse_number(value)
        if isinstance(number, int) and number >= 0:
            return number
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value.strip())
            except ValueError as err:
                raise RefusedValueError(Problem.NOT_A_TIME) from err
        if not isinstance(value, datetime):
            raise RefusedValueError(Problem.NOT_A_TIME)
        if value.tzinfo is None:
            value = value.replace(tzinfo=times.time_zone)
        seconds = (value - _EPOCH).total_seconds()
        if seconds < 0:
            raise RefusedValueError(Problem.NOT_A_TIME)
        if times.unit is TimestampUnit.MILLISECONDS:
            return round(seconds * 1000)
        return int(seconds)

    @override
    def from_wire(self, value: object) -> object:
        """Return a number where a device sent digits."""
        return number_in(value)

    @override
    def from_report(self, value: object) -> datetime | None:
        """Return a moment, whatever unit it was reported in; 0 says that there is none."""
        number, unit = parse_number(value), reported_unit(value)
        if number is None or unit is None:
            return None
        return _EPOCH + timedelta(**{unit: number})


def reported_unit(value: object) -> TimestampUnit | None:
    """Return what a reported time stamp counts in, none if it is none.

    So many seconds are not over before the year 5138, and so many milliseconds were in
    1973, when there was no such device.
    """
    number = parse_number(value)
    if number is None or not 0 < number < YEAR_9999:
        return None
    is_seconds = number < _LEAST_MILLISECONDS
    return TimestampUnit.SECONDS if is_seconds else TimestampUnit.MILLISECONDS


def number_in(value: object) -> object:
    """Return the number that a device sent or wrote in digits, anything else as it is."""
    number = parse_number(value)
    return value if number is None else number


def _is_within(number: float, minimum: float | None, maximum: float | None) -> bool:
    """Return whether a number is within limits."""
    return (minimum is None or number >= minimum) and (
        maximum is None or number <= maximum
    )


def parse_limits(define: Mapping[str, object]) -> tuple[float | None, float | None]:
    """Return the least and the largest value or length, neither if they contradict."""
    minimum, maximum = (_usable_number(define.get(key)) for key in ("min", "max"))
    if minimum is not None and maximum is not None and minimum > maximum:
        return None, None
    return _parse_limit(minimum), _parse_limit(maximum)


def _parse_limit(value: object) -> float | None:
    """Return a limit, none if it is too large to be shown and set."""
    number = _usable_number(value)
    return None if number is None or abs(number) > _LARGEST else number


def _distance(minimum: float | None, maximum: float | None) -> float:
    """Return how far apart two limits are."""
    return math.inf if minimum is None or maximum is None else maximum - minimum


def _usable_number(value: object) -> float | None:
    """Return a limit, which comes as such, as a text, as 'undefined' or not at all."""
    number = parse_number(value)
    # As values are, or a limit that was calculated would not allow itself.
    return None if number is None else round_number(number)
