"""Binary sensors: whether the cloud can reach a device, and properties."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import DeviceStatus
from .entity import Rank, TencentIotEntity, async_offer_entities
from .reports.property_entity import ReadOnlyEntity, properties_as
from .runtime import Product, TencentIotConfigEntry

PARALLEL_UPDATES = 0
_IS_ON = {
    DeviceStatus.ONLINE: True,
    DeviceStatus.OFFLINE: False,
    DeviceStatus.NOT_ACTIVATED: False,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a connectivity sensor for each device, and one for each property of the kind."""

    def make(product: Product, device_name: str) -> list[DeviceConnectivity]:
        """Return the sensor of one device."""
        return [DeviceConnectivity(product, device_name)]

    async_offer_entities(
        entry, make, properties_as(Platform.BINARY_SENSOR, PropertyBinarySensor)
    )


class DeviceConnectivity(TencentIotEntity, BinarySensorEntity):
    """Whether a device is online, as far as the cloud could find out."""

    rank = Rank.CONNECTIVITY
    object_id_part = "connectivity"
    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    @override
    async def async_added_to_hass(self) -> None:
        """Show the firmware, which is known when this entity is added."""
        await super().async_added_to_hass()
        self._show_firmware()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Show what the cloud reported."""
        self._show_firmware()
        self.async_write_ha_state()

    @property
    @override
    def available(self) -> bool:
        """Return whether the last reading had the device."""
        return (
            self.coordinator.failure is None
            and self.device_name in self.coordinator.data
        )

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the device is online; none if the cloud could not find out."""
        device = self.coordinator.data.get(self.device_name)
        if device is None or device.status is None:
            return None
        return _IS_ON.get(device.status)

    def _show_firmware(self) -> None:
        """Let the device show its firmware, as far as the cloud reported it."""
        device = self.coordinator.data.get(self.device_name)
        registry = dr.async_get(self.hass)
        entry = self.device_entry and registry.async_get(self.device_entry.id)
        if not isinstance(entry, dr.DeviceEntry) or device is None:
            return
        if device.firmware not in (None, entry.sw_version):
            registry.async_update_device(entry.id, sw_version=device.firmware)


class PropertyBinarySensor(ReadOnlyEntity, BinarySensorEntity):
    """A property that is on or off and not written."""

    @property
    @override
    def device_class(self) -> BinarySensorDeviceClass | None:
        """Return what on and off mean, as far as that is sure."""
        name = self.description.device_class
        return BinarySensorDeviceClass(name) if name else None

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the key is the one that means on; none for an unknown one."""
        key = self.reported_choice
        return None if key is None else key == self.description.on
