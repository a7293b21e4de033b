"""The devices of a product that Home Assistant knows from before."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

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
