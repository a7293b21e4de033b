"""Where the configured products are found among the config entries."""

from collections.abc import Iterator

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_PRODUCT_ID, DOMAIN, SUBENTRY_PRODUCT


@callback
def product_subentries(entry: ConfigEntry) -> list[ConfigSubentry]:
    """Return the products of an entry."""
    return [
        subentry
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SUBENTRY_PRODUCT
    ]


@callback
def all_products(hass: HomeAssistant) -> Iterator[tuple[ConfigEntry, ConfigSubentry]]:
    """Yield each configured product with the entry that it belongs to."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        for subentry in product_subentries(entry):
            yield entry, subentry


@callback
def owner_of_product(hass: HomeAssistant, product_id: str) -> ConfigEntry | None:
    """Return the entry that a product is configured with."""
    return next(
        (
            entry
            for entry, subentry in all_products(hass)
            if subentry.data[CONF_PRODUCT_ID] == product_id
        ),
        None,
    )
