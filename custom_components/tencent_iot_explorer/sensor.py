"""Sensors: properties that are shown and not written, and what ran last."""

from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import (
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    EntityCategory,
    Platform,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity

from .actions.outcome import OUTCOME_ATTRIBUTES, Outcome
from .actions.outcome_entity import OutcomeEntity, has_last_action
from .api import Choice, is_of
from .entity import Rank, async_offer_entities
from .identifiers import LAST_ACTION
from .presentation.data_types import LONGEST_STATE
from .presentation.labels import choice_labels
from .reports.property_entity import ReadOnlyEntity, properties_as
from .runtime import Product, TencentIotConfigEntry

PARALLEL_UPDATES = 0
_OUTCOME = "outcome"
# What Home Assistant itself says of an entity that shows nothing.
_NOTHING = (STATE_UNAVAILABLE, STATE_UNKNOWN)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for what ran last, and one for each property that is only shown."""

    def make(product: Product, device_name: str) -> list[LastAction]:
        """Return the sensor of one device's actions, if there are any."""
        return [LastAction(product, device_name)] if has_last_action(product) else []

    async_offer_entities(entry, make, properties_as(Platform.SENSOR, PropertySensor))


class LastAction(OutcomeEntity, SensorEntity, RestoreEntity):
    """Shows which action of a device ended last, by the name of that time, and how."""

    rank = Rank.LAST_ACTION
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_translation_key = "last_action"

    def __init__(self, product: Product, device_name: str) -> None:
        """Begin with nothing that ran."""
        super().__init__(product, device_name, LAST_ACTION)

    @override
    async def async_added_to_hass(self) -> None:
        """Show what ran last before a restart or a reload.

        An entity that was only renamed shows it still; what is stored by its new id may
        be older.
        """
        await super().async_added_to_hass()
        if self.native_value is not None:
            return
        last = await self.async_get_last_state()
        if last and last.state not in _NOTHING:
            self._attr_native_value = last.state
            self._attr_extra_state_attributes = {
                key: last.attributes[key]
                for key in (_OUTCOME, *OUTCOME_ATTRIBUTES)
                if key in last.attributes
            }

    @override
    def take_over(self, outcome: Outcome) -> None:
        """Show the name of the action, and how its run ended.

        With its id where the name alone would say that nothing is shown.
        """
        name = outcome.action_name
        if name in _NOTHING:
            name = f"{name} ({outcome.action_id})"
        self._attr_native_value = name
        self._attr_extra_state_attributes = {
            _OUTCOME: outcome.type,
            **outcome.attributes,
        }


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
