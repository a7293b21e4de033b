"""The coordinator of a product's devices."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from .api import Device
from .const import CONF_ALL_DEVICES, CONF_SLEEPS
from .coordinator import (
    SLOW_UPDATE_INTERVAL,
    UPDATE_INTERVAL,
    ProductCoordinator,
    structure_signal,
)
from .product.device_watch import DeviceWatch
from .product.issue import report_unusable_devices
from .product.known_devices import registered_devices
from .product.pushed_status import PushedStatuses, pushed_device
from .product.reader import DeviceReader


class DeviceCoordinator(ProductCoordinator[Mapping[str, Device]]):
    """The devices of a product that are used here, as the cloud last listed them.

    Who listens gives the name of a device as context, and hears of that alone. They are
    read as long as anybody listens, so there is a signal apart for whoever follows which
    devices there are. What is pushed of a device counts until the next list. One that
    `sleeps` may report while it is offline.
    """

    interval = UPDATE_INTERVAL
    slow_interval = SLOW_UPDATE_INTERVAL

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        product_id: str,
        report: CALLBACK_TYPE,
        settings: Mapping[str, Any],
    ) -> None:
        """Begin with the devices that are known, of which the cloud has said nothing."""
        super().__init__(hass, config_entry, product_id, report)
        self._reader = DeviceReader(
            self.client, product_id, self.store.total(product_id)
        )
        self._pushed = PushedStatuses()
        self.sleeps: bool = settings.get(CONF_SLEEPS, False)
        self._structure_is_due = False
        self._keep_polling: CALLBACK_TYPE | None = None
        self.unusable: tuple[str, ...] = ()
        self.data = {}
        self._shown: tuple[Mapping[str, Device], bool] = ({}, True)
        self.async_choose(settings)

    @property
    def names(self) -> Collection[str]:
        """Return the DeviceNames that are used here at any moment."""
        return self.watch.names

    @property
    def total(self) -> int:
        """Return how many devices the product has in the cloud, as far as is known."""
        return self._reader.total or len(self.names)

    @callback
    def async_choose(self, settings: Mapping[str, Any]) -> None:
        """Use the devices that are picked, or all, beginning with those of earlier starts."""
        self.all_devices: bool = settings[CONF_ALL_DEVICES]
        names: Iterable[str] = settings[CONF_DEVICES]
        if self.all_devices:
            names = registered_devices(self.hass, self.config_entry, self.product_id)
        self.watch = DeviceWatch(names, follows_all=self.all_devices)
        self.data = {name: self.data[name] for name in names if name in self.data}
        self._async_wait_for_first()

    @callback
    def async_forget(self, names: Iterable[str]) -> None:
        """Let go of devices."""
        self.watch.forget(names)
        self._async_wait_for_first()

    @callback
    def async_note_status(self, device_name: str, *, is_online: bool, at: int) -> None:
        """Show what was pushed: a device came online or went offline, at a time in ms."""
        if device_name in self.data and self._pushed.note_status(
            device_name, is_online=is_online, at=at
        ):
            self._async_follow_push(device_name, is_online=is_online)

    @callback
    def async_note_report(self, device_name: str, at: int) -> None:
        """Show that a device is online which was pushed to have reported something."""
        if (
            device_name in self.data
            and not self.sleeps
            and self._pushed.note_report(device_name, at=at)
        ):
            self._async_follow_push(device_name, is_online=True)

    @callback
    def _async_follow_push(self, device_name: str, *, is_online: bool) -> None:
        """Do what a list would do in which only one device changed."""
        device = pushed_device(self.data[device_name], is_online=is_online)
        if device != self.data[device_name]:
            self.data = {**self.data, device_name: device}
            self.async_update_listeners()
            self._report()

    @override
    async def _async_fetch(self) -> Mapping[str, Device]:
        """Read the devices, unless others are chosen meanwhile."""
        watch, pushes = self.watch, self._pushed.count
        if self.all_devices:
            reading = await self._reader.async_read_all()
        else:
            reading = await self._reader.async_read(tuple(self.names))
        if self.is_stopped or watch is not self.watch:
            return self.data
        self.is_read = True
        if self.all_devices and reading.unusable != self.unusable:
            self.unusable = reading.unusable
            report_unusable_devices(self.product_id, reading.unusable)
        self.store.keep_total(self.product_id, self._reader.total)
        self._structure_is_due |= watch.compare(
            reading.devices, is_complete=reading.is_complete
        )
        return self._pushed.applied_to(reading.applied_to(self.data), pushes)

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        """Report, and let others follow which devices there are."""
        super()._async_refresh_finished()
        self._async_wait_for_first()
        if self._structure_is_due and not self.is_stopped:
            self._structure_is_due = False
            async_dispatcher_send(self.hass, structure_signal(self.product_id))

    @override
    @callback
    def async_update_listeners(self) -> None:
        """Update the entities of those devices alone whose state changed, bit by bit."""
        (before, was_read), is_read = self._shown, self.failure is None
        self._shown = self.data, is_read
        changed = {
            name
            for name in self.names
            if is_read is not was_read or before.get(name) != self.data.get(name)
        }
        due = [
            (key, update_callback)
            for key, (update_callback, context) in self._listeners.items()
            if context in changed
        ]
        if due:
            self.config_entry.async_create_task(
                self.hass, self._async_update_entities(due)
            )

    async def _async_update_entities(
        self, due: list[tuple[int, Callable[[], None]]]
    ) -> None:
        """Call those who still listen when it is their turn."""
        async for key, update_callback in self.async_in_slices(due):
            if key in self._listeners:
                update_callback()

    @callback
    def _async_wait_for_first(self) -> None:
        """Poll all devices also while there is none yet, and so no entity that listens."""
        is_needed = self.all_devices and not self.names
        if is_needed and self._keep_polling is None:
            self._keep_polling = self.async_add_listener(lambda: None)
        elif not is_needed and self._keep_polling is not None:
            self._keep_polling()
            self._keep_polling = None
