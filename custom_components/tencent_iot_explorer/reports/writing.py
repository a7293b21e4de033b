"""The one way to write properties of a device."""

from collections.abc import Mapping

from homeassistant.core import Context

from ..account.request_counts import Origin
from ..api import TencentIotError, WireValue, WriteReceipt
from ..errors import error_placeholders, failure, treatment
from ..runtime import Product


async def async_write(
    product: Product,
    device_name: str,
    values: Mapping[str, WireValue],
    *,
    origin: Origin,
    context: Context,
    waited: float = 0,
) -> WriteReceipt:
    """Write properties of a device by one request; every path to it leads here.

    What a device that is offline was to write is raised as well: the cloud may tell it
    later.
    """
    try:
        return await product.client.control_device_data(
            product.product_id, device_name, values, origin=origin, waited=waited
        )
    except TencentIotError as err:
        if treatment(err).reauth:
            product.entry.async_start_reauth(product.hass)
        raise failure(
            treatment(err).text,
            device=device_name,
            action=", ".join(values),
            **error_placeholders(err),
        ) from err
