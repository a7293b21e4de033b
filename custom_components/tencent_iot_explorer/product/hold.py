"""A value that was written, shown until the device has it or another one."""

from dataclasses import dataclass
import math

from ..api import DataType, Number, Report, WireValue

# Devices print a number of 32 bits with six digits behind the point.
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """What a property was set to, and what was known of it then.

    `before` is what the device had reported last, `earlier` what was written shortly
    before and may be reported yet. One that `is_overruled` is shown no more, while it may
    be confirmed yet.
    """

    type: DataType
    value: WireValue
    before: Report | None
    earlier: tuple[WireValue, ...] = ()
    is_overruled: bool = False

    def ends_with(self, report: Report) -> bool:
        """Return whether a report shows what became of the value.

        It does if it has the value, or is newer and has one that nobody expects: then the
        device decided otherwise. What it was before may be reported again before it acts.
        """
        if self.is_confirmed_by(report):
            return True
        expected: tuple[object, ...] = (self.value, *self.earlier)
        if self.before is not None:
            if report.latest_at <= self.before.reported_at:
                return False
            expected = (*expected, self.before.value)
        return not any(self._is(report, value) for value in expected)

    def is_confirmed_by(self, report: Report) -> bool:
        """Return whether a report shows that the device has the value.

        The last one from before says so only if nothing else was written since.
        """
        if self._is_from_before(report):
            written = (*self.earlier, self.value)
            return all(self._is(report, value, steps=0) for value in written)
        return self._is(report, self.value)

    def _is_from_before(self, report: Report) -> bool:
        """Return whether a report is the last one from before, as far as it shows."""
        before = self.before
        return (
            before is not None
            and report.value == before.value
            and report.is_of_the_moment_of(before)
        )

    def _is(self, report: Report, value: object, *, steps: float = 0.5) -> bool:
        """Return whether a report has a value, as near as half a step."""
        one, other = self.type.from_report(report.value), self.type.from_report(value)
        if not isinstance(one, int | float) or not isinstance(other, int | float):
            return one == other
        near, rounding = _ROUNDING, _ROUNDING
        if isinstance(self.type, Number):
            near = max((self.type.step or 0) * steps, near)
            rounding = 0 if self.type.is_whole else rounding
        return math.isclose(one, other, rel_tol=rounding, abs_tol=near)
