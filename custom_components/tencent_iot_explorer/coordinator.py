"""A product: its actions and its devices."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .api.client import TencentIotClient
from .api.data_template import DeviceAction
from .api.errors import TencentIotError
from .api.models import Device
from .api.values import TimeSettings, TimestampUnit
from .const import (
    CONF_ALL_DEVICES,
    CONF_PRODUCT_ID,
    CONF_SECRET_VALUES,
    CONF_TIMESTAMP_UNIT,
    DOMAIN,
)
from .device_reader import DeviceReader
from .device_watch import DeviceWatch
from .errors import error_placeholders, literally, treatment
from .reachability import note_cloud, report_clock
from .secret_choices import SecretChoices
from .template_store import TEMPLATE_STORE

_LOGGER = logging.getLogger(__name__)
UPDATE_INTERVAL = timedelta(seconds=60)
SLOW_UPDATE_INTERVAL = timedelta(hours=1)

type TencentIotConfigEntry = ConfigEntry[TencentIotData]
type InputKey = tuple[str, str, str]


@dataclass(kw_only=True)
class TencentIotData:
    """What a loaded application works with; products are by their subentry's id."""

    client: TencentIotClient
    products: dict[str, ProductCoordinator] = field(default_factory=dict)


class ProductCoordinator(DataUpdateCoordinator[Mapping[str, Device]]):
    """A product: its actions, and those of its devices that are used here.

    `data` holds what the cloud last told of the devices, `input_values` what the input
    entities show, by DeviceName, ActionId and input id.
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
        self.title = subentry.title
        self.product_id: str = subentry.data[CONF_PRODUCT_ID]
        self.all_devices: bool = subentry.data[CONF_ALL_DEVICES]
        self.failure: TencentIotError | None = None
        self.input_values: dict[InputKey, object] = {}
        self.secret_choices = SecretChoices(subentry.data)
        self.secret_values: Mapping[str, Mapping[str, str]] = subentry.data.get(
            CONF_SECRET_VALUES, {}
        )
        self._timestamp_unit = TimestampUnit(subentry.data[CONF_TIMESTAMP_UNIT])
        self._template_is_read = False
        self._devices_are_due = True
        self._structure_is_due = False
        self.devices_are_read = False
        self._stop_waiting: CALLBACK_TYPE | None = None
        self._changed: set[str] = set()
        self._issue_id = f"product_{self.product_id}"
        self._store = hass.data[TEMPLATE_STORE]
        # The entry has no client any more when it is unloaded, but calls may go on.
        self.client = config_entry.runtime_data.client
        self._reader = DeviceReader(
            self.client,
            self.product_id,
            self._store.total(self.product_id),
        )
        super().__init__(
            hass,
            _LOGGER,
            config_entry=config_entry,
            name=self.product_id,
            update_interval=UPDATE_INTERVAL,
        )
        self.data = {}
        names = subentry.data[CONF_DEVICES]
        if self.all_devices:
            names = self._registered_devices()
        self.watch = DeviceWatch(names, follows_all=self.all_devices)

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
        return TimeSettings(
            unit=self._timestamp_unit, time_zone=dt_util.get_default_time_zone()
        )

    def values_for(self, device_name: str, action: DeviceAction) -> dict[str, object]:
        """Return what the input entities of an action show, and its secret inputs."""
        secrets = self.secret_values.get(action.id, {})
        values: dict[str, object] = {}
        for parameter in action.inputs:
            key = (device_name, action.id, parameter.id)
            if parameter.is_secret:
                if parameter.id in secrets:
                    values[parameter.id] = secrets[parameter.id]
            elif key in self.input_values:
                values[parameter.id] = self.input_values[key]
        return values

    @property
    def structure_signal(self) -> str:
        """Return the signal that actions, inputs or devices came or went."""
        return f"{DOMAIN}_{self.subentry_id}_structure"

    def outcome_signal(self, device_name: str) -> str:
        """Return the signal that carries the outcomes of a device's actions."""
        return f"{DOMAIN}_{self.subentry_id}_outcome_{device_name}"

    async def async_begin(self) -> None:
        """Read the data template, and the devices if nothing else tells of any."""
        self._devices_are_due = not self.device_names
        await self.async_refresh()
        self._devices_are_due = True

    async def async_read_devices(self) -> None:
        """Read the devices if that was left out, unless the cloud could not be read."""
        if not self.devices_are_read and self.failure is None:
            await self.async_refresh()

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
        for update_callback, context in list(self._listeners.values()):
            if context in self._changed:
                update_callback()

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
        if self._shutdown_requested:
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
        model = await self.client.describe_model_definition(self.product_id)
        if await self._store.async_update(self.product_id, model):
            self._structure_is_due = True
        self._template_is_read = True

    async def _async_read_devices(self) -> None:
        """Read the devices that are used here if that is due."""
        if not self._devices_are_due:
            return
        if self.all_devices:
            reading = await self._reader.async_read_all()
        else:
            reading = await self._reader.async_read(tuple(self.device_names))
        self.devices_are_read = True
        self._store.keep_total(self.product_id, self._reader.total)
        before = self.data
        kept = {} if reading.is_complete else before
        self.data = {**kept, **reading.devices}
        self._changed |= {
            name
            for name in before.keys() | self.data.keys()
            if before.get(name) != self.data.get(name)
        }
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
        note_cloud(self.hass, self.config_entry, self.product_id, err)
        report_clock(self.hass, self.config_entry.entry_id, self.client.clock)
        self._wait_for_template()
        if err is None:
            ir.async_delete_issue(self.hass, DOMAIN, self._issue_id)
            return
        if treatment(err).reauth:
            self.config_entry.async_start_reauth(self.hass)
        if not treatment(err).product or (
            # The same again differs in its RequestId only.
            type(before) is type(err) and before.code == err.code
        ):
            return
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=treatment(err).text,
            translation_placeholders={
                "product": self.title,
                "product_id": self.product_id,
                **error_placeholders(err),
                "message": literally(err.message) or "–",
            },
        )

    @callback
    def _wait_for_template(self) -> None:
        """Keep polling while the template is unknown and so no entity asks for it."""
        if not self.has_template and self._stop_waiting is None:
            self._stop_waiting = self.async_add_listener(lambda: None)
        elif self.has_template and self._stop_waiting is not None:
            self._stop_waiting()
            self._stop_waiting = None

    def _registered_devices(self) -> tuple[str, ...]:
        """Return the devices of earlier starts, for one without the cloud."""
        registry = dr.async_get(self.hass)
        identifiers = (
            identifier.partition("/")
            for device in dr.async_entries_for_config_entry(
                registry, self.config_entry.entry_id
            )
            for domain, identifier in device.identifiers
            if domain == DOMAIN
        )
        return tuple(
            name for product, _, name in identifiers if product == self.product_id
        )
