"""What the data template of a product declares, listed for a person."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..api import DataTemplate, DeviceAction, Property, TemplateEvent
from ..const import DOMAIN
from ..errors import literally

_MOST_LISTED = 10


async def async_list_declared(hass: HomeAssistant, template: DataTemplate) -> str:
    """Return a short list of each kind that there is, below its heading."""
    texts = await async_get_translations(hass, hass.config.language, "common", {DOMAIN})
    groups: dict[str, Mapping[str, DeviceAction | Property | TemplateEvent]] = {
        "declared_actions": template.actions,
        "declared_properties": template.properties,
        "declared_events": template.events,
    }
    listed: list[str] = []
    for key, items in groups.items():
        if not items:
            continue
        heading = texts[f"component.{DOMAIN}.common.{key}"].format(count=len(items))
        lines = [f"- {literally(item.label)}" for item in items.values()]
        if len(lines) > _MOST_LISTED:
            lines[_MOST_LISTED:] = ["- …"]
        listed.append("\n".join((f"**{heading}**\n", *lines)))
    return "\n\n".join(listed)
