"""Whether a key pair opens the products of an application."""

import asyncio
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

    async def async_try(product_id: str) -> TencentIotError | None:
        """Return why a product cannot be read."""
        try:
            await client.describe_model_definition(product_id, origin=Origin.DIALOG)
        except TencentIotError as err:
            return err
        return None

    products = product_subentries(entry)
    results = await asyncio.gather(
        *(async_try(product.data[CONF_PRODUCT_ID]) for product in products)
    )
    hidden = []
    for product, err in zip(products, results, strict=True):
        if err is None:
            continue
        hidden.append(product.title)
        if not treatment(err).product or len(hidden) == len(products):
            raise FormError.of(err)
    return hidden
