"""What it costs to keep properties and events up to date, in requests."""

from ..api import DataTemplate

_DAY = 24 * 60 * 60
_READ_INTERVAL = 60
_READS_PER_SECOND = 5
_EVENT_INTERVAL = 120
_EVENT_READS_PER_SECOND = 2


def requests_per_day(
    template: DataTemplate, devices: int, *, has_properties: bool
) -> int:
    """Return how many requests a product costs at most, with so many devices online."""
    requests = 0
    if has_properties:
        interval = max(_READ_INTERVAL, devices / _READS_PER_SECOND)
        requests += round(devices * _DAY / interval)
    if types := len({event.type for event in template.events.values()}):
        reads = devices * types
        interval = max(_EVENT_INTERVAL, reads / _EVENT_READS_PER_SECOND)
        requests += round(reads * _DAY / interval)
    return requests
