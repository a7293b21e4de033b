"""Entities that have no place any more: of another kind now, secret, or not used."""

from collections.abc import Container

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er, restore_state

from ..actions.inputs import INPUT_PLATFORMS
from ..identifiers import (
    declared_keys,
    is_property_or_event,
    parse_pair,
    parse_unique_id,
)
from ..runtime import Product
from .wanted import wanted_entities


async def async_remove_stale_entities(product: Product) -> None:
    """Remove the entities of inputs, properties and events of a product that are stale.

    Those of what the data template has lost stay until a person confirms that. If
    anything changes meanwhile, that brings a removal of its own.
    """
    if product.template.data is None:
        return
    registry = er.async_get(product.hass)
    entities = er.async_entries_for_config_entry(registry, product.entry.entry_id)
    registry_ids = (
        entity.id
        for entity in entities
        if entity.config_subentry_id == product.subentry_id
    )
    known = product.marked_template, product.uses_properties
    wanted = wanted_entities(product)
    declared = declared_keys(product.marked_template)
    async for registry_id in product.devices.async_in_slices(registry_ids):
        if (product.marked_template, product.uses_properties) != known:
            return
        entity = registry.async_get(registry_id)
        if entity is None:
            continue
        _, device_name, path = parse_unique_id(entity.unique_id)
        if (
            device_name in product.devices.names
            and (entity.domain, path) not in wanted
            and _is_stale(product, entity.domain, path, declared)
        ):
            registry.async_remove(entity.entity_id)
            # What it showed may be a secret now, and would come back with the entity.
            restore_state.async_get(product.hass).last_states.pop(
                entity.entity_id, None
            )


def _is_stale(
    product: Product, domain: str, path: str, declared: Container[str]
) -> bool:
    """Return whether an entity that nothing calls for has no other reason to stay."""
    is_made_of_several = domain in (Platform.LIGHT, Platform.COVER)
    if is_made_of_several or is_property_or_event(path):
        if not product.uses_properties:
            return True
    elif domain not in INPUT_PLATFORMS:
        return False
    if is_made_of_several:
        return not declared_keys(product.gone)
    return parse_pair(path)[0] in declared
