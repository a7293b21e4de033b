"""Which entities each device of a product has, by its data template and settings."""

from homeassistant.const import Platform

from ..actions.inputs import entity_inputs, has_button
from ..actions.outcome_entity import has_last_action
from ..identifiers import LAST_ACTION, event_path, input_path
from ..presentation.data_types import platform_of
from ..reports.property_entity import path_of
from ..runtime import Product


def wanted_entities(product: Product) -> set[tuple[str | None, str]]:
    """Return the platform of each entity, with the end of its unique id."""
    wanted: set[tuple[str | None, str]] = {
        (Platform.BINARY_SENSOR, ""),
        (Platform.EVENT, ""),
    }
    if has_last_action(product):
        wanted.add((Platform.SENSOR, LAST_ACTION))
    for action in product.actions.values():
        if has_button(action):
            wanted.add((Platform.BUTTON, action.id))
        wanted |= {
            (platform_of(parameter.type), input_path(action.id, parameter.id))
            for parameter in entity_inputs(action)
        }
    described = product.descriptions
    wanted |= {(item.platform, path_of(item)) for item in described.properties}
    if described.light:
        wanted.add((Platform.LIGHT, Platform.LIGHT))
    if described.cover:
        wanted.add((Platform.COVER, Platform.COVER))
    if product.uses_properties:
        wanted |= {(Platform.EVENT, event_path(event)) for event in product.events}
    return wanted
