"""Choices: inputs of device actions, and properties."""

from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.input_entity import InputEntity, inputs_as
from .api import Choice
from .entity import ParameterEntity, async_offer_entities
from .presentation.labels import choice_labels
from .reports.property_entity import ValueEntity, properties_as
from .runtime import TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each input and each property that is a choice."""
    async_offer_entities(
        entry, inputs_as(InputSelect), properties_as(Platform.SELECT, PropertySelect)
    )


class ParameterSelect(ParameterEntity[Choice], SelectEntity):
    """A choice; its value is the key, its options are labels."""

    kind = Choice

    @property
    @override
    def options(self) -> list[str]:
        """Return the labels of the data template."""
        return list(choice_labels(self.parameter.type).values())

    @property
    @override
    def current_option(self) -> str | None:
        """Return the label of the key that is chosen."""
        key = self.parameter_value
        if not isinstance(key, str):
            return None
        return choice_labels(self.parameter.type).get(key)

    @override
    async def async_select_option(self, option: str) -> None:
        """Take over the key of a label."""
        labels = choice_labels(self.parameter.type)
        await self.async_set_parameter(
            next(key for key, label in labels.items() if label == option)
        )

    @override
    def is_allowed(self, value: object) -> bool:
        """Return whether a key still exists; a label that reads the same is none."""
        return value in self.parameter.type.choices


class InputSelect(InputEntity[Choice], ParameterSelect):
    """A choice that a button sends."""

    @override
    def from_stored(self, stored: object) -> str | None:
        """Return a key that was stored, so that changed labels do no harm."""
        return stored if isinstance(stored, str) else None


class PropertySelect(ValueEntity[Choice], ParameterSelect):
    """A property that is a choice."""
