"""What events are read of: the types that somebody shows, of each device by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
import math

from ..api import DeviceStatus, EventType
from ..runtime import Product

_SILENT = (DeviceStatus.OFFLINE, DeviceStatus.NOT_ACTIVATED)


@dataclass(frozen=True, slots=True)
class EventTarget:
    """What one request reads: the events of one type of a device."""

    product: Product
    device_name: str
    event_type: EventType

    @property
    def path(self) -> tuple[str, str, EventType]:
        """Return what it is stored by."""
        return self.product.product_id, self.device_name, self.event_type

    @property
    def is_silent(self) -> bool:
        """Return whether the device can report nothing before it is online again."""
        device = self.product.devices.data.get(self.device_name)
        return (
            device is not None and device.status in _SILENT and not self.product.sleeps
        )

    @property
    def login_time(self) -> int | None:
        """Return when the device came online last, which may have been for a moment."""
        device = self.product.devices.data.get(self.device_name)
        return device.login_time if device else None


@dataclass(kw_only=True, slots=True)
class EventReading:
    """How a target was read since somebody wants it.

    `day_at` is when its last whole day was read. It `rests` once it was read since its
    device went offline: what happened before that may come a little later.
    """

    wanted_at: float
    day_at: float = -math.inf
    rests: bool = False

    @property
    def is_first(self) -> bool:
        """Return whether it was not read yet."""
        return self.day_at == -math.inf


def wanted_targets(product: Product) -> Iterator[EventTarget]:
    """Yield all of a product that somebody shows, some perhaps several times."""
    if product.is_stopped or not product.uses_properties:
        return
    for device_name, events in product.event_listeners.wanted.items():
        if device_name in product.devices.names:
            for event_id in events:
                if event := product.events.get(event_id):
                    yield EventTarget(product, device_name, event.type)
