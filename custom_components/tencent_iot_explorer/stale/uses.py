"""Which automations and scripts use an entity or a service."""

from collections.abc import Collection, Mapping, Set as AbstractSet

from homeassistant.components import automation, script
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import EntityComponent


@callback
def async_find_uses(
    hass: HomeAssistant, entity_ids: AbstractSet[str], services: Collection[str]
) -> list[str]:
    """Return the entity ids of automations and scripts that use entities or services.

    Entities are looked up by Home Assistant's own helpers, services by their literal
    name; a name that is made by a template cannot be found.
    """
    found: set[str] = set()
    for domain, used_by in (
        (automation.DOMAIN, automation.entities_in_automation),
        (script.DOMAIN, script.entities_in_script),
    ):
        component: EntityComponent[Entity] | None = hass.data.get(domain)
        for entity in component.entities if component else ():
            if not entity_ids.isdisjoint(used_by(hass, entity.entity_id)) or _names_one(
                getattr(entity, "raw_config", None), services
            ):
                found.add(entity.entity_id)
    return sorted(found)


def _names_one(config: object, services: Collection[str]) -> bool:
    """Return whether a configuration has one of the services at any depth."""
    if isinstance(config, str):
        return config in services
    if isinstance(config, Mapping):
        return any(_names_one(value, services) for value in config.values())
    if isinstance(config, list):
        return any(_names_one(value, services) for value in config)
    return False
