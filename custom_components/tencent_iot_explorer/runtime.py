"""What a loaded entry works with: its client and its products."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import EntityPlatform
from homeassistant.util import dt as dt_util

from .account.client import has_account_key
from .account.denials import Denials
from .account.reachability import report_clock
from .api import (
    DataTemplate,
    DeviceAction,
    Property,
    TemplateEvent,
    TencentIotClient,
    TencentIotError,
    TimeSettings,
    TimestampUnit,
)
from .const import (
    CONF_ALL_DEVICES,
    CONF_PRODUCT_ID,
    CONF_SLEEPS,
    CONF_TIMESTAMP_UNIT,
    CONF_USE_PROPERTIES,
    DOMAIN,
)
from .coordinator import TemplateCoordinator, structure_signal
from .device_coordinator import DeviceCoordinator
from .product.device_names import device_label
from .product.entry_rules import EntryRules
from .product.event_listeners import EventListeners
from .product.input_values import InputValues
from .product.issue import async_report_failure, async_report_reading
from .product.pending_replies import PendingReplies
from .product.push_state import PushState
from .product.readers import EventReader, PropertyReader
from .product.secret_choices import SecretChoices
from .product.secret_values import secret_values
from .product.store import NO_TEMPLATE, TEMPLATE_STORE
from .product.values import PropertyValues
from .properties.describe import describe
from .properties.description import Descriptions

type TencentIotConfigEntry = ConfigEntry[TencentIotData]
type MakeEntities = Callable[[Product, str], Iterable[Entity]]

_MANY_DEVICES = 50


@dataclass(kw_only=True)
class TencentIotData:
    """What a loaded entry works with; products are by their subentry's id.

    `platforms` make the entities of a device, by the domain of each; `disabled` are those
    that were handed over and are disabled. `key` is the entry's data at the time,
    `changes` and `entity_changes` keep changes in order.
    """

    client: TencentIotClient
    denials: Denials
    reader: PropertyReader[Product]
    event_reader: EventReader[Product]
    key: Mapping[str, object]
    replies: PendingReplies
    rules: EntryRules
    products: dict[str, Product] = field(default_factory=dict)
    platforms: dict[str, tuple[EntityPlatform, MakeEntities]] = field(
        default_factory=dict
    )
    disabled: set[tuple[str, str]] = field(default_factory=set)
    changes: asyncio.Lock = field(default_factory=asyncio.Lock)
    entity_changes: asyncio.Lock = field(default_factory=asyncio.Lock)


class Product:
    """A configured product: its settings, data template and devices.

    `on_stop` is done when it is stopped, `failure` is why the last reading failed. An
    operation that is denied is no such failure: all else goes on.
    """

    _described = NO_TEMPLATE
    _descriptions = Descriptions()

    def __init__(
        self,
        hass: HomeAssistant,
        entry: TencentIotConfigEntry,
        subentry: ConfigSubentry,
    ) -> None:
        """Begin with what is stored, without asking the cloud for anything."""
        self.hass = hass
        self.entry = entry
        self.subentry_id = subentry.subentry_id
        self.product_id: str = subentry.data[CONF_PRODUCT_ID]
        self.client = entry.runtime_data.client
        self.reader = entry.runtime_data.reader
        self.event_reader = entry.runtime_data.event_reader
        self.replies = entry.runtime_data.replies
        self.failure: TencentIotError | None = None
        self.input_values = InputValues()
        self.values = PropertyValues(hass)
        self.push = PushState(by_rule=has_account_key(entry.data))
        self.event_listeners = EventListeners(self.event_reader.async_look)
        self.on_stop: list[CALLBACK_TYPE] = [self.values.async_stop]
        self._reading: asyncio.Task[None] | None = None
        self._take_settings(subentry)
        self.template = TemplateCoordinator(
            hass, entry, self.product_id, self._async_report
        )
        self.devices = DeviceCoordinator(
            hass, entry, self.product_id, self._async_report, subentry.data
        )

    def _take_settings(self, subentry: ConfigSubentry) -> None:
        """Take over what a person may change."""
        # Home Assistant changes the subentry itself, but never its data.
        self.title, self.settings = subentry.title, subentry.data
        self.secret_choices = SecretChoices(subentry.data)

    @callback
    def async_change(self, subentry: ConfigSubentry) -> None:
        """Follow changed settings, if any, while all that is kept goes on."""
        title, before = self.title, self.settings
        if (title, before) == (subentry.title, subentry.data):
            return
        self._take_settings(subentry)
        self.devices.sleeps = self.sleeps
        others_are_chosen = any(
            before[key] != self.settings[key]
            for key in (CONF_ALL_DEVICES, CONF_DEVICES)
        )
        if others_are_chosen:
            self.devices.async_choose(self.settings)
        if title != self.title:
            async_report_failure(self.hass, self.product_id, self.title, self.failure)
        self.async_structure_changed()
        if others_are_chosen:
            self.async_read()

    @property
    def is_stopped(self) -> bool:
        """Return whether it has ended."""
        return self.devices.is_stopped

    async def async_stop(self) -> None:
        """End all that goes on."""
        await self.template.async_shutdown()
        await self.devices.async_shutdown()
        if self._reading:
            self._reading.cancel()
        while self.on_stop:
            self.on_stop.pop()()

    @property
    def marked_template(self) -> DataTemplate:
        """Return the data template with its secrets marked, an empty one while unknown.

        It is the same object until anything of it changes.
        """
        template = self.template.data
        return self.secret_choices.mark(template) if template else NO_TEMPLATE

    @property
    def actions(self) -> Mapping[str, DeviceAction]:
        """Return the device actions by their id."""
        return self.marked_template.actions

    @property
    def properties(self) -> Mapping[str, Property]:
        """Return the properties by their id, whether they have entities or not."""
        return self.marked_template.properties

    @property
    def events(self) -> Mapping[str, TemplateEvent]:
        """Return the events by their id, whether they have entities or not."""
        return self.marked_template.events

    @property
    def uses_properties(self) -> bool:
        """Return whether properties and events have entities."""
        is_used: bool = self.settings.get(CONF_USE_PROPERTIES, False)
        return is_used

    @property
    def sleeps(self) -> bool:
        """Return whether devices report while the cloud calls them offline."""
        sleeps: bool = self.settings.get(CONF_SLEEPS, False)
        return sleeps

    @property
    def has_many_devices(self) -> bool:
        """Return whether it has so many that only what is used daily is enabled."""
        return len(self.devices.names) > _MANY_DEVICES

    @property
    def descriptions(self) -> Descriptions:
        """Return what the properties become, the same object until that changes."""
        template = self.marked_template if self.uses_properties else NO_TEMPLATE
        if template is not self._described:
            self._described = template
            self._descriptions = describe(template)
        return self._descriptions

    @property
    def gone(self) -> DataTemplate:
        """Return what the template lost and nobody has confirmed.

        It is the same object until that changes.
        """
        return self.hass.data[TEMPLATE_STORE].gone(self.product_id)

    @property
    def times(self) -> TimeSettings:
        """Return how a date and time becomes a time stamp of this product."""
        unit = TimestampUnit(self.settings[CONF_TIMESTAMP_UNIT])
        return TimeSettings(unit=unit, time_zone=dt_util.get_default_time_zone())

    def values_for(self, device_name: str, action: DeviceAction) -> dict[str, object]:
        """Return what the input entities of an action show, and its secret inputs."""
        secrets = secret_values(self.settings, device_name, action.id)
        return self.input_values.of_action(device_name, action, secrets)

    @callback
    def device_label(self, device_name: str) -> str:
        """Return what a person calls a device, so that no other is called the same."""
        return device_label(self.hass, self.product_id, device_name)

    def outcome_signal(self, platform: str, device_name: str) -> str:
        """Return the signal by which entities of a device hear how its actions ended."""
        return f"{DOMAIN}_{self.subentry_id}_outcome_{platform}_{device_name}"

    @callback
    def async_structure_changed(self) -> None:
        """Notify all who follow what the product has."""
        async_dispatcher_send(self.hass, structure_signal(self.product_id))

    @callback
    def async_read(self) -> None:
        """Read what is due, in background: a cloud that hangs holds up nobody."""
        if self._reading:
            self._reading.cancel()
        self._reading = self.entry.async_create_background_task(
            self.hass, self._async_read(), f"{self.product_id} - reading"
        )

    async def _async_read(self) -> None:
        """Read the devices, and before them the data template unless it was read."""
        if not (self.template.is_read or self.template.is_denied):
            await self.template.async_refresh()
        if self._may_have_devices:
            await self.devices.async_refresh()

    async def async_refresh(self) -> None:
        """Read the data template again, and devices that are followed and not polled."""
        await self.template.async_refresh()
        is_heard = any(self.devices.async_contexts())
        is_polled = is_heard and not self.entry.pref_disable_polling
        is_followed = is_heard or self.devices.all_devices
        if is_followed and not is_polled and self._may_have_devices:
            await self.devices.async_refresh()

    @property
    def _may_have_devices(self) -> bool:
        """Return whether the data template failed for nothing that devices mind, too."""
        return self.template.failure is None or self.template.is_denied

    @callback
    def _async_report(self) -> None:
        """Keep how the last readings ended, and notify the person who can mend it."""
        before = self.failure
        self.failure = next(
            (
                coordinator.failure
                for coordinator in (self.template, self.devices)
                if coordinator.failure and not coordinator.is_denied
            ),
            None,
        )
        self.reader.async_look()
        self.event_reader.async_look()
        report_clock(self.hass, self.entry.entry_id, self.client.clock)
        async_report_reading(
            self.hass, self.entry, self.product_id, self.title, before, self.failure
        )
