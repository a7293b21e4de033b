"""What the devices of a product reported last, for all who show or need it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
import logging

from homeassistant.core import CALLBACK_TYPE, Context, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..api import DataType, Report, WireValue
from .hold import Hold
from .report_order import ReportOrder

_LOGGER = logging.getLogger(__name__)
HOLD_SECONDS = 30
# An automation may write again and again to a device that never reports.
_MOST_EARLIER = 100

type _Listeners = defaultdict[str, list[Callable[[], None]]]


class PropertyValues:
    """The last report of each property of each device, and who is to hear of a new one.

    Devices that somebody listens for are the ones whose properties are read. A value that
    was written takes the place of what was reported, for a short time; `context` is that
    of whoever wrote it, while others hear of it. `pushes` is how many came until now
    of devices that somebody listens for.
    """

    context: Context | None = None
    pushes = 0

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing that was reported."""
        self._hass = hass
        self._reports: dict[str, dict[str, Report]] = {}
        self._orders: defaultdict[str, ReportOrder] = defaultdict(ReportOrder)
        self._holds: defaultdict[str, dict[str, tuple[Hold, CALLBACK_TYPE]]] = (
            defaultdict(dict)
        )
        self._listeners: defaultdict[str, _Listeners] = defaultdict(
            lambda: defaultdict(list)
        )

    @property
    def wanted(self) -> Collection[str]:
        """Return the names of the devices that somebody listens for."""
        return self._listeners.keys()

    @property
    def reported(self) -> Collection[str]:
        """Return the names of the devices of which any report is kept."""
        return self._reports.keys()

    def reports(self, device_name: str) -> Mapping[str, Report]:
        """Return the last report of each property that was ever reported."""
        return self._reports.get(device_name, {})

    def report(self, device_name: str, property_id: str) -> Report | None:
        """Return the last report of a property, none if it was never reported."""
        return self.reports(device_name).get(property_id)

    def newest(self, device_name: str) -> int | None:
        """Return when a device reported last, none if nothing is known of it."""
        reports = self.reports(device_name).values()
        return max((report.reported_at for report in reports), default=None)

    def value(self, device_name: str, property_id: str) -> object:
        """Return the value that is to be shown of a property, as devices send it."""
        held = self._holds.get(device_name, {}).get(property_id)
        if held and not held[0].is_overruled:
            return held[0].value
        report = self.report(device_name, property_id)
        return report.value if report else None

    def is_held(self, device_name: str) -> bool:
        """Return whether anything written to a device waits to be confirmed."""
        return bool(self._holds.get(device_name))

    @callback
    def async_take(
        self, device_name: str, reports: Mapping[str, Report], pushes: int
    ) -> bool:
        """Keep what a device was read to have reported; return whether no push said it.

        `pushes` is how many there were when the read began: what came by a later one is
        kept, unless the read shows a report that is surely newer.
        """
        order, known = self._orders[device_name], self.reports(device_name)
        is_missed = order.is_missed(known, reports)
        self._async_keep(device_name, order.newer_of_read(known, reports, pushes))
        return is_missed

    @callback
    def async_take_pushed(
        self, device_name: str, reports: Mapping[str, Report]
    ) -> None:
        """Keep what a device reported of some properties, if anybody listens for it.

        It may come twice, late or out of order: what is surely older than what is known
        changes nothing.
        """
        if device_name not in self._listeners:
            return
        self.pushes += 1
        order, known = self._orders[device_name], self.reports(device_name)
        self._async_keep(
            device_name, order.newer_of_pushed(known, reports, self.pushes)
        )

    @callback
    def async_hold(
        self,
        device_name: str,
        values: Mapping[str, WireValue],
        types: Mapping[str, DataType],
        context: Context,
    ) -> None:
        """Show what was written until a device reports it, another value or nothing."""
        before = {key: self.value(device_name, key) for key in types}
        for key, data_type in types.items():
            earlier: tuple[WireValue, ...] = ()
            if held := self._async_release(device_name, key):
                earlier = (*held.earlier, held.value)[-_MOST_EARLIER:]
            self._async_begin(
                device_name,
                key,
                Hold(
                    type=data_type,
                    value=values[key],
                    before=self.report(device_name, key),
                    earlier=earlier,
                ),
            )
        self.context = context
        try:
            self._async_notify(device_name, before)
        finally:
            self.context = None

    @callback
    def async_let_go(self, device_name: str, property_ids: Iterable[str]) -> None:
        """Show what a device reports: nobody knows what was written to it last."""
        before = {key: self.value(device_name, key) for key in property_ids}
        for key in before:
            self._async_release(device_name, key)
        self._async_notify(device_name, before)

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
        """Let go of what devices reported and what was written to them."""
        for device_name in device_names:
            self._reports.pop(device_name, None)
            self._orders.pop(device_name, None)
            for _, cancel in self._holds.pop(device_name, {}).values():
                cancel()

    @callback
    def async_stop(self) -> None:
        """Let go of all that was written: nobody shows it any more."""
        self.async_forget(tuple(self._holds))

    @callback
    def _async_keep(self, device_name: str, reports: Mapping[str, Report]) -> None:
        """Keep reports; those who show a value that changed hear of it."""
        before = {key: self.value(device_name, key) for key in reports}
        self._reports.setdefault(device_name, {}).update(reports)
        for key in self._holds.get(device_name, {}).keys() & reports.keys():
            hold, cancel = self._holds[device_name][key]
            if hold.is_confirmed_by(reports[key]):
                self._async_release(device_name, key)
            elif hold.ends_with(reports[key]):
                # On its way to the value a device may report others.
                hold = replace(hold, is_overruled=True)
                self._holds[device_name][key] = hold, cancel
        self._async_notify(device_name, before)

    @callback
    def _async_begin(self, device_name: str, property_id: str, hold: Hold) -> None:
        """Hold a value as long as may be."""

        @callback
        def async_end(now: datetime) -> None:
            """Show what the device reports, though it never confirmed the value."""
            _LOGGER.debug(
                "%s: %s was written and not reported within %s seconds",
                device_name,
                property_id,
                HOLD_SECONDS,
            )
            before = {property_id: self.value(device_name, property_id)}
            self._async_release(device_name, property_id)
            self._async_notify(device_name, before)

        job = HassJob(async_end, "end of a hold", cancel_on_shutdown=True)
        cancel = async_call_later(self._hass, HOLD_SECONDS, job)
        self._holds[device_name][property_id] = (hold, cancel)

    @callback
    def _async_release(self, device_name: str, property_id: str) -> Hold | None:
        """Hold a value no more, and return what was held."""
        held = self._holds.get(device_name, {}).pop(property_id, None)
        if held is None:
            return None
        if not self._holds[device_name]:
            del self._holds[device_name]
        hold, cancel = held
        cancel()
        return hold

    @callback
    def _async_notify(self, device_name: str, before: Mapping[str, object]) -> None:
        """Call each of those once who show a value that is not what it was before."""
        if device_name not in self._listeners:
            return
        listeners = self._listeners[device_name]
        due = dict.fromkeys(
            listener
            for property_id, value in before.items()
            if value != self.value(device_name, property_id)
            for listener in listeners.get(property_id, ())
        )
        for listener in due:
            listener()
