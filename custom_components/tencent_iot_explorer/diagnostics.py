"""What a person can send along with a report: all that matters, and no secret or name."""

from dataclasses import asdict
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .api.client import DEFAULT_ENDPOINT
from .api.models import Device
from .const import CONF_ENDPOINT, DOMAIN
from .coordinator import ProductCoordinator, TencentIotConfigEntry
from .entity import device_identifier
from .errors import treatment
from .inputs import is_secret


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> dict[str, Any]:
    """Return the state of an application."""
    products = entry.runtime_data.products.values()
    endpoint = entry.data[CONF_ENDPOINT]
    return {
        "endpoint": endpoint if endpoint == DEFAULT_ENDPOINT else "another endpoint",
        "products": [_product(product) for product in products],
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: TencentIotConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the state of the product of one device, and of that device alone."""
    for product in entry.runtime_data.products.values():
        for name in product.device_names:
            identifier = device_identifier(product.product_id, name)
            if (DOMAIN, identifier) in device.identifiers:
                return {**_product(product), "devices": _devices(product, only=name)}
    return {}


def _product(product: ProductCoordinator) -> dict[str, Any]:
    """Return what is known of a product."""
    return {
        "product_id": product.product_id,
        "all_devices": product.all_devices,
        "timestamp_unit": product.times.unit,
        "failure": treatment(product.failure).text if product.failure else None,
        "failure_code": product.failure.code if product.failure else None,
        "actions": [asdict(action) for action in product.actions.values()],
        "actions_gone": list(product.gone_actions),
        "secret_inputs": [
            f"{action.id}/{parameter.id}"
            for action in product.actions.values()
            for parameter in action.inputs
            if is_secret(parameter)
        ],
        "devices": _devices(product),
    }


def _devices(product: ProductCoordinator, only: str | None = None) -> dict[str, Any]:
    """Return what is known of devices, by a number in place of their name."""
    return {
        f"device {number}": _device(
            product.data.get(name), gone=name in product.watch.gone
        )
        for number, name in enumerate(sorted(product.device_names), start=1)
        if only in (None, name)
    }


def _device(device: Device | None, *, gone: bool) -> dict[str, Any]:
    """Return what the cloud last told of a device."""
    return {
        "status": device.status if device else None,
        "firmware": device.firmware if device else None,
        "gone": gone,
    }
