"""What all entities of a device share."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import override

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import async_get_current_platform
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import slugify

from .api import DataType, InvalidValueError, Parameter, to_wire_value
from .const import CONSOLE_URL, DOMAIN, MANUFACTURER
from .device_coordinator import DeviceCoordinator
from .identifiers import device_identifier, entity_unique_id, object_id
from .runtime import Product, TencentIotConfigEntry

# Of 255 characters; the rest is for the platform, what people call area and device, and
# a number. Two ids may be 257.
_LONGEST_OBJECT_ID = 80


@callback
def async_offer_entities(
    entry: TencentIotConfigEntry,
    *makes: Callable[[Product, str], Iterable[TencentIotEntity]],
) -> None:
    """Let products have the entities that are made for each of their devices.

    They are added by the platform itself, because what is handed to the callback for new
    entities cannot be waited for, and inputs must be there before their buttons.
    """

    def make(product: Product, device_name: str) -> Iterator[TencentIotEntity]:
        """Yield the entities of one device."""
        for make_some in makes:
            yield from make_some(product, device_name)

    platform = async_get_current_platform()
    entry.runtime_data.platforms[platform.domain] = (platform, make)


class Rank(IntEnum):
    """What comes first where Home Assistant cannot hold all entities of an entry."""

    CONNECTIVITY = 1
    ACTION = 2
    OUTCOME = 3
    LIGHT_OR_COVER = 4
    WRITABLE_PROPERTY = 5
    EVENT = 6
    CLASSIFIED_PROPERTY = 7
    LAST_ACTION = 8
    OTHER_PROPERTY = 9


class TencentIotEntity(CoordinatorEntity[DeviceCoordinator]):
    """An entity of one device of a product.

    `belongs_to` is what the entities have in common that are enabled together or not at all:
    the unique id of the one that the others are there for. `object_id_part` ends
    the entity id of what is made of no ids but the device's.
    """

    rank: Rank
    object_id_part = ""
    _attr_has_entity_name = True
    _attr_unique_id: str
    is_left_out = False

    def __init__(self, product: Product, device_name: str, *keys: str) -> None:
        """Set which device the entity belongs to, and which part of it."""
        super().__init__(product.devices, device_name)
        self.product = product
        self.device_name = device_name
        self._attr_unique_id = entity_unique_id(product.product_id, device_name, *keys)
        self._object_id = object_id(*keys) or self.object_id_part
        self.belongs_to = self._attr_unique_id

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """Return what the device registry holds of the device.

        It is asked for once only. Whatever thousands of entities keep makes the pauses of
        the garbage collector longer.
        """
        product_id = self.product.product_id
        return DeviceInfo(
            identifiers={(DOMAIN, device_identifier(product_id, self.device_name))},
            name=self.device_name,
            manufacturer=MANUFACTURER,
            model=self.product.title,
            model_id=product_id,
            serial_number=self.device_name,
            configuration_url=CONSOLE_URL,
        )

    @property
    def device_label(self) -> str:
        """Return what a person calls the device."""
        return self.product.device_label(self.device_name)

    @property
    @override
    def unique_id(self) -> str:
        """Return the unique id, which each entity has."""
        return self._attr_unique_id

    @property
    @override
    def suggested_object_id(self) -> str | None:
        """Return what a new entity id ends in: the ids of the cloud, in every language.

        Names can be changed in the cloud and are Chinese mostly. It is cut so that the whole
        stays valid: Home Assistant cuts an id of more than 255 characters anywhere.
        """
        name = self._object_id or slugify(super().suggested_object_id)
        return name[:_LONGEST_OBJECT_ID]

    @property
    @override
    def available(self) -> bool:
        """Return whether the entity's part of the data template is there."""
        return True

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Show nothing new: most entities do not depend on what the cloud reports.

        They follow it all the same, so that the devices are read as long as one is used.
        """

    @property
    def is_outdated(self) -> bool:
        """Return whether it must be made anew to show what it is now."""
        return False

    @callback
    def leave_out(self) -> None:
        """Be registered disabled, because there is no room for it."""
        self.is_left_out = True
        self._attr_entity_registry_enabled_default = False

    @callback
    def async_structure_changed(self) -> None:
        """Show what changed in the data template or among the devices."""
        self.async_write_ha_state()


class ParameterEntity[T: DataType](TencentIotEntity):
    """Shows the value of one parameter and lets a person choose another one.

    `kind` is which types of parameters it can show. A value is what people are shown: a
    number, the key of a choice, a text, or a date and time.
    """

    kind: type[T]
    parameter: Parameter[T]

    @property
    @abstractmethod
    def parameter_value(self) -> object:
        """Return the value to be shown, none if it is unknown."""

    @abstractmethod
    async def async_set_parameter(self, value: object) -> None:
        """Take over a value that a person chose; refuses one that is not allowed."""

    @abstractmethod
    def refusal(self, err: InvalidValueError) -> HomeAssistantError:
        """Return the error for a value that is not allowed."""

    def is_allowed(self, value: object) -> bool:
        """Return whether a value can be shown and sent."""
        try:
            to_wire_value(self.parameter, value, self.product.times)
        except InvalidValueError:
            return False
        return True
