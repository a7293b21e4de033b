"""Which reports of a device are new, whether they were read or pushed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..api import Report

# In milliseconds: what was reported since is another report, whatever clock counts.
_APART = 30_000

type Reports = Mapping[str, Report]


@dataclass(kw_only=True, slots=True)
class _Push:
    """Which push a known report came by; it `is_doubted` once a later read denied it."""

    number: int
    is_doubted: bool = False


class ReportOrder:
    """What is known of the order of one device's reports beside their times.

    What is pushed may come twice, late, out of order, or while the device is being read.
    Its time may be rounded, so that a read and a push of one moment tell nothing.
    """

    def __init__(self) -> None:
        """Begin with nothing that was pushed."""
        self._pushes: dict[str, _Push] = {}

    def newer_of_read(self, known: Reports, reports: Reports, pushes: int) -> Reports:
        """Return what is to be kept of a read that began after so many pushes."""
        kept: dict[str, Report] = {}
        for key, report in reports.items():
            if before := known.get(key):
                if self._is_outdated(key, report, before, pushes):
                    continue
                if report.is_of_the_moment_of(before):
                    # Another of that moment that is pushed late is still told from it.
                    report = replace(report, sequence=before.sequence, sent=before.sent)
            self._pushes.pop(key, None)
            kept[key] = report
        return kept

    def is_missed(self, known: Reports, reports: Reports) -> bool:
        """Return whether a read shows what should have been pushed, and was not yet.

        The cloud's time of what was pushed may be another, if the value is the same.
        """
        return any(
            report.reported_at > before.latest_at + _APART
            and (key not in self._pushes or report.value != before.value)
            for key, report in reports.items()
            if (before := known.get(key))
        )

    def newer_of_pushed(self, known: Reports, reports: Reports, number: int) -> Reports:
        """Return what is to be kept of a push, which has some number."""
        kept: dict[str, Report] = {}
        for key, report in reports.items():
            if before := known.get(key):
                if _is_older(report, before):
                    continue
                if report.is_of_the_moment_of(before) and report.value == before.value:
                    report = _joined(report, before)
            self._pushes[key] = _Push(number=number)
            kept[key] = report
        return kept

    def _is_outdated(
        self, key: str, report: Report, before: Report, pushes: int
    ) -> bool:
        """Return whether a report that was read is older than what was pushed.

        A device whose clock was wrong is believed at the second read after the push.
        """
        push = self._pushes.get(key)
        if push is None or report.reported_at > before.latest_at:
            return False
        if push.number > pushes:
            return True
        if push.is_doubted or report.is_of_the_moment_of(before):
            return False
        push.is_doubted = True
        return True


def _is_older(report: Report, known: Report) -> bool:
    """Return whether a pushed report is older than what is known, or the same again.

    Two clocks say nothing of each other. If only one report is ahead of its message, the
    messages say which is the later. What was only read may be of the cloud's clock or of
    the device's, so that what is older is so by both.
    """
    if known.sent and report.sent and known.is_ahead is not report.is_ahead:
        if known.sent.at != report.sent.at:
            return report.sent.at < known.sent.at
    elif not report.is_of_the_moment_of(known):
        reported_at = report.reported_at
        if known.sent is None and report.sent:
            reported_at = max(reported_at, report.sent.at)
        return reported_at < known.reported_at
    if report.sequence is None or known.sequence is None:
        return False
    return report.sequence <= known.sequence


def _joined(report: Report, known: Report) -> Report:
    """Return a pushed report that is the known one, or a later one of the same value."""
    reported_at = max(report.reported_at, known.reported_at)
    return replace(
        report,
        reported_at=reported_at,
        resolution=report.latest_at - reported_at + 1,
        sequence=known.sequence if report.sequence is None else report.sequence,
    )
