"""The devices of a product that Home Assistant knows from before."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..identifiers import own_identifier, parse_pair


@callback
def registered_devices(
    hass: HomeAssistant, entry: ConfigEntry, product_id: str
) -> dict[str, dr.DeviceEntry]:
    """Return the devices of a product in the device registry, by their DeviceName."""
    registry = dr.async_get(hass)
    devices: dict[str, dr.DeviceEntry] = {}
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        product, name = parse_pair(own_identifier(device.identifiers))
        if product == product_id:
            devices[name] = device
    return devices


@callback
def registered_id(registry: er.EntityRegistry, identifier: str) -> str | None:
    """Return the id of a device in the device registry, by an entity that each one has.

    The device registry itself finds devices by their identifiers no longer.
    """
    for platform in (Platform.BINARY_SENSOR, Platform.EVENT):
        entity_id = registry.async_get_entity_id(platform, DOMAIN, identifier)
        entry = registry.async_get(entity_id) if entity_id else None
        if entry and entry.device_id:
            return entry.device_id
    return None
