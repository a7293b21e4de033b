"""Whether a key opens the products of an entry."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..account.client import client_for, has_account_key
from ..account.request_counts import Origin
from ..api import (
    NoPermissionError,
    OperationDeniedError,
    TencentIotError,
    UnknownProductError,
)
from ..const import CONF_PRODUCT_ID, CONF_REGION
from ..errors import error_placeholders, treatment
from ..product.subentries import product_subentries
from .form_error import FormError
from .product_search import ProductSearch


async def async_hidden_products(
    hass: HomeAssistant, entry: ConfigEntry, data: Mapping[str, Any]
) -> list[str]:
    """Return the names of an entry's products that a key pair does not open.

    Raises FormError if the pair is not accepted, if that cannot be found out, or if it
    opens none of the products. Of an application nothing can be asked without a product.
    """
    client = client_for(hass, data)
    products = product_subentries(entry)
    if not products and has_account_key(data):
        await ProductSearch.async_find(hass, data)
    hidden = []
    for product in products:
        try:
            await client.describe_model_definition(
                product.data[CONF_PRODUCT_ID], origin=Origin.DIALOG
            )
        except TencentIotError as err:
            hidden.append(product.title)
            if treatment(err).product and len(hidden) < len(products):
                continue
            if has_account_key(data) and _is_not_shown(err):
                words = error_placeholders(err)
                raise FormError("products_hidden", CONF_REGION, **words) from err
            raise FormError.of(err, data) from err
    return hidden


def _is_not_shown(err: TencentIotError) -> bool:
    """Return whether another region or account may be meant; a denial names its own."""
    return isinstance(err, UnknownProductError | NoPermissionError) and not isinstance(
        err, OperationDeniedError
    )
