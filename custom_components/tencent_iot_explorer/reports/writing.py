"""The one way to write properties of a device."""

from collections.abc import Iterator, Mapping
from typing import cast

from homeassistant.core import Context

from ..account.request_counts import Origin
from ..api import FateUnknownError, TencentIotError, WireValue, WriteReceipt
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

    What was written is shown until the device reports it. The context is that of whoever
    wrote it; what has the same shares places. What a device that is offline was to write
    is raised as well: the cloud may hand it over later.
    """
    # A data template may have lost a property since a value of it was checked.
    known = {key: item for key, item in product.properties.items() if key in values}
    labels = ", ".join(known[key].label if key in known else key for key in values)
    try:
        receipt = await product.client.control_device_data(
            product.product_id,
            device_name,
            values,
            origin=origin,
            secrets=[
                text
                for key, value in values.items()
                if key not in known or known[key].is_secret
                for text in _texts(value)
            ],
            waited=waited,
            caller=context.id,
        )
    except TencentIotError as err:
        if isinstance(err, FateUnknownError):
            product.values.async_let_go(device_name, values)
            product.reader.async_follow_up(product, device_name, needs_report=True)
        if treatment(err).reauth:
            product.entry.async_start_reauth(product.hass)
        key = f"write_{treatment(err).text}"
        raise failure(
            key,
            device=product.device_label(device_name),
            properties=labels,
            **error_placeholders(err),
        ) from err
    if not receipt.is_sent:
        raise failure(
            "write_offline",
            device=product.device_label(device_name),
            properties=labels,
            request_id=receipt.request_id or "–",
        )
    types = {key: item.type for key, item in known.items()}
    product.values.async_hold(device_name, values, types, context)
    product.reader.async_follow_up(product, device_name, needs_report=False)
    return receipt


def _texts(value: object) -> Iterator[str]:
    """Yield all that is in a value, of structures and lists each part."""
    match value:
        case dict():
            for item in cast(dict[str, object], value).values():
                yield from _texts(item)
        case list():
            for item in cast(list[object], value):
                yield from _texts(item)
        case _:
            yield str(value)
