"""Sensors: properties that are shown and not written."""

from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import Choice, is_of
from .entity import async_offer_entities
from .presentation.data_types import LONGEST_STATE
from .presentation.labels import choice_labels
from .reports.property_entity import ReadOnlyEntity, properties_as
from .runtime import TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for each property that is only shown."""
    async_offer_entities(entry, properties_as(Platform.SENSOR, PropertySensor))


class PropertySensor(ReadOnlyEntity, SensorEntity):
    """A property that is a number, a choice, a text or a time stamp."""

    @property
    @override
    def device_class(self) -> SensorDeviceClass | None:
        """Return what is measured, as far as that is sure."""
        name = self.description.device_class
        return SensorDeviceClass(name) if name else None

    @property
    @override
    def state_class(self) -> SensorStateClass | None:
        """Return whether statistics are kept, and which."""
        name = self.description.state_class
        return SensorStateClass(name) if name else None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit as Home Assistant spells it."""
        return self.description.unit

    @property
    @override
    def suggested_display_precision(self) -> int | None:
        """Return how many decimals are shown; the state keeps all."""
        return self.description.precision

    @property
    @override
    def options(self) -> list[str] | None:
        """Return the labels of a choice."""
        parameter = self.description.parameter
        if not is_of(parameter, Choice):
            return None
        return list(choice_labels(parameter.type).values())

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        """Return what was reported, of a choice its label."""
        parameter, value = self.description.parameter, self.reported_value
        if is_of(parameter, Choice):
            return choice_labels(parameter.type).get(self.reported_choice or "")
        if isinstance(value, str):
            return value[:LONGEST_STATE]
        if isinstance(value, datetime):
            return value
        if value == self.description.unknown_value:
            return None
        return value if isinstance(value, int | float) else None
