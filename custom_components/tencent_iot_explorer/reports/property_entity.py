"""What the entities of one property, or of one member of a structure, share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import override

from homeassistant.const import EntityCategory, Platform
from homeassistant.exceptions import HomeAssistantError

from ..api import DataType, InvalidValueError, is_of
from ..entity import ParameterEntity, Rank
from ..errors import invalid_property_value
from ..identifiers import property_path
from ..properties.description import PropertyDescription
from ..runtime import Product
from .entity import PropertyEntity, key_of

# What says of a sensor only that it shows a choice.
_UNCLASSIFIED = (None, "enum")


class DescribedEntity(PropertyEntity[PropertyDescription]):
    """Shows one property, or one member of a structure."""

    def __init__(
        self, product: Product, device_name: str, description: PropertyDescription
    ) -> None:
        """Take over what is described."""
        path = path_of(description)
        super().__init__(product, device_name, path, description)
        self._attr_entity_category = description.category
        self._attr_entity_registry_enabled_default = description.is_enabled and not (
            product.has_many_devices and description.category is EntityCategory.CONFIG
        )

    @override
    def find_description(self) -> PropertyDescription | None:
        """Return what today's data template makes of the same property."""
        path, platform = path_of(self.description), self.description.platform
        return next(
            (
                item
                for item in self.product.descriptions.properties
                if item.platform is platform and path_of(item) == path
            ),
            None,
        )

    @property
    def reported_value(self) -> object:
        """Return the state that is to be shown, none if it is unknown."""
        value = self.reported(self.description.declared)
        if self.description.member is None:
            return value
        if not isinstance(value, Mapping):
            return None
        member: object = value.get(self.description.member.id)
        return member

    @property
    def reported_choice(self) -> str | None:
        """Return the key of a choice that is to be shown, none if it is unknown."""
        return key_of(self.reported_value)

    @override
    def shown(self) -> tuple[object, ...]:
        """Return what the state of the one property, or member, depends on."""
        return self.available, self.assumed_state, self.reported_value


class ReadOnlyEntity(DescribedEntity):
    """Shows a property that nobody writes: unavailable while its device is offline."""

    def __init__(
        self, product: Product, device_name: str, description: PropertyDescription
    ) -> None:
        """Take over what is described."""
        super().__init__(product, device_name, description)
        is_classified = description.device_class not in _UNCLASSIFIED
        self.rank = Rank.CLASSIFIED_PROPERTY if is_classified else Rank.OTHER_PROPERTY

    @property
    @override
    def available(self) -> bool:
        """Return whether the data template has it and its state is that of today."""
        return super().available and self.is_current


class WritableEntity(DescribedEntity):
    """Shows a property and writes it."""

    rank = Rank.WRITABLE_PROPERTY

    async def async_write_value(self, value: object) -> None:
        """Write a value that a person chose; refuses one that is not allowed."""
        await self.async_write_values({self.description.declared.id: value})


class ValueEntity[T: DataType](WritableEntity, ParameterEntity[T]):
    """Shows a property and writes it like an input."""

    @override
    def take_description(self, description: PropertyDescription) -> None:
        """Show what a description says from now on."""
        super().take_description(description)
        if is_of(description.parameter, self.kind):
            self.parameter = description.parameter

    @property
    @override
    def parameter_value(self) -> object:
        """Return the value to be shown, none if it is unknown."""
        return self.reported_value

    @override
    async def async_set_parameter(self, value: object) -> None:
        """Write a value that a person chose; refuses one that is not allowed."""
        await self.async_write_value(value)

    @override
    def refusal(self, err: InvalidValueError) -> HomeAssistantError:
        """Return the error for a value that is not allowed, with device and property."""
        return invalid_property_value(
            err, device=self.device_label, properties=self.product.properties
        )


def path_of(description: PropertyDescription) -> str:
    """Return the end of the unique id of the entity that is described."""
    member = description.member
    return property_path(description.declared.id, member.id if member else None)


def properties_as[EntityT: DescribedEntity](
    platform: Platform,
    make: Callable[[Product, str, PropertyDescription], EntityT],
) -> Callable[[Product, str], Iterable[EntityT]]:
    """Return what makes the entities that the properties of a device have on a platform."""

    def make_all(product: Product, device_name: str) -> Iterator[EntityT]:
        """Yield the entities of one device."""
        for description in product.descriptions.properties:
            if description.platform is platform:
                yield make(product, device_name, description)

    return make_all
