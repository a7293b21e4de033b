"""Which automations and scripts use an entity or a service."""

from collections.abc import Collection, Mapping, Set as AbstractSet
from urllib.parse import quote

from homeassistant.components import automation, script
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import EntityComponent

from ..errors import literally
from ..presentation.distinct_names import distinct_names


@callback
def async_find_uses(
    hass: HomeAssistant, entity_ids: AbstractSet[str], services: Collection[str]
) -> list[str]:
    """Return the automations and scripts that use entities or services, in Markdown.

    Entities are looked up by Home Assistant's own helpers, services by their literal
    name; a name that is made by a template cannot be found. Each is a link to where it is
    edited, but for an automation without an id, which cannot be edited there.
    """
    pages: dict[str, str | None] = {}
    for domain, used_by in (
        (automation.DOMAIN, automation.entities_in_automation),
        (script.DOMAIN, script.entities_in_script),
    ):
        component: EntityComponent[Entity] | None = hass.data.get(domain)
        for entity in component.entities if component else ():
            if not entity_ids.isdisjoint(used_by(hass, entity.entity_id)) or _names_one(
                getattr(entity, "raw_config", None), services
            ):
                pages[entity.entity_id] = _page(domain, entity.unique_id)
    names = distinct_names(
        sorted(pages), lambda item: _called(hass, item), lambda item: item
    )
    return [
        literally(name) if page is None else f"[{literally(name)}]({page})"
        for name, entity_id in zip(names, sorted(pages), strict=True)
        for page in [pages[entity_id]]
    ]


def _called(hass: HomeAssistant, entity_id: str) -> str:
    """Return what a person calls an automation or a script."""
    state = hass.states.get(entity_id)
    return state.name if state else entity_id


def _page(domain: str, unique_id: str | None) -> str | None:
    """Return where an automation or a script is edited."""
    return f"/config/{domain}/edit/{quote(unique_id, safe='')}" if unique_id else None


def _names_one(config: object, services: Collection[str]) -> bool:
    """Return whether a configuration has one of the services at any depth."""
    if isinstance(config, str):
        return config.lower() in services
    if isinstance(config, Mapping):
        return any(_names_one(value, services) for value in config.values())
    if isinstance(config, list):
        return any(_names_one(value, services) for value in config)
    return False
