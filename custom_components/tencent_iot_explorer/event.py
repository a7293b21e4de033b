"""Events: those that devices report, and the outcome of each run of their actions."""

from collections.abc import Iterator
from typing import override

from homeassistant.components.event import EventDeviceClass, EventEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.outcome import Outcome, OutcomeType
from .actions.outcome_entity import OutcomeEntity
from .api import EventRecord, EventType, TemplateEvent
from .const import SYSTEM_ACTION_PREFIX
from .entity import Rank, TencentIotEntity, async_offer_entities
from .identifiers import event_path
from .reports.event_attributes import event_attributes
from .reports.event_names import event_name, is_doorbell
from .runtime import Product, TencentIotConfigEntry

PARALLEL_UPDATES = 0
# The one that Home Assistant wants of a doorbell; its older releases have no name for it.
_RING = "ring"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an event entity for each device, and one for each event that it can report."""

    def make_outcome(product: Product, device_name: str) -> list[DeviceActionEvent]:
        """Return the event entity of one device's actions."""
        return [DeviceActionEvent(product, device_name)]

    def make_events(product: Product, device_name: str) -> Iterator[DeviceEvent]:
        """Yield the entities of the events of one device."""
        if product.uses_properties:
            for event in product.events.values():
                yield DeviceEvent(product, device_name, event)

    async_offer_entities(entry, make_outcome, make_events)


class DeviceActionEvent(OutcomeEntity, EventEntity):
    """Shows how each run of a device's actions ended, whoever started it."""

    rank = Rank.OUTCOME
    object_id_part = "device_action"
    _attr_translation_key = "device_action"
    _attr_event_types = list(OutcomeType)

    @override
    def take_over(self, outcome: Outcome) -> None:
        """Trigger the event of an outcome."""
        self._trigger_event(outcome.type, outcome.attributes)


class DeviceEvent(TencentIotEntity, EventEntity):
    """Shows when a device has reported an event of the data template.

    That is when it was noticed; when it happened is an attribute. While it is enabled, the
    events of its type are read.
    """

    rank = Rank.EVENT
    _attr_translation_key = "device_event"

    def __init__(
        self, product: Product, device_name: str, event: TemplateEvent
    ) -> None:
        """Take over what the data template says of the event."""
        super().__init__(product, device_name, event_path(event.id))
        self._event_id = event.id
        self._attr_entity_registry_enabled_default = not event.id.startswith(
            SYSTEM_ACTION_PREFIX
        )
        if event.type is EventType.FAULT:
            self._attr_entity_category = EntityCategory.DIAGNOSTIC
        self._take_over(event)

    def _take_over(self, event: TemplateEvent) -> None:
        """Take over the name and the type."""
        self._attr_name = event_name(self.product, event)
        is_ring = is_doorbell(event)
        self._attr_device_class = EventDeviceClass.DOORBELL if is_ring else None
        self._attr_event_types = [_RING if is_ring else event.type.value]

    @property
    @override
    def available(self) -> bool:
        """Return whether the event is declared, also for a device that is offline.

        What comes back from being unavailable looks as if it had happened again.
        """
        return self.product.uses_properties and self._event_id in self.product.events

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for events, which are read from now on."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.product.event_listeners.async_listen(
                self.device_name, self._event_id, self.async_show_event
            )
        )

    @override
    async def async_update(self) -> None:
        """Read the events of the device now."""
        await self.product.event_reader.async_read(self.product, self.device_name)

    @callback
    @override
    def async_structure_changed(self) -> None:
        """Follow what the data template says of the event."""
        if event := self.product.events.get(self._event_id):
            self._take_over(event)
        super().async_structure_changed()

    @callback
    def async_show_event(self, record: EventRecord) -> None:
        """Show that the event has happened."""
        if event := self.product.events.get(self._event_id):
            self._trigger_event(self.event_types[0], event_attributes(event, record))
            self.async_write_ha_state()
