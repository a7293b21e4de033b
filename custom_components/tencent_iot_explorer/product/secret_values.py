"""The values of secret inputs that are stored with a product, for all devices or for one."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_DEVICES

from ..const import CONF_ALL_DEVICES, CONF_DEVICE_SECRET_VALUES, CONF_SECRET_VALUES

# By ActionId and the id of the input.
type SecretValues = Mapping[str, Mapping[str, str]]

# In the place of a DeviceName, which has no such character.
ALL_DEVICES: Final = "*"


def all_secret_values(data: Mapping[str, Any]) -> dict[str, SecretValues]:
    """Return what a product's data has, by DeviceName and for all devices."""
    return {
        ALL_DEVICES: data.get(CONF_SECRET_VALUES, {}),
        **data.get(CONF_DEVICE_SECRET_VALUES, {}),
    }


def secret_values(
    data: Mapping[str, Any], device_name: str, action_id: str
) -> dict[str, str]:
    """Return what is set for a device's action; what is set for the device alone wins."""
    values = all_secret_values(data)
    return {
        **values[ALL_DEVICES].get(action_id, {}),
        **values.get(device_name, {}).get(action_id, {}),
    }


def with_secrets_of_devices(
    data: Mapping[str, Any], changes: Mapping[str, str | None]
) -> dict[str, Any]:
    """Return a product's data without values of devices that it does not have any more.

    Some devices are replaced by others, which take their values over, or by none.
    """
    values = data.get(CONF_DEVICE_SECRET_VALUES, {})
    kept: dict[str, dict[str, dict[str, str]]] = {}
    # What is set for the device that takes over wins.
    for name in sorted(values, key=lambda name: name not in changes):
        device = changes.get(name, name)
        if device and (data[CONF_ALL_DEVICES] or device in data[CONF_DEVICES]):
            of_device = kept.setdefault(device, {})
            for action_id, of_action in values[name].items():
                of_device[action_id] = {**of_device.get(action_id, {}), **of_action}
    without = {
        key: value for key, value in data.items() if key != CONF_DEVICE_SECRET_VALUES
    }
    return {**without, CONF_DEVICE_SECRET_VALUES: kept} if kept else without
