"""What properties become: frozen descriptions, which the platforms only show."""

from dataclasses import dataclass

from homeassistant.const import EntityCategory, Platform

from ..api import Choice, Number, Parameter, Property, Struct


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyDescription:
    """The entity of a declared property, or of one member of a structure.

    Classes are Home Assistant's own texts. `unit` is as Home Assistant spells it. `on` is
    the key that means on, of a binary sensor or a switch; `off` is the other one of a
    switch. `precision` is how many decimals are shown. A device sends `unknown_value` in
    place of a number that it does not know. Whether it is enabled at first depends on the
    number of devices as well.
    """

    declared: Property
    member: Parameter | None = None
    platform: Platform
    name: str
    device_class: str | None = None
    state_class: str | None = None
    unit: str | None = None
    category: EntityCategory | None = None
    is_enabled: bool = True
    precision: int | None = None
    on: str | None = None
    off: str | None = None
    unknown_value: int | None = None

    @property
    def parameter(self) -> Parameter:
        """Return what the entity shows the value of."""
        return self.member or self.declared

    @property
    def properties(self) -> tuple[Property, ...]:
        """Return the properties that it is made of."""
        return (self.declared,)


@dataclass(frozen=True, kw_only=True, slots=True)
class LightDescription:
    """A light, made of properties that have no other entity then.

    The keys of `mode` say whether the light is white or of a colour; a colour has a mode.
    A mode with more keys than these two keeps its own entity. `color_members` are the ids
    of red, green and blue in the structure `color`, each 0 to 255.
    """

    name: str
    power: Property[Choice]
    on: str
    off: str
    brightness: Property[Number]
    color_temperature: Property[Number] | None = None
    color: Property[Struct] | None = None
    color_members: tuple[str, ...] = ()
    mode: Property[Choice] | None = None
    color_key: str | None = None
    white_key: str | None = None

    @property
    def properties(self) -> tuple[Property, ...]:
        """Return the properties that it is made of."""
        parts = (
            self.power,
            self.brightness,
            self.color_temperature,
            self.color,
            self.mode,
        )
        return tuple(item for item in parts if item)


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverDescription:
    """A cover, made of properties that have no other entity then.

    `position` is 0 for closed and 100 for open.
    """

    name: str
    control: Property[Choice]
    open: str
    close: str
    stop: str
    position: Property[Number] | None = None

    @property
    def properties(self) -> tuple[Property, ...]:
        """Return the properties that it is made of."""
        return (self.control, self.position) if self.position else (self.control,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Descriptions:
    """All entities that the properties of one data template become."""

    properties: tuple[PropertyDescription, ...] = ()
    light: LightDescription | None = None
    cover: CoverDescription | None = None
