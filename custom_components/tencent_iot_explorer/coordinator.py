"""A product: its actions and its devices."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import EntityPlatform
from homeassistant.util import dt as dt_util

from .account.reachability import report_clock
from .account.request_counts import Origin
from .api import (
    Device,
    DeviceAction,
    TencentIotClient,
    TencentIotError,
    TimeSettings,
    TimestampUnit,
)
from .const import (
    CONF_ALL_DEVICES,
    CONF_PRODUCT_ID,
    CONF_SECRET_VALUES,
    CONF_TIMESTAMP_UNIT,
    DOMAIN,
)
from .errors import treatment
from .product.device_watch import DeviceWatch
from .product.input_values import InputValues
from .product.issue import async_report_reading, report_unusable_devices
from .product.known_devices import registered_devices
from .product.reader import DeviceReader
from .product.secret_choices import SecretChoices
from .product.stoppable_coordinator import StoppableCoordinator
from .product.store import TEMPLATE_STORE

_LOGGER = logging.getLogger(__name__)
UPDATE_INTERVAL = timedelta(seconds=60)
SLOW_UPDATE_INTERVAL = timedelta(hours=1)

type TencentIotConfigEntry = ConfigEntry[TencentIotData]
type MakeEntities = Callable[[ProductCoordinator, str], Iterable[Entity]]


@dataclass(kw_only=True)
class TencentIotData:
    """What a loaded application works with; products are by their subentry's id.

    `platforms` make the entities of a device, by the domain of each; `disabled` are those
    that were handed over and are disabled. `key` is the entry's data at the time,
    `changes` and `entity_changes` keep changes in order.
    """

    client: TencentIotClient
    key: Mapping[str, object]
    products: dict[str, ProductCoordinator] = field(default_factory=dict)
    platforms: dict[str, tuple[EntityPlatform, MakeEntities]] = field(
        default_factory=dict
    )
    disabled: set[tuple[str, str]] = field(default_factory=set)
    changes: asyncio.Lock = field(default_factory=asyncio.Lock)
    entity_changes: asyncio.Lock = field(default_factory=asyncio.Lock)


class ProductCoordinator(StoppableCoordinator[Mapping[str, Device]]):
    """A product: its actions, and those of its devices that are used here.

    `data` holds what the cloud last told of the devices.
    """

    config_entry: TencentIotConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: TencentIotConfigEntry,
        subentry: ConfigSubentry,
    ) -> None:
        """Take over the settings of the product."""
        self.subentry_id = subentry.subentry_id
        self.product_id: str = subentry.data[CONF_PRODUCT_ID]
        self.failure: TencentIotError | None = None
        self.input_values = InputValues()
        self.devices_are_read = False
        self.unusable_devices: tuple[str, ...] = ()
        self._take_settings(subentry)
        self._template_is_read = False
        self._devices_are_due = True
        self._structure_is_due = False
        self._keep_polling: CALLBACK_TYPE | None = None
        self._changed: set[str] = set()
        self._store = hass.data[TEMPLATE_STORE]
        # The entry has no client any more when it is unloaded, but calls may go on.
        self.client = config_entry.runtime_data.client
        total = self._store.total(self.product_id)
        self._reader = DeviceReader(self.client, self.product_id, total)
        super().__init__(
            hass,
            _LOGGER,
            config_entry=config_entry,
            name=self.product_id,
            update_interval=UPDATE_INTERVAL,
        )
        self.data = {}
        self._choose_devices(subentry)

    def _take_settings(self, subentry: ConfigSubentry) -> None:
        """Take over what a person may change."""
        # Home Assistant changes the subentry itself, but never its data.
        self.settings = (subentry.title, subentry.data)
        self.title = subentry.title
        self.all_devices: bool = subentry.data[CONF_ALL_DEVICES]
        self.secret_choices = SecretChoices(subentry.data)

    def _choose_devices(self, subentry: ConfigSubentry) -> None:
        """Begin with the devices that are picked, or with all of earlier starts."""
        names: Iterable[str] = subentry.data[CONF_DEVICES]
        if self.all_devices:
            names = registered_devices(self.hass, self.config_entry, self.product_id)
        self.watch = DeviceWatch(names, follows_all=self.all_devices)
        self.data = {name: self.data[name] for name in names if name in self.data}

    @callback
    def async_change(self, subentry: ConfigSubentry) -> bool:
        """Take over changed settings at once; return whether devices must be read."""
        before = self.settings[1]
        self._take_settings(subentry)
        if all(
            before[key] == subentry.data[key]
            for key in (CONF_ALL_DEVICES, CONF_DEVICES)
        ):
            return False
        self._choose_devices(subentry)
        return True

    @callback
    def async_forget(self, names: Iterable[str]) -> None:
        """Let go of devices; if none is left, the first new one is waited for."""
        self.watch.forget(names)
        self._poll_without_entities()

    @property
    def actions(self) -> Mapping[str, DeviceAction]:
        """Return the device actions by their id, none while the template is unknown.

        Their secret inputs are marked, those in the template store are not.
        """
        template = self._store.templates.get(self.product_id)
        return self.secret_choices.mark(template) if template else {}

    @property
    def gone_actions(self) -> Mapping[str, DeviceAction]:
        """Return the actions that the template lost and nobody has confirmed."""
        return self._store.gone_actions(self.product_id)

    @property
    def unusable_actions(self) -> Mapping[str, str]:
        """Return the actions that cannot be used, each with the reason."""
        template = self._store.templates.get(self.product_id)
        return template.unusable if template else {}

    @property
    def has_template(self) -> bool:
        """Return whether the product's data template is known."""
        return self.product_id in self._store.templates

    @property
    def device_names(self) -> Collection[str]:
        """Return the DeviceNames that are used here at any moment."""
        return self.watch.names

    @property
    def times(self) -> TimeSettings:
        """Return how a date and time becomes a time stamp of this product."""
        unit = TimestampUnit(self.settings[1][CONF_TIMESTAMP_UNIT])
        return TimeSettings(unit=unit, time_zone=dt_util.get_default_time_zone())

    def values_for(self, device_name: str, action: DeviceAction) -> dict[str, object]:
        """Return what the input entities of an action show, and its secret inputs."""
        secrets = self.settings[1].get(CONF_SECRET_VALUES, {})
        return self.input_values.of_action(device_name, action, secrets)

    @property
    def structure_signal(self) -> str:
        """Return the signal that actions, inputs or devices came or went."""
        return f"{DOMAIN}_{self.subentry_id}_structure"

    def outcome_signal(self, device_name: str) -> str:
        """Return the signal that carries the outcomes of a device's actions."""
        return f"{DOMAIN}_{self.subentry_id}_outcome_{device_name}"

    async def async_read_template(self) -> None:
        """Read the data template alone."""
        self._devices_are_due = False
        await self.async_refresh()
        self._devices_are_due = True

    async def async_look(self) -> None:
        """Read the data template again, and the devices if somebody follows them."""
        self._template_is_read = False
        self._devices_are_due = self.all_devices or bool(self._listeners)
        await self.async_refresh()
        self._devices_are_due = True

    @override
    @callback
    def async_update_listeners(self) -> None:
        """Tell the entities of those devices alone whose state changed."""
        self.async_tell(self._changed)

    @override
    async def _async_update_data(self) -> Mapping[str, Device]:
        """Read what is due; after a failure, which is told once, all stays as it was."""
        self._changed = set()
        failure: TencentIotError | None = None
        try:
            await self._async_read_template()
            await self._async_read_devices()
        except TencentIotError as err:
            failure = err
        if self.is_stopped:
            return self.data
        self._note(failure)
        if self._structure_is_due:
            self._structure_is_due = False
            self.async_structure_changed()
        return self.data

    @callback
    def async_structure_changed(self) -> None:
        """Tell all who follow what the product has."""
        async_dispatcher_send(self.hass, self.structure_signal)

    async def _async_read_template(self) -> None:
        """Read the data template if that is due."""
        if self._template_is_read:
            return
        model = await self.client.describe_model_definition(
            self.product_id, origin=Origin.TEMPLATE
        )
        if self.is_stopped:
            return
        if await self._store.async_update(self.product_id, model):
            self._structure_is_due = True
        self._template_is_read = True

    async def _async_read_devices(self) -> None:
        """Read the devices that are used here if that is due."""
        if not self._devices_are_due:
            return
        watch = self.watch
        if self.all_devices:
            reading = await self._reader.async_read_all()
        else:
            reading = await self._reader.async_read(tuple(self.device_names))
        if self.is_stopped or watch is not self.watch:
            return
        self.devices_are_read = True
        if self.all_devices and reading.unusable != self.unusable_devices:
            self.unusable_devices = reading.unusable
            report_unusable_devices(self.product_id, reading.unusable)
        self._store.keep_total(self.product_id, self._reader.total)
        before, self.data = self.data, reading.applied_to(self.data)
        self._changed |= {name for name, _ in before.items() ^ self.data.items()}
        if self.watch.compare(reading.devices, is_complete=reading.is_complete):
            self._structure_is_due = True

    @callback
    def _note(self, err: TencentIotError | None) -> None:
        """Keep how the last reading ended and tell the person who can mend it."""
        if (err is None) is not (self.failure is None):
            self._changed.update(self.device_names)
        before, self.failure = self.failure, err
        is_slow = err is not None and treatment(err).is_slow
        self.update_interval = SLOW_UPDATE_INTERVAL if is_slow else UPDATE_INTERVAL
        self._poll_without_entities()
        report_clock(self.hass, self.config_entry.entry_id, self.client.clock)
        async_report_reading(
            self.hass, self.config_entry, self.product_id, self.title, before, err
        )

    @callback
    def _poll_without_entities(self) -> None:
        """Keep polling while there is no entity yet that asks for it."""
        is_needed = not self.has_template or (
            self.all_devices and not self.device_names
        )
        if is_needed and self._keep_polling is None:
            self._keep_polling = self.async_add_listener(lambda: None)
        elif not is_needed and self._keep_polling is not None:
            self._keep_polling()
            self._keep_polling = None
