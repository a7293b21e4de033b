"""What the products of an entry are called where the console is to be looked at."""

from collections.abc import Iterable

from homeassistant.config_entries import ConfigEntry

from ..errors import literally


def products_in_words(entry: ConfigEntry, product_ids: Iterable[str]) -> str:
    """Return products by their titles, with the ProductId, which the console shows."""
    titles = {item.unique_id: item.title for item in entry.subentries.values()}
    return ", ".join(
        literally(product_id if title == product_id else f"{title} ({product_id})")
        for product_id in sorted(product_ids)
        for title in [titles.get(product_id, product_id)]
    )
