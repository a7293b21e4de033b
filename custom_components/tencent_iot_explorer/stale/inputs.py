"""Inputs whose entity has no place any more: gone, secret or of another kind now."""

from homeassistant.helpers import entity_registry as er, restore_state

from ..actions.inputs import INPUT_PLATFORMS, entity_inputs
from ..identifiers import input_path, parse_pair, parse_unique_id
from ..presentation.data_types import platform_of
from ..runtime import Product


async def async_remove_stale_inputs(product: Product) -> None:
    """Remove the entities of a product's inputs that are stale.

    If the actions change meanwhile, that brings a removal of its own.
    """
    registry = er.async_get(product.hass)
    entities = er.async_entries_for_config_entry(registry, product.entry.entry_id)
    registry_ids = (
        entity.id
        for entity in entities
        if entity.config_subentry_id == product.subentry_id
        and entity.domain in INPUT_PLATFORMS
    )
    actions = product.actions
    wanted = {
        input_path(action.id, parameter.id): platform_of(parameter.type)
        for action in actions.values()
        for parameter in entity_inputs(action)
    }
    async for batch in product.devices.async_in_batches(registry_ids):
        if product.actions is not actions:
            return
        for registry_id in batch:
            entity = registry.async_get(registry_id)
            if entity is None:
                continue
            _, device_name, path = parse_unique_id(entity.unique_id)
            if (
                device_name in product.devices.names
                and parse_pair(path)[0] in actions
                and wanted.get(path) != entity.domain
            ):
                registry.async_remove(entity.entity_id)
                # What it showed may be a secret now, and would come back with the entity.
                restore_state.async_get(product.hass).last_states.pop(
                    entity.entity_id, None
                )
