"""Number inputs of device actions."""

from typing import override

from homeassistant.components.number import NumberEntity, NumberMode
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.fields import is_slider
from .actions.input_entity import InputEntity, async_offer_inputs
from .api import DataType, parse_number, round_number
from .coordinator import TencentIotConfigEntry

PARALLEL_UPDATES = 0
# The largest range in which each whole number can be shown exactly.
_NO_LIMIT = 2.0**53
_SMALLEST_STEP = 0.001


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each input that is a number."""
    async_offer_inputs(entry, Platform.NUMBER, InputNumber)


class InputNumber(InputEntity, NumberEntity):
    """A number that a button sends."""

    @property
    @override
    def native_value(self) -> float | None:
        """Return the number."""
        value = self.input_value
        return value if isinstance(value, int | float) else None

    @property
    @override
    def native_min_value(self) -> float:
        """Return the least number that is allowed."""
        minimum = self.parameter.minimum
        return -_NO_LIMIT if minimum is None else minimum

    @property
    @override
    def native_max_value(self) -> float:
        """Return the largest number that is allowed."""
        maximum = self.parameter.maximum
        return _NO_LIMIT if maximum is None else maximum

    @property
    @override
    def native_step(self) -> float:
        """Return the step of the data template, a small one where it states none."""
        return self.parameter.step or _SMALLEST_STEP

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit of the data template."""
        return self.parameter.unit or None

    @property
    @override
    def mode(self) -> NumberMode:
        """Return a slider where it can tell the values apart."""
        return NumberMode.SLIDER if is_slider(self.parameter) else NumberMode.BOX

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Take over a number."""
        self.async_set(self._as_sent(value))

    @override
    def from_stored(self, stored: object) -> float | None:
        """Return a number that was stored."""
        return self._as_sent(stored) if isinstance(stored, int | float) else None

    def _as_sent(self, value: float) -> float:
        """Return a number as it will be sent, so that no other one is shown."""
        number = parse_number(value)
        if number is None:
            return value
        number = round_number(number)
        return number if self.parameter.type is DataType.INT else float(number)
