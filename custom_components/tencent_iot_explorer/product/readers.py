"""What reads the devices of an entry, as products and their entities know it."""

from collections.abc import Mapping
from typing import Protocol

from homeassistant.core import callback

from ..api import DeviceData, EventType


class Reader[ProductT](Protocol):
    """What reads something of an entry's devices again and again."""

    def state(self, product: ProductT) -> Mapping[str, object]:
        """Return what is known of reading a product's devices."""

    def interval(self, product: ProductT) -> float:
        """Return after how many seconds each device of a product is read again."""

    @callback
    def async_stop(self) -> None:
        """Read no more."""

    @callback
    def async_look(self) -> None:
        """Follow which devices are wanted, and what the cloud says of them."""


class PropertyReader[ProductT](Reader[ProductT], Protocol):
    """What reads the properties of an entry's devices, in `reports/reader.py`."""

    @callback
    def async_follow_up(
        self, product: ProductT, device_name: str, *, needs_report: bool
    ) -> None:
        """Read a device some times soon, because something was done to it."""

    @callback
    def async_note_pushed(self, product: ProductT, device_name: str) -> None:
        """Take in that the values of a device are new without having been read."""

    async def async_read(self, product: ProductT, device_name: str) -> DeviceData:
        """Read a device now; raises a TencentIotError."""


class EventReader[ProductT](Reader[ProductT], Protocol):
    """What reads the events of an entry's devices, in `reports/event_reader.py`."""

    def first_shown(
        self, product: ProductT, device_name: str, event_type: EventType, now: float
    ) -> float:
        """Return since when events are shown that are found at first, in milliseconds."""

    async def async_read(self, product: ProductT, device_name: str) -> None:
        """Read the events of a device now, as far as they are wanted."""
