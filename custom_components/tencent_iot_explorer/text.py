"""Texts: inputs of device actions, and properties."""

from typing import Any, override

from homeassistant.components.text import TextEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.input_entity import InputEntity, inputs_as
from .api import Text
from .entity import ParameterEntity, async_offer_entities
from .presentation.data_types import LONGEST_STATE
from .reports.property_entity import ValueEntity, properties_as
from .runtime import TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each input and each property that is a text."""
    async_offer_entities(
        entry, inputs_as(InputText), properties_as(Platform.TEXT, PropertyText)
    )


class ParameterText(ParameterEntity[Text], TextEntity):
    """A text that keeps the limits of the data template and of a state.

    Home Assistant knows of no least length: it would refuse what is too short without a
    name, and a state that is shorter, such as one of what is unset, altogether.
    """

    kind = Text

    @property
    @override
    def native_value(self) -> str | None:
        """Return the text."""
        value = self.parameter_value
        return value if isinstance(value, str) else None

    @property
    @override
    def native_max(self) -> int:
        """Return the largest length that both the template and a state allow."""
        longest = self.parameter.type.longest
        return LONGEST_STATE if longest is None else min(LONGEST_STATE, longest)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return the length that only the service can send, where that is larger."""
        longest = self.parameter.type.longest
        if longest is None or longest <= LONGEST_STATE:
            return None
        return {"longest_by_service": longest}

    @override
    async def async_set_value(self, value: str) -> None:
        """Take over a text."""
        await self.async_set_parameter(value)

    @override
    def is_allowed(self, value: object) -> bool:
        """Return whether a text keeps its limits, also as Home Assistant counts them."""
        return (
            isinstance(value, str)
            and len(value) <= self.native_max
            and super().is_allowed(value)
        )


class InputText(InputEntity[Text], ParameterText):
    """A text that a button sends."""

    @property
    @override
    def native_value(self) -> str:
        """Return the text, an empty one also while nobody has set any.

        A state that is unknown is a word in the field, which must be deleted by hand.
        """
        return super().native_value or ""

    @override
    def from_stored(self, stored: object) -> str | None:
        """Return a text that was stored."""
        return stored if isinstance(stored, str) else None


class PropertyText(ValueEntity[Text], ParameterText):
    """A property that is a text.

    What a device reports may be shorter or longer than the template says. Only what is
    written is held to it.
    """

    @property
    @override
    def native_value(self) -> str | None:
        """Return the text, cut where a state ends."""
        value = self.parameter_value
        return value[: self.native_max] if isinstance(value, str) else None
