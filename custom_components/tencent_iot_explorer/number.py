"""Numbers: inputs of device actions, and properties."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.input_entity import InputEntity, inputs_as
from .api import Number, parse_number, round_number
from .entity import ParameterEntity, async_offer_entities
from .presentation.data_types import SMALLEST_STEP, is_slider
from .reports.property_entity import ValueEntity, properties_as
from .runtime import TencentIotConfigEntry

PARALLEL_UPDATES = 0
# The largest range in which each whole number can be shown exactly.
_NO_LIMIT = 2.0**53


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each input and each property that is a number."""
    async_offer_entities(
        entry, inputs_as(InputNumber), properties_as(Platform.NUMBER, PropertyNumber)
    )


class ParameterNumber(ParameterEntity[Number], NumberEntity):
    """A number within the limits of the data template."""

    kind = Number

    @property
    @override
    def native_value(self) -> float | None:
        """Return the number."""
        value = self.parameter_value
        return value if isinstance(value, int | float) else None

    @property
    @override
    def native_min_value(self) -> float:
        """Return the least number that is allowed."""
        minimum = self.parameter.type.minimum
        return -_NO_LIMIT if minimum is None else minimum

    @property
    @override
    def native_max_value(self) -> float:
        """Return the largest number that is allowed."""
        maximum = self.parameter.type.maximum
        return _NO_LIMIT if maximum is None else maximum

    @property
    @override
    def native_step(self) -> float:
        """Return the step of the data template, a small one where it states none."""
        return self.parameter.type.step or SMALLEST_STEP

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit of the data template."""
        return self.parameter.type.unit or None

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Take over a number."""
        await self.async_set_parameter(self.as_sent(value))

    def as_sent(self, value: float) -> float:
        """Return a number as it will be sent, so that no other one is shown."""
        number = parse_number(value)
        if number is None:
            return value
        number = round_number(number)
        return number if self.parameter.type.is_whole else float(number)


class InputNumber(InputEntity[Number], ParameterNumber):
    """A number that a button sends, typed as it is sent."""

    _attr_mode = NumberMode.BOX

    @override
    def from_stored(self, stored: object) -> float | None:
        """Return a number that was stored."""
        return self.as_sent(stored) if isinstance(stored, int | float) else None


class PropertyNumber(ValueEntity[Number], ParameterNumber):
    """A property that is a number."""

    @property
    @override
    def mode(self) -> NumberMode:
        """Return a slider where it can set each value."""
        return NumberMode.SLIDER if is_slider(self.parameter.type) else NumberMode.BOX

    @property
    @override
    def device_class(self) -> NumberDeviceClass | None:
        """Return what is measured, as far as that is sure."""
        name = self.description.device_class
        return NumberDeviceClass(name) if name else None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the unit as Home Assistant spells it."""
        return self.description.unit

    @override
    def as_sent(self, value: float) -> float:
        """Return a number as it will be sent.

        One that was chosen in another unit, which Home Assistant has converted, is brought
        to a step of the device.
        """
        if self.unit_of_measurement != self.native_unit_of_measurement:
            value = round(value / self.native_step) * self.native_step
        return super().as_sent(value)
