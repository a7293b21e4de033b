"""Lights: made of properties for power, brightness and colour."""

from collections.abc import Iterator
from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_RGB_COLOR,
    ATTR_WHITE,
    ColorMode,
    LightEntity,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import Number, Property
from .entity import Rank, async_offer_entities
from .properties.description import LightDescription
from .reports.brightness import from_brightness, to_brightness
from .reports.entity import PropertyEntity
from .runtime import Product, TencentIotConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a light for each device whose data template describes one."""

    def make(product: Product, device_name: str) -> Iterator[PropertyLight]:
        """Yield the light of one device."""
        if description := product.descriptions.light:
            yield PropertyLight(product, device_name, Platform.LIGHT, description)

    async_offer_entities(entry, make)


class PropertyLight(PropertyEntity[LightDescription], LightEntity):
    """A light; all that one call asks for is written by one request."""

    rank = Rank.LIGHT_OR_COVER

    @override
    def find_description(self) -> LightDescription | None:
        """Return what today's data template makes of it."""
        return self.product.descriptions.light

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is on, none if the device reported neither."""
        key = self.reported_key(self.description.power)
        if key not in (self.description.on, self.description.off):
            return None
        return key == self.description.on

    @property
    @override
    def supported_color_modes(self) -> set[ColorMode]:
        """Return what can be set of it."""
        modes: set[ColorMode] = set()
        if self.description.color_temperature:
            modes.add(ColorMode.COLOR_TEMP)
        if self.description.color:
            modes.add(ColorMode.RGB)
            if not self.description.color_temperature:
                modes.add(ColorMode.WHITE)
        return modes or {ColorMode.BRIGHTNESS}

    @property
    @override
    def color_mode(self) -> ColorMode:
        """Return whether it is coloured, white as long as nothing says so."""
        mode = self.description.mode
        if mode and self.reported_key(mode) == self.description.color_key:
            return ColorMode.RGB
        (white,) = self.supported_color_modes - {ColorMode.RGB}
        return white

    @property
    @override
    def brightness(self) -> int | None:
        """Return the brightness, from 1 to 255."""
        value = self._number(self.description.brightness)
        if value is None:
            return None
        return to_brightness(self.description.brightness.type, value)

    @property
    @override
    def color_temp_kelvin(self) -> int | None:
        """Return the colour temperature."""
        value = self._number(self.description.color_temperature)
        return None if value is None else round(value)

    @property
    @override
    def min_color_temp_kelvin(self) -> int:
        """Return the warmest white that there is."""
        declared = self.description.color_temperature
        if declared is None or declared.type.minimum is None:
            return super().min_color_temp_kelvin
        return round(declared.type.minimum)

    @property
    @override
    def max_color_temp_kelvin(self) -> int:
        """Return the coldest white that there is."""
        declared = self.description.color_temperature
        if declared is None or declared.type.maximum is None:
            return super().max_color_temp_kelvin
        return round(declared.type.maximum)

    @property
    @override
    def rgb_color(self) -> tuple[int, int, int] | None:
        """Return the colour, none as long as a part of it is unknown."""
        if self.description.color is None:
            return None
        parts = self.reported(self.description.color)
        if not isinstance(parts, dict):
            return None
        red, green, blue = (parts.get(name) for name in self.description.color_members)
        if not (
            isinstance(red, int) and isinstance(green, int) and isinstance(blue, int)
        ):
            return None
        return red, green, blue

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Turn it on, as bright and in such a colour as was asked for."""
        light = self.description
        values: dict[str, object] = {light.power.id: light.on}
        brightness: int | None = kwargs.get(ATTR_WHITE, kwargs.get(ATTR_BRIGHTNESS))
        if brightness is not None:
            values[light.brightness.id] = from_brightness(
                light.brightness.type, brightness
            )
        kelvin: int | None = kwargs.get(ATTR_COLOR_TEMP_KELVIN)
        if kelvin is not None and light.color_temperature:
            values[light.color_temperature.id] = min(
                max(kelvin, self.min_color_temp_kelvin), self.max_color_temp_kelvin
            )
        color: tuple[int, int, int] | None = kwargs.get(ATTR_RGB_COLOR)
        if color is not None and light.color:
            values[light.color.id] = dict(zip(light.color_members, color, strict=True))
        if light.mode and color is not None:
            values[light.mode.id] = light.color_key
        elif light.mode and (kelvin is not None or ATTR_WHITE in kwargs):
            values[light.mode.id] = light.white_key
        await self.async_write_values(values)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off."""
        await self.async_write_values({self.description.power.id: self.description.off})

    def _number(self, declared: Property[Number] | None) -> float | None:
        """Return the number that is to be shown of a property, none if it is unknown."""
        value = self.reported(declared) if declared else None
        return value if isinstance(value, int | float) else None
