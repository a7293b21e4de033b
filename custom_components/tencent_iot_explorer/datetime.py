"""Time stamps: inputs of device actions, and properties."""

from datetime import UTC, datetime
from typing import override

from homeassistant.components.datetime import DateTimeEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.input_entity import InputEntity, inputs_as
from .api import InvalidValueError, Problem, Timestamp
from .entity import ParameterEntity, async_offer_entities
from .reports.property_entity import ValueEntity, properties_as
from .runtime import TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each input and each property that is a time stamp."""
    async_offer_entities(
        entry,
        inputs_as(InputDateTime),
        properties_as(Platform.DATETIME, PropertyDateTime),
    )


class ParameterDateTime(ParameterEntity[Timestamp], DateTimeEntity):
    """A date and time that is sent as a time stamp, in the unit of the product."""

    kind = Timestamp

    @property
    @override
    def native_value(self) -> datetime | None:
        """Return the date and time."""
        value = self.parameter_value
        return value if isinstance(value, datetime) else None

    @override
    async def async_set_value(self, value: datetime) -> None:
        """Take over a date and time, but none that no state can show."""
        if not _has_utc(value):
            raise self.refusal(InvalidValueError(Problem.NOT_A_TIME, self.parameter.id))
        await self.async_set_parameter(value)


class InputDateTime(InputEntity[Timestamp], ParameterDateTime):
    """A date and time that a button sends."""

    @override
    def to_stored(self, value: object) -> str | None:
        """Return the date and time as text."""
        return value.isoformat() if isinstance(value, datetime) else None

    @override
    def from_stored(self, stored: object) -> datetime | None:
        """Return a date and time that was stored."""
        if not isinstance(stored, str):
            return None
        try:
            value = datetime.fromisoformat(stored)
        except ValueError:
            return None
        return value if value.tzinfo and _has_utc(value) else None


class PropertyDateTime(ValueEntity[Timestamp], ParameterDateTime):
    """A property that is a time stamp, written in the unit that it was reported in."""


def _has_utc(value: datetime) -> bool:
    """Return whether it is a year from 1 to 9999 in UTC, too, which a state is in."""
    try:
        value.astimezone(UTC)
    except OverflowError:
        return False
    return True
