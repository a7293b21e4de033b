"""Switches: properties that are on or off."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import async_offer_entities
from .reports.property_entity import WritableEntity, properties_as
from .runtime import TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a switch for each property that is on or off and can be written."""
    async_offer_entities(entry, properties_as(Platform.SWITCH, PropertySwitch))


class PropertySwitch(WritableEntity, SwitchEntity):
    """A property that is on or off."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is on, none if the device reported neither."""
        key = self.reported_choice
        if key is None or key not in (self.description.on, self.description.off):
            return None
        return key == self.description.on

    @property
    @override
    def assumed_state(self) -> bool:
        """Return whether nobody knows: then the page shows a key for each state."""
        return not self.is_reported(self.description.declared)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on."""
        await self.async_write_value(self.description.on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.async_write_value(self.description.off)
