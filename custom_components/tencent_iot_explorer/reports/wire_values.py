"""Values that a person or an automation chose for properties, as devices expect them."""

from collections.abc import Mapping

from ..api import InvalidValueError, WireValue, to_wire_values
from ..errors import invalid_property_value
from ..runtime import Product


def wire_values(
    product: Product, device_name: str, values: Mapping[str, object]
) -> dict[str, WireValue]:
    """Return values by property as they are sent; refuses those that are not allowed."""
    reports = product.values.reports(device_name)
    try:
        return to_wire_values(product.properties, values, product.times, reports)
    except InvalidValueError as err:
        raise invalid_property_value(
            err, device=device_name, properties=product.properties
        ) from err
