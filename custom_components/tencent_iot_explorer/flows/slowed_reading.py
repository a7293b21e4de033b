"""What a dialog says of devices that are read less often because there are many."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ..api import DataTemplate
from ..const import CONF_PUSH, DOMAIN
from ..properties.counts import EntityNumbers
from ..reports import event_reader, schedule
from ..reports.costs import Use, costs_of, uses_of_others
from .form import async_common_texts


async def async_say_slowed(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    product_id: str,
    template: DataTemplate,
    numbers: EntityNumbers,
    devices: int,
) -> str:
    """Return how often so many devices are read if that is seldom, and what helps.

    It is nothing where devices are read as often as a single one, or where the cloud
    pushes what they report.
    """
    use = Use(
        devices=devices,
        total=devices,
        properties=devices if numbers.of_properties else 0,
        events=devices * len({event.type for event in template.events.values()}),
        is_pushed=any(
            entry.options.get(CONF_PUSH, False) and entry.data == data
            for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        ),
    )
    costs = costs_of(use, uses_of_others(hass, data, product_id))
    texts = await async_common_texts(hass)
    read: list[str] = []
    if costs.slows_properties:
        read.append(
            texts["slowed_properties"].format(
                interval=f"{costs.property_interval:,.0f}", usual=schedule.INTERVAL
            )
        )
    if costs.slows_events:
        read.append(
            texts["slowed_events"].format(
                interval=f"{costs.event_interval:,.0f}", usual=event_reader.INTERVAL
            )
        )
    if not read:
        return ""
    return texts["slowed"].format(devices=f"{devices:,}", read="\n".join(read))
