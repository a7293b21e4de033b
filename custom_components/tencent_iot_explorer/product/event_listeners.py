"""Who shows which events of which devices of a product."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from homeassistant.core import CALLBACK_TYPE, callback

from ..api import EventRecord

type Listener = Callable[[EventRecord], None]


class EventListeners:
    """The listeners for the events of each device; what nobody listens for is not read.

    `changed` is called after each change of them.
    """

    def __init__(self, changed: CALLBACK_TYPE) -> None:
        """Begin with no listener."""
        self._changed = changed
        self._listeners: defaultdict[str, defaultdict[str, list[Listener]]] = (
            defaultdict(lambda: defaultdict(list))
        )

    @property
    def wanted(self) -> Mapping[str, Mapping[str, Sequence[Listener]]]:
        """Return the listeners by DeviceName and EventId."""
        return self._listeners

    def of(self, device_name: str, event_id: str) -> Sequence[Listener]:
        """Return the listeners for one event of a device at this moment."""
        events = self._listeners.get(device_name)
        return tuple(events.get(event_id, ())) if events else ()

    @callback
    def async_listen(
        self, device_name: str, event_id: str, listener: Listener
    ) -> CALLBACK_TYPE:
        """Call a listener for each new event of a device that has some id."""
        events = self._listeners[device_name]
        events[event_id].append(listener)
        self._changed()

        @callback
        def async_stop() -> None:
            """Listen no more."""
            events[event_id].remove(listener)
            if not events[event_id]:
                del events[event_id]
            if not events:
                del self._listeners[device_name]
            self._changed()

        return async_stop
