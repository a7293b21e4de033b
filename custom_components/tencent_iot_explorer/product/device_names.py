"""What people call the devices, and how equal names are told apart."""

from dataclasses import dataclass

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util.hass_dict import HassKey

from ..api import readable
from ..const import DOMAIN
from ..identifiers import device_identifier, own_identifier, parse_pair
from ..presentation.distinct_names import distinct_names


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """What a device is called, and that made distinct from what others are called."""

    called: str
    label: str


_NAMES: HassKey[dict[str, _Names]] = HassKey(f"{DOMAIN}.device_names")


@callback
def async_follow_device_names(hass: HomeAssistant) -> None:
    """Let the names be found anew once a device has changed, as long as it runs."""

    @callback
    def forget(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        """Find them when they are needed again."""
        hass.data.pop(_NAMES, None)

    hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, forget)


@callback
def device_label(hass: HomeAssistant, product_id: str, device_name: str) -> str:
    """Return what a person calls a device: the DeviceName while it is not registered.

    The DeviceName follows in brackets where another of our devices is called the same.
    """
    names = _async_names(hass).get(device_identifier(product_id, device_name))
    return names.label if names else device_name


@callback
def selected_device_label(hass: HomeAssistant, identifier: str) -> str:
    """Return what a person calls a device, or what was selected if there is none such."""
    names = _async_names(hass).get(identifier)
    return names.label if names else readable(identifier)


@callback
def full_device_label(hass: HomeAssistant, product_id: str, device_name: str) -> str:
    """Return what a person calls a device, with its DeviceName if that is another.

    For where one is to be found in the console, or among those that it has.
    """
    names = _async_names(hass).get(device_identifier(product_id, device_name))
    if names is None or names.called == device_name:
        return device_name
    return f"{names.called} ({device_name})"


@callback
def _async_names(hass: HomeAssistant) -> dict[str, _Names]:
    """Return the names of all registered devices, kept until the registry changes.

    One call to hundreds of devices may fail for all of them.
    """
    if (known := hass.data.get(_NAMES)) is not None:
        return known
    registry = dr.async_get(hass)
    devices = {
        identifier: device
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        if (identifier := own_identifier(device.identifiers))
    }
    called = {
        identifier: _called(device) or parse_pair(identifier)[1]
        for identifier, device in devices.items()
    }
    labels = distinct_names(
        list(devices),
        lambda item: called[item],
        lambda item: parse_pair(item)[1],
        lambda item: devices[item].model or "",
        lambda item: parse_pair(item)[0],
    )
    names = hass.data[_NAMES] = {
        identifier: _Names(called=called[identifier], label=label)
        for identifier, label in zip(devices, labels, strict=True)
    }
    return names


def _called(device: dr.DeviceEntry) -> str:
    """Return the name of a device as a line shows it."""
    return " ".join(readable(device.name_by_user or device.name or "").split())
