"""The state of an application: its products, each with data template and devices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .api.client import TencentIotClient
from .api.data_template import DeviceAction
from .api.errors import CannotConnectError, FateUnknownError, TencentIotError
from .api.models import ActionReceipt, Device
from .api.values import TimeSettings, TimestampUnit, WireValue
from .const import CONF_ALL_DEVICES, CONF_PRODUCT_ID, CONF_TIMESTAMP_UNIT, DOMAIN
from .errors import cloud_error, error_placeholders, treatment
from .template_store import TEMPLATE_STORE

_LOGGER = logging.getLogger(__name__)
UPDATE_INTERVAL = timedelta(seconds=60)

type TencentIotConfigEntry = ConfigEntry[TencentIotData]


@dataclass(kw_only=True)
class TencentIotData:
    """What a loaded application works with; products are by their subentry's id."""

    client: TencentIotClient
    products: dict[str, ProductCoordinator] = field(default_factory=dict)


CLOUD_AWAY: HassKey[set[str]] = HassKey(f"{DOMAIN}.cloud_away")


@callback
def note_cloud(hass: HomeAssistant, entry_id: str, err: TencentIotError | None) -> None:
    """Log once for all products, tries and reloads that the cloud is away, or back."""
    away = hass.data.setdefault(CLOUD_AWAY, set())
    if isinstance(err, CannotConnectError | FateUnknownError):
        if entry_id not in away:
            _LOGGER.warning("Tencent Cloud IoT Explorer does not answer: %s", err)
        away.add(entry_id)
    elif entry_id in away:
        _LOGGER.info("Tencent Cloud IoT Explorer answers again")
        away.remove(entry_id)


class ProductCoordinator(DataUpdateCoordinator[Mapping[str, Device]]):
    """A product: its actions, and those of its devices that are used here."""

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
        self._picked: tuple[str, ...] = tuple(subentry.data[CONF_DEVICES])
        self._timestamp_unit = TimestampUnit(subentry.data[CONF_TIMESTAMP_UNIT])
        self._template_is_read = False
        self._issue_id = f"product_{self.product_id}"
        self._store = hass.data[TEMPLATE_STORE]
        super().__init__(
            hass,
            _LOGGER,
            config_entry=config_entry,
            name=self.product_id,
            update_interval=UPDATE_INTERVAL,
        )
        self.data = {}

    @property
    def actions(self) -> Mapping[str, DeviceAction]:
        """Return the device actions by their id, none while the template is unknown."""
        template = self._store.templates.get(self.product_id)
        return template.actions if template else {}

    @property
    def has_template(self) -> bool:
        """Return whether the product's data template is known."""
        return self.product_id in self._store.templates

    @property
    def device_names(self) -> tuple[str, ...]:
        """Return the DeviceNames that are used here."""
        if not self.all_devices:
            return self._picked
        return tuple(self.data) or self._registered_devices()

    @property
    def times(self) -> TimeSettings:
        """Return how a date and time becomes a time stamp of this product."""
        return TimeSettings(
            unit=self._timestamp_unit, time_zone=dt_util.get_default_time_zone()
        )

    async def async_call_action(
        self,
        device_name: str,
        action: DeviceAction,
        inputs: Mapping[str, WireValue],
        *,
        wait_for_reply: bool,
    ) -> ActionReceipt:
        """Run an action of a device; every path to the cloud's actions leads here."""
        client = self.config_entry.runtime_data.client
        call = (
            client.call_device_action_sync
            if wait_for_reply
            else client.call_device_action_async
        )
        try:
            return await call(self.product_id, device_name, action.id, inputs)
        except TencentIotError as err:
            if treatment(err).reauth:
                self.config_entry.async_start_reauth(self.hass)
            raise cloud_error(err, device=device_name, action=action) from err

    @override
    async def _async_update_data(self) -> Mapping[str, Device]:
        """Read what is due; after a failure, which is told once, all stays as it was."""
        devices = self.data
        try:
            if not self._template_is_read:
                await self._async_read_template()
            if self.all_devices:
                client = self.config_entry.runtime_data.client
                devices = await client.get_device_list(self.product_id)
        except TencentIotError as err:
            self._note(err)
            return self.data
        self._note(None)
        return devices

    async def _async_read_template(self) -> None:
        """Read the data template."""
        client = self.config_entry.runtime_data.client
        model = await client.describe_model_definition(self.product_id)
        await self._store.async_update(self.product_id, model)
        self._template_is_read = True

    @callback
    def _note(self, err: TencentIotError | None) -> None:
        """Keep how the last reading ended and tell the person who can mend it."""
        self.failure = err
        note_cloud(self.hass, self.config_entry.entry_id, err)
        idle = err is None and not self.all_devices
        self.update_interval = None if idle else UPDATE_INTERVAL
        if err is None:
            self.async_delete_issue()
            return
        if treatment(err).reauth:
            self.config_entry.async_start_reauth(self.hass)
        if not treatment(err).product:
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
            },
        )

    @callback
    def async_delete_issue(self) -> None:
        """Delete the repair issue of a product that works again or is gone."""
        ir.async_delete_issue(self.hass, DOMAIN, self._issue_id)

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
