"""Values that a person or an automation chose for properties, as devices expect them."""

from collections.abc import Mapping

from ..api import InvalidValueError, Property, WireValue, to_wire_values
from ..errors import invalid_property_value
from ..runtime import Product


def wire_values(
    product: Product,
    device_name: str,
    values: Mapping[str, object],
    properties: Mapping[str, Property] | None = None,
) -> dict[str, WireValue]:
    """Return values by property as they are sent; refuses those that are not allowed.

    The refusal names no properties but those that are given, else all of the product.
    """
    if properties is None:
        properties = product.properties
    reports = product.values.reports(device_name)
    try:
        return to_wire_values(properties, values, product.times, reports)
    except InvalidValueError as err:
        raise invalid_property_value(
            err, device=product.device_label(device_name), properties=properties
        ) from err
