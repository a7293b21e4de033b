"""What it costs to keep devices, properties and events up to date, in requests.

The one formula of it: documents, dialogs and measurements have their numbers from here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
import math
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ..account.client import limited_key
from ..api import MOST_PER_SECOND
from ..const import DOMAIN
from ..coordinator import UPDATE_INTERVAL
from ..product.reader import pages_of
from ..runtime import Product, TencentIotConfigEntry
from . import event_reader, schedule
from .event_targets import wanted_targets

_DAY = 24 * 60 * 60
_TEMPLATES = 24
_LISTS_PER_SECOND = MOST_PER_SECOND["GetDeviceList"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """What is asked again and again of one product, all of whose devices are online.

    So many `devices` of a `total` in the cloud are polled, or always the whole list if
    `all_devices` are followed, and of so many the `properties` are read. A reading of
    `events` is one of one type of one device.
    """

    devices: int
    total: int
    all_devices: bool = False
    properties: int = 0
    events: int = 0
    is_pushed: bool = False

    @property
    def poll(self) -> int:
        """Return how many requests a poll is: the list, or each device, if those are fewer."""
        pages = pages_of(self.total)
        return pages if self.all_devices else min(self.devices, pages)


@dataclass(frozen=True, kw_only=True, slots=True)
class Costs:
    """After how many seconds each thing of a product is asked for again, at the earliest."""

    use: Use
    poll_interval: float
    property_interval: float
    event_interval: float

    @property
    def polls(self) -> int:
        """Return how many requests a day lists make, or those for single devices."""
        return round(self.use.poll * _DAY / self.poll_interval)

    @property
    def properties(self) -> int:
        """Return how many requests a day read properties."""
        return round(self.use.properties * _DAY / self.property_interval)

    @property
    def events(self) -> int:
        """Return how many requests a day read events."""
        return round(self.use.events * _DAY / self.event_interval)

    @property
    def per_day(self) -> int:
        """Return how many requests a day there are at most, but for what a person does."""
        return _TEMPLATES + self.polls + self.properties + self.events

    @property
    def slows_properties(self) -> bool:
        """Return whether properties are polled less often than those of few devices."""
        is_polled = self.use.properties > 0 and not self.use.is_pushed
        return is_polled and self.property_interval > schedule.INTERVAL

    @property
    def slows_events(self) -> bool:
        """Return whether events are polled less often than those of few devices."""
        is_polled = self.use.events > 0 and not self.use.is_pushed
        return is_polled and self.event_interval > event_reader.INTERVAL

    @property
    def read_interval(self) -> int:
        """Return after how many seconds a device is read again, its events if only those."""
        of_properties = self.use.properties or not self.use.events
        return round(self.property_interval if of_properties else self.event_interval)


def costs_of(use: Use, others: Collection[Use] = ()) -> Costs:
    """Return what a product costs beside the other ones of its key, which share its paces.

    A poll begins a minute after the one before it has ended.
    """
    uses = (use, *others)
    held_back = math.ceil(use.poll / _LISTS_PER_SECOND) - 1
    lists = sum(item.poll for item in uses)
    return Costs(
        use=use,
        poll_interval=max(
            UPDATE_INTERVAL.total_seconds() + max(0, held_back),
            lists / _LISTS_PER_SECOND,
        ),
        property_interval=_interval(
            schedule.INTERVAL,
            schedule.PER_SECOND,
            [(item.properties, item.is_pushed) for item in uses],
        ),
        event_interval=_interval(
            event_reader.INTERVAL,
            event_reader.PER_SECOND,
            [(item.events, item.is_pushed) for item in uses],
        ),
    )


def use_of(product: Product) -> Use:
    """Return what is asked of a product now."""
    names = product.devices.names
    return Use(
        devices=len(names),
        total=product.devices.total,
        all_devices=product.devices.all_devices,
        properties=sum(name in names for name in product.values.wanted),
        events=len(set(wanted_targets(product))),
        is_pushed=product.push.is_active,
    )


@callback
def uses_of_others(
    hass: HomeAssistant, data: Mapping[str, Any], product_id: str
) -> Collection[Use]:
    """Return what is asked now of the other products of the key that an entry has."""
    entries: list[TencentIotConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    return [
        use_of(product)
        for entry in entries
        if limited_key(entry.data) == limited_key(data)
        for product in entry.runtime_data.products.values()
        if product.product_id != product_id
    ]


def _interval(
    shortest: float, per_second: float, readings: Sequence[tuple[int, bool]]
) -> float:
    """Return the interval of the first of readings that share a pace and may be pushed."""
    polled = sum(count for count, is_pushed in readings if not is_pushed)
    pushed = sum(count for count, is_pushed in readings if is_pushed)
    usual = schedule.usual_interval(shortest, per_second, polled, pushed)
    _, is_pushed = readings[0]
    return usual * schedule.PUSHED_INTERVAL / shortest if is_pushed else usual
