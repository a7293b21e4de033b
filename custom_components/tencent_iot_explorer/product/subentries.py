"""Where the configured products are found among the config entries."""

from collections.abc import Iterator

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_PRODUCT_ID, DOMAIN, SUBENTRY_PRODUCT
from ..presentation.distinct_names import distinct_names


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
def product_label(hass: HomeAssistant, product_id: str) -> str:
    """Return the title of a product, with its ProductId if another has the same."""
    products = [subentry for _, subentry in all_products(hass)]
    labels = distinct_names(
        products,
        lambda item: item.title,
        lambda item: item.data[CONF_PRODUCT_ID],
    )
    return next(
        (
            label
            for label, subentry in zip(labels, products, strict=True)
            if subentry.data[CONF_PRODUCT_ID] == product_id
        ),
        product_id,
    )


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
