"""What all entities of properties share."""

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from typing import override

from homeassistant.core import Context, callback
from homeassistant.exceptions import HomeAssistantError

from ..account.request_counts import Origin
from ..api import DeviceStatus, Parameter, TencentIotError
from ..entity import TencentIotEntity
from ..properties.description import (
    CoverDescription,
    LightDescription,
    PropertyDescription,
)
from ..runtime import Product
from .wire_values import wire_values
from .writing import async_write

type Description = PropertyDescription | LightDescription | CoverDescription

_UNREACHABLE = (DeviceStatus.OFFLINE, DeviceStatus.NOT_ACTIVATED)


class PropertyEntity[DescriptionT: Description](TencentIotEntity):
    """An entity that shows values of some properties of a device.

    While it is enabled, the properties of its device are read. It shows what a
    description says, and follows a data template in which that changes.
    """

    def __init__(
        self, product: Product, device_name: str, path: str, description: DescriptionT
    ) -> None:
        """Take over what is described."""
        super().__init__(product, device_name, path)
        self._is_described = True
        self._shown: tuple[object, ...] = ()
        self.take_description(description)

    def take_description(self, description: DescriptionT) -> None:
        """Show what a description says from now on."""
        self.description = description
        self._attr_name = description.name

    @abstractmethod
    def find_description(self) -> DescriptionT | None:
        """Return what today's data template makes of the same."""

    @property
    @override
    def is_outdated(self) -> bool:
        """Return whether it is made of other properties now."""
        found = self.find_description()
        return found is not None and _ids(found) != _ids(self.description)

    @property
    @override
    def available(self) -> bool:
        """Return whether the data template has it, also for a device that is offline.

        Home Assistant would silently skip what is asked of an unavailable entity; this
        way it is tried, and raises.
        """
        return self._is_described

    @property
    def is_current(self) -> bool:
        """Return whether what was reported still counts, as far as anybody knows.

        A device that sleeps is offline most of the time.
        """
        devices = self.coordinator
        if devices.failure and not devices.is_denied:
            return False
        device = devices.data.get(self.device_name)
        if device is None:
            return not devices.is_read
        return self.product.sleeps or device.status not in _UNREACHABLE

    def reported(self, parameter: Parameter) -> object:
        """Return the state that is to be shown of a property, none if it is unknown."""
        if not self.is_current:
            return None
        value = self.product.values.value(self.device_name, parameter.id)
        return None if value is None else parameter.type.from_report(value)

    def reported_key(self, parameter: Parameter) -> str | None:
        """Return the key of a choice that is to be shown, none if it is unknown."""
        return key_of(self.reported(parameter))

    def is_reported(self, parameter: Parameter) -> bool:
        """Return whether the device has ever reported a property, as far as is known."""
        return self.product.values.report(self.device_name, parameter.id) is not None

    def shown(self) -> tuple[object, ...]:
        """Return all that the state depends on, but for what the template declares."""
        reported = (self.reported(item) for item in self.description.properties)
        return (self.available, self.assumed_state, *reported)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what the device reports."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.product.values.async_listen(
                self.device_name, _ids(self.description), self.async_show_values
            )
        )
        self._shown = self.shown()
        self.product.reader.async_look()

    @override
    async def async_update(self) -> None:
        """Read the device now, once for all of its entities; failures are quiet."""
        with suppress(TencentIotError, HomeAssistantError):
            await self.product.reader.async_read(self.product, self.device_name)

    @callback
    def async_show_values(self) -> None:
        """Show values that changed, unless they are shown as they were."""
        if (shown := self.shown()) != self._shown:
            self._shown = shown
            if context := self.product.values.context:
                self.async_set_context(context)
            self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Follow whether the device is online."""
        self.async_show_values()

    @callback
    @override
    def async_structure_changed(self) -> None:
        """Follow what the data template declares."""
        found = self.find_description()
        is_changed = self._is_described is (found is None) or (
            found is not None and found != self.description
        )
        self._is_described = found is not None
        if found is not None:
            self.take_description(found)
        if is_changed:
            if self.registry_entry:
                # Whatever unit a person chose may be none of what is measured now.
                self.async_registry_entry_updated()
            self._shown = self.shown()
            self.async_write_ha_state()
        else:
            self.async_show_values()

    async def async_write_values(self, values: Mapping[str, object]) -> None:
        """Write properties of the device by one request, if all values are allowed."""
        await async_write(
            self.product,
            self.device_name,
            wire_values(self.product, self.device_name, values),
            origin=Origin.ENTITY,
            # Another call would change it before this one has ended.
            context=self._context or Context(),
        )


def key_of(value: object) -> str | None:
    """Return the key of a choice that was reported; that of a bool is `0` or `1`."""
    if isinstance(value, bool):
        return str(int(value))
    return value if isinstance(value, str) else None


def _ids(description: Description) -> tuple[str, ...]:
    """Return the ids of the properties that something is made of."""
    return tuple(item.id for item in description.properties)
