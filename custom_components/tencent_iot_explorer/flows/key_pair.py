"""Whether a key pair opens the products of an application."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..account.client import client_for
from ..account.request_counts import Origin
from ..api import TencentIotError
from ..const import CONF_PRODUCT_ID
from ..errors import treatment
from ..product.subentries import product_subentries
from .form import FormError


async def async_hidden_products(
    hass: HomeAssistant, entry: ConfigEntry, data: Mapping[str, Any]
) -> list[str]:
    """Return the names of an entry's products that a key pair does not open.

    Raises FormError if the pair is not accepted, if that cannot be found out, or if it
    opens none of the products.
    """
    client = client_for(hass, data)
    products = product_subentries(entry)
    hidden = []
    for product in products:
        try:
            await client.describe_model_definition(
                product.data[CONF_PRODUCT_ID], origin=Origin.DIALOG
            )
        except TencentIotError as err:
            hidden.append(product.title)
            if not treatment(err).product or len(hidden) == len(products):
                raise FormError.of(err) from err
    return hidden
