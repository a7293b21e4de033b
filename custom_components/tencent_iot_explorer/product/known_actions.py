"""The device actions that Home Assistant knows from before."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..identifiers import action_key, parse_unique_id


@callback
def registered_actions(hass: HomeAssistant) -> set[str]:
    """Return `<ProductId>/<ActionId>` of each button that there is or has been."""
    registry = er.async_get(hass)
    entities = registry.entities.values()
    there = [(item.domain, item.platform, item.unique_id) for item in entities]
    found: set[str] = set()
    for domain, platform, unique_id in (*there, *registry.deleted_entities):
        if (domain, platform) == (Platform.BUTTON, DOMAIN):
            product_id, _, action_id = parse_unique_id(unique_id)
            found.add(action_key(product_id, action_id))
    return found
