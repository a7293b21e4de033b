"""What it costs to keep properties and events up to date, in requests."""

from ..api import DataTemplate
from . import event_reader, schedule

_DAY = 24 * 60 * 60


def requests_per_day(
    template: DataTemplate, devices: int, *, has_properties: bool, is_pushed: bool
) -> int:
    """Return how many requests a product costs at most, with so many devices online."""
    types = {event.type for event in template.events.values()}
    properties = devices if has_properties else 0
    intervals = (schedule.INTERVAL, event_reader.INTERVAL)
    if is_pushed:
        intervals = (schedule.PUSHED_INTERVAL, schedule.PUSHED_INTERVAL)
    return _per_day(properties, intervals[0], schedule.PER_SECOND) + _per_day(
        devices * len(types), intervals[1], event_reader.PER_SECOND
    )


def _per_day(reads: int, interval: float, per_second: float) -> int:
    """Return how many requests it makes to read so many each time that it is due."""
    return round(reads * _DAY / max(interval, reads / per_second))
