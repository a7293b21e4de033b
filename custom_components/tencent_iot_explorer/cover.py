"""Covers: made of properties that open, close and stop one."""

from collections.abc import Iterator
from typing import Any, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    CoverEntity,
    CoverEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import Rank, async_offer_entities
from .properties.description import CoverDescription
from .reports.entity import PropertyEntity
from .runtime import Product, TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a cover for each device whose data template describes one."""

    def make(product: Product, device_name: str) -> Iterator[PropertyCover]:
        """Yield the cover of one device."""
        if description := product.descriptions.cover:
            yield PropertyCover(product, device_name, Platform.COVER, description)

    async_offer_entities(entry, make)


class PropertyCover(PropertyEntity[CoverDescription], CoverEntity):
    """A cover, whose position is known only where a property says it."""

    rank = Rank.LIGHT_OR_COVER

    @override
    def find_description(self) -> CoverDescription | None:
        """Return what today's data template makes of it."""
        return self.product.descriptions.cover

    @property
    @override
    def supported_features(self) -> CoverEntityFeature:
        """Return what can be asked of it."""
        features = (
            CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.STOP
        )
        if self.description.position:
            features |= CoverEntityFeature.SET_POSITION
        return features

    @property
    @override
    def current_cover_position(self) -> int | None:
        """Return how far it is open."""
        if self.description.position is None:
            return None
        value = self.reported(self.description.position)
        if not isinstance(value, int | float):
            return None
        return round(min(100, max(0, value)))

    @property
    @override
    def is_closed(self) -> bool | None:
        """Return whether it is closed, none if nobody knows."""
        position = self.current_cover_position
        return None if position is None else position == 0

    @property
    @override
    def assumed_state(self) -> bool:
        """Return whether nobody knows: then the page offers all that can be asked."""
        position = self.description.position
        return position is None or not self.is_reported(position)

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open it."""
        await self._async_control(self.description.open)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close it."""
        await self._async_control(self.description.close)

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stop it where it is."""
        await self._async_control(self.description.stop)

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Open it so far."""
        if position := self.description.position:
            await self.async_write_values({position.id: kwargs[ATTR_POSITION]})

    async def _async_control(self, key: str) -> None:
        """Write one of the three choices."""
        await self.async_write_values({self.description.control.id: key})
