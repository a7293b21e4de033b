"""What questions about devices that are gone call them."""

from collections.abc import Collection

from homeassistant.core import HomeAssistant

from ..errors import literally
from ..product.device_names import device_label, full_device_label
from ..runtime import Product


def gone_device_in_words(
    hass: HomeAssistant, product_id: str, name: str
) -> dict[str, str]:
    """Return what the texts about one device name.

    Its DeviceName is among that: it is how the console calls a device, and the only name
    of one that may take its place.
    """
    return {
        "device": literally(full_device_label(hass, product_id, name)),
        "plain_device": device_label(hass, product_id, name),
    }


def gone_devices_in_words(product: Product, names: Collection[str]) -> dict[str, str]:
    """Return what the texts about many devices name."""
    labels = (literally(product.device_label(name)) for name in names)
    return {"devices": ", ".join(labels), "count": str(len(names))}
