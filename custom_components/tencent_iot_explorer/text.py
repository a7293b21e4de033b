"""Texts: inputs of device actions."""

from typing import Any, override

from homeassistant.components.text import TextEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.input_entity import InputEntity, async_offer_inputs
from .api import Text
from .entity import ParameterEntity
from .presentation.data_types import LONGEST_STATE
from .runtime import TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each input that is a text."""
    async_offer_inputs(entry, InputText)


class ParameterText(ParameterEntity[Text], TextEntity):
    """A text that keeps the limits of the data template and of a state."""

    kind = Text

    @property
    @override
    def native_value(self) -> str | None:
        """Return the text."""
        value = self.parameter_value
        return value if isinstance(value, str) else None

    @property
    @override
    def native_min(self) -> int:
        """Return the least length of the text."""
        return self.parameter.type.shortest

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
            and self.native_min <= len(value) <= self.native_max
            and super().is_allowed(value)
        )


class InputText(InputEntity[Text], ParameterText):
    """A text that a button sends."""

    @override
    def from_stored(self, stored: object) -> str | None:
        """Return a text that was stored."""
        return stored if isinstance(stored, str) else None
