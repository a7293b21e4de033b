"""Text inputs of device actions."""

from typing import Any, override

from homeassistant.components.text import TextEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.input_entity import InputEntity, async_offer_inputs
from .actions.inputs import LONGEST_STATE
from .api import longest_text, shortest_text
from .coordinator import TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each input that is a text."""
    async_offer_inputs(entry, Platform.TEXT, InputText)


class InputText(InputEntity, TextEntity):
    """A text that a button sends."""

    @property
    @override
    def native_value(self) -> str | None:
        """Return the text."""
        value = self.input_value
        return value if isinstance(value, str) else None

    @property
    @override
    def native_min(self) -> int:
        """Return the least length of the text."""
        return shortest_text(self.parameter)

    @property
    @override
    def native_max(self) -> int:
        """Return the largest length that both the template and a state allow."""
        longest = longest_text(self.parameter)
        return LONGEST_STATE if longest is None else min(LONGEST_STATE, longest)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Return the length that only the service can send, where that is larger."""
        longest = longest_text(self.parameter)
        if longest is None or longest <= LONGEST_STATE:
            return None
        return {"longest_by_service": longest}

    @override
    async def async_set_value(self, value: str) -> None:
        """Take over a text."""
        self.async_set(value)

    @override
    def is_allowed(self, value: object) -> bool:
        """Return whether a text keeps its limits, also as Home Assistant counts them."""
        return (
            isinstance(value, str)
            and self.native_min <= len(value) <= self.native_max
            and super().is_allowed(value)
        )

    @override
    def from_stored(self, stored: object) -> str | None:
        """Return a text that was stored."""
        return stored if isinstance(stored, str) else None
