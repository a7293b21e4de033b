"""Which automations and scripts use a device action."""

from collections.abc import Collection, Iterable, Mapping

from homeassistant.components import automation, script
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import EntityComponent


@callback
def async_find_uses(
    hass: HomeAssistant, entity_ids: Iterable[str], services: Collection[str]
) -> list[str]:
    """Return the entity ids of automations and scripts that use entities or services.

    Entities are looked up by Home Assistant's own helpers, services by their literal
    name; a name that is made by a template cannot be found.
    """
    found: set[str] = set()
    for entity_id in entity_ids:
        found.update(automation.automations_with_entity(hass, entity_id))
        found.update(script.scripts_with_entity(hass, entity_id))
    for domain in (automation.DOMAIN, script.DOMAIN):
        component: EntityComponent[Entity] | None = hass.data.get(domain)
        for entity in component.entities if component else ():
            if _names_one(getattr(entity, "raw_config", None), services):
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
