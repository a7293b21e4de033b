"""What a new entry is called."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..account.client import has_account_key
from ..const import CONF_REGION, DOMAIN


async def async_entry_title(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return a title that no entry has: the region, or "Application", never of a key.

    A number makes it another than those that are there.
    """
    taken = {entry.title for entry in hass.config_entries.async_entries(DOMAIN)}
    if has_account_key(data):
        region: str = data[CONF_REGION]
        if region not in taken:
            return region
        titles = (f"{region} {number}" for number in count(2))
    else:
        texts = await async_get_translations(
            hass, hass.config.language, "common", {DOMAIN}
        )
        title = texts[f"component.{DOMAIN}.common.application_title"]
        titles = (title.format(number=number) for number in count(1))
    return next(title for title in titles if title not in taken)
