"""A value that was written, shown until the device has it or another one."""

from dataclasses import dataclass
import math

from ..api import (
    Choice,
    DataType,
    Number,
    Report,
    Timestamp,
    WireValue,
    parse_number,
)

# Devices print a number of 32 bits with six digits behind the point.
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """What a property was set to, and what was known of it then.

    `before` is what the device had reported last, `earlier` what was written shortly
    before and may be reported yet.
    """

    type: DataType
    value: WireValue
    before: Report | None
    earlier: tuple[WireValue, ...] = ()

    def ends_with(self, report: Report) -> bool:
        """Return whether a report shows what became of the value.

        It does if it has the value, or is newer and has one that nobody expects: then the
        device decided otherwise. What it was before may be reported again before it acts.
        """
        if report == self.before:
            return is_same(self.type, report.value, self.value, steps=0)
        if is_same(self.type, report.value, self.value):
            return True
        if self.before is None:
            return not self._is_earlier(report)
        return (
            report.reported_at > self.before.reported_at
            and not is_same(self.type, report.value, self.before.value)
            and not self._is_earlier(report)
        )

    def _is_earlier(self, report: Report) -> bool:
        """Return whether a report has what was written shortly before."""
        return any(is_same(self.type, report.value, value) for value in self.earlier)


def is_same(
    data_type: DataType, one: object, other: object, *, steps: float = 0.5
) -> bool:
    """Return whether two values are one to a device, numbers within half a step."""
    if isinstance(data_type, Choice):
        key, other_key = data_type.find_key(one), data_type.find_key(other)
        return one == other if key is None else key == other_key
    if not isinstance(data_type, Number | Timestamp):
        return one == other
    number, other_number = parse_number(one), parse_number(other)
    if number is None or other_number is None:
        return one == other
    step = data_type.step if isinstance(data_type, Number) else None
    return math.isclose(
        number,
        other_number,
        rel_tol=_ROUNDING,
        abs_tol=max((step or 0) * steps, _ROUNDING),
    )
