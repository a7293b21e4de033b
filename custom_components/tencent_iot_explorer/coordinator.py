"""The two coordinators of a product: one for its data template, one for its devices."""

from abc import abstractmethod
import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from datetime import timedelta
from itertools import batched
import logging
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .account.request_counts import Origin
from .api import (
    DataTemplate,
    Device,
    OperationDeniedError,
    TencentIotClient,
    TencentIotError,
)
from .const import CONF_ALL_DEVICES, DOMAIN
from .errors import treatment
from .product.device_watch import DeviceWatch
from .product.issue import report_unusable_devices
from .product.known_devices import registered_devices
from .product.reader import DeviceReader
from .product.store import TEMPLATE_STORE

_LOGGER = logging.getLogger(__name__)
UPDATE_INTERVAL = timedelta(seconds=60)
SLOW_UPDATE_INTERVAL = timedelta(hours=1)
# More would hold up all of Home Assistant for too long.
_AT_ONCE = 50


def structure_signal(product_id: str) -> str:
    """Return the signal that actions, inputs or devices of a product came or went."""
    return f"{DOMAIN}_{product_id}_structure"


class ProductCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """What both share: an end of their own while the entry goes on, and their failure.

    `report` is called after each update, whether anybody listens or not. `is_read` says
    whether the cloud has answered since the start.
    """

    config_entry: ConfigEntry
    interval: timedelta | None = None
    slow_interval: timedelta | None = None

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        product_id: str,
        report: CALLBACK_TYPE,
    ) -> None:
        """Begin without asking the cloud for anything."""
        super().__init__(
            hass,
            _LOGGER,
            # The entry would keep each coordinator that it is given until it is unloaded.
            config_entry=None,
            name=product_id,
            update_interval=self.interval,
        )
        self.config_entry = config_entry
        self.product_id = product_id
        # The entry has no client any more when it is unloaded, but calls may go on.
        self.client: TencentIotClient = config_entry.runtime_data.client
        self.store = hass.data[TEMPLATE_STORE]
        self.failure: TencentIotError | None = None
        self.is_read = False
        self._report = report

    @property
    def is_stopped(self) -> bool:
        """Return whether it has ended."""
        return self._shutdown_requested

    @property
    def is_denied(self) -> bool:
        """Return whether no policy allows the operation that reads this."""
        return isinstance(self.failure, OperationDeniedError)

    @abstractmethod
    async def _async_fetch(self) -> DataT:
        """Return what the cloud says now."""

    @override
    async def _async_update_data(self) -> DataT:
        """Return what the cloud says; after a failure all stays as it was.

        It is not raised, because Home Assistant would log it for each coordinator: the
        entry logs once for all, and the product has a repair issue if that helps.
        """
        failure: TencentIotError | None = None
        try:
            data = await self._async_fetch()
        except TencentIotError as err:
            data, failure = self.data, err
        if self.is_stopped:
            return self.data
        self.failure = failure
        if failure is None:
            self.update_interval = self.interval
        elif treatment(failure).is_slow:
            self.update_interval = self.slow_interval
        else:
            self.update_interval = UPDATE_INTERVAL
        return data

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        """Let the product report how the update ended."""
        if not self.is_stopped:
            self._report()

    async def async_in_batches[ItemT](
        self, items: Iterable[ItemT], at_once: int | None = None
    ) -> AsyncIterator[tuple[ItemT, ...]]:
        """Yield batches until it is stopped; after each, others have their turn.

        Whatever was true of an item when this began may have changed since.
        """
        for batch in batched(items, at_once or _AT_ONCE, strict=False):
            if self.is_stopped:
                return
            yield batch
            await asyncio.sleep(0)


class TemplateCoordinator(ProductCoordinator[DataTemplate | None]):
    """The data template of a product: the stored one until the cloud is read.

    A timer of the product refreshes it, also where polling is disabled; it does so itself
    only after a failure that may pass sooner.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        product_id: str,
        report: CALLBACK_TYPE,
    ) -> None:
        """Begin with the stored data template."""
        super().__init__(hass, config_entry, product_id, report)
        self.always_update = False
        self.data = self.store.templates.get(product_id)

    @override
    async def _async_fetch(self) -> DataTemplate | None:
        """Read the data template and store it."""
        model = await self.client.describe_model_definition(
            self.product_id, origin=Origin.TEMPLATE
        )
        if not self.is_stopped:
            await self.store.async_update(self.product_id, model)
            self.is_read = True
        return self.store.templates.get(self.product_id)


class DeviceCoordinator(ProductCoordinator[Mapping[str, Device]]):
    """The devices of a product that are used here, as the cloud last listed them.

    Who listens gives the name of a device as context, and hears of that alone. They are
    read as long as anybody listens, so there is a signal apart for whoever follows which
    devices there are.
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

    @override
    async def _async_fetch(self) -> Mapping[str, Device]:
        """Read the devices, unless others are chosen meanwhile."""
        watch = self.watch
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
        return reading.applied_to(self.data)

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
        """Update the entities of those devices alone whose state changed, in batches."""
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
        async for batch in self.async_in_batches(due):
            for key, update_callback in batch:
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
