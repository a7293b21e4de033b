"""What the devices of a product reported last, for all who show or need it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from homeassistant.core import CALLBACK_TYPE, callback

from ..api import Report

type _Listeners = defaultdict[str, list[Callable[[], None]]]


class PropertyValues:
    """The last report of each property of each device, and who is to hear of a new one.

    Devices that somebody listens for are the ones whose properties are read.
    """

    def __init__(self) -> None:
        """Begin with nothing that was reported."""
        self._reports: dict[str, dict[str, Report]] = {}
        self._listeners: defaultdict[str, _Listeners] = defaultdict(
            lambda: defaultdict(list)
        )

    @property
    def wanted(self) -> Collection[str]:
        """Return the names of the devices that somebody listens for."""
        return self._listeners.keys()

    def report(self, device_name: str, property_id: str) -> Report | None:
        """Return the last report of a property, none if it was never reported."""
        return self._reports.get(device_name, {}).get(property_id)

    def value(self, device_name: str, property_id: str) -> object:
        """Return the value that is to be shown of a property, as devices send it."""
        report = self.report(device_name, property_id)
        return report.value if report else None

    @callback
    def async_take(self, device_name: str, reports: Mapping[str, Report]) -> None:
        """Keep what a device reported; those who show a value that changed hear of it."""
        known = self._reports.setdefault(device_name, {})
        changed = [
            property_id
            for property_id, report in reports.items()
            if property_id not in known or known[property_id].value != report.value
        ]
        known.update(reports)
        self._async_notify(device_name, changed)

    @callback
    def async_listen(
        self, device_name: str, property_ids: Iterable[str], listener: CALLBACK_TYPE
    ) -> CALLBACK_TYPE:
        """Call a listener whenever one of some properties has another value."""
        property_ids = tuple(property_ids)
        listeners = self._listeners[device_name]
        for property_id in property_ids:
            listeners[property_id].append(listener)

        @callback
        def async_stop() -> None:
            """Listen no more."""
            for property_id in property_ids:
                listeners[property_id].remove(listener)
                if not listeners[property_id]:
                    del listeners[property_id]
            if not listeners:
                del self._listeners[device_name]

        return async_stop

    @callback
    def async_forget(self, device_names: Iterable[str]) -> None:
        """Let go of what devices reported."""
        for device_name in device_names:
            self._reports.pop(device_name, None)

    @callback
    def _async_notify(self, device_name: str, property_ids: Iterable[str]) -> None:
        """Call each of those who show one of some properties once."""
        if device_name not in self._listeners:
            return
        listeners = self._listeners[device_name]
        due = dict.fromkeys(
            listener
            for property_id in property_ids
            for listener in listeners.get(property_id, ())
        )
        for listener in due:
            listener()
