"""What a data template lost: nothing goes before a person confirms it."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from ..api import DataTemplate, DeviceAction, Property, TemplateEvent
from ..const import DOMAIN
from ..errors import literally, names_in_words
from ..identifiers import (
    declared_keys,
    event_path,
    is_last_action,
    parse_pair,
    parse_unique_id,
    property_path,
)
from ..product.store import TEMPLATE_STORE
from ..runtime import Product
from .uses import async_find_uses
from .wanted import wanted_entities

_MADE_OF_SEVERAL = (Platform.LIGHT, Platform.COVER)


def issue_id(product_id: str) -> str:
    """Return the id of the repair issue of a product."""
    return f"declarations_gone_{product_id}"


async def async_report_gone_declarations(product: Product) -> None:
    """Ask a person about what the data template lost, naming who uses it.

    What has no entity and no service goes without a question.
    """
    hass, product_id = product.hass, product.product_id
    gone = product.gone
    entity_ids: defaultdict[str | None, set[str]] = defaultdict(set)
    async for key, entity_id in _async_entities(product, gone):
        entity_ids[key].add(entity_id)
    if product.is_stopped or product.gone is not gone:
        return
    properties = [
        item
        for item in gone.properties.values()
        if property_path(item.id) in entity_ids or None in entity_ids
    ]
    events = [
        item for item in gone.events.values() if event_path(item.id) in entity_ids
    ]
    store = hass.data[TEMPLATE_STORE]
    if not (gone.actions or properties or events):
        ir.async_delete_issue(hass, DOMAIN, issue_id(product_id))
        await store.async_forget_gone(product_id)
        return
    services = {
        f"{DOMAIN}.{store.service_name(product_id, action_id)}"
        for action_id in gone.actions
    }
    uses = async_find_uses(hass, set().union(*entity_ids.values()), services)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(product_id),
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="declarations_gone",
        translation_placeholders={
            **names_in_words(product=product.title),
            "actions": _in_words(gone.actions.values()),
            "properties": _in_words(properties),
            "events": _in_words(events),
            "uses": ", ".join(uses) or "–",
        },
        data={"entry_id": product.entry.entry_id, "subentry_id": product.subentry_id},
    )


async def async_remove_gone_declarations(product: Product) -> bool:
    """Remove the services and entities of what is gone.

    Returns False if the product was stopped, or its template changed, before all was done.
    """
    registry = er.async_get(product.hass)
    gone = product.gone
    async for _, entity_id in _async_entities(product, gone):
        if product.gone is not gone:
            return False
        registry.async_remove(entity_id)
    if product.is_stopped or product.gone is not gone:
        return False
    await product.hass.data[TEMPLATE_STORE].async_forget_gone(product.product_id)
    product.async_structure_changed()
    return True


async def _async_entities(
    product: Product, gone: DataTemplate
) -> AsyncIterator[tuple[str | None, str]]:
    """Yield the entities of what is gone, each with what its unique id names that by.

    That is none for a light or a cover, which has lost a part. What ran last is shown as
    long as any action is left.
    """
    keys = declared_keys(gone)
    if not keys:
        return
    wanted = wanted_entities(product)
    registry = er.async_get(product.hass)
    entities = er.async_entries_for_config_entry(registry, product.entry.entry_id)
    registry_ids = (
        entity.id
        for entity in entities
        if entity.config_subentry_id == product.subentry_id
    )
    async for registry_id in product.devices.async_in_slices(registry_ids):
        entity = registry.async_get(registry_id)
        if entity is None:
            continue
        *_, path = parse_unique_id(entity.unique_id)
        if is_last_action(entity.domain, path):
            if not product.actions:
                yield path, entity.entity_id
        elif entity.domain in _MADE_OF_SEVERAL:
            if (entity.domain, path) not in wanted:
                yield None, entity.entity_id
        elif (key := parse_pair(path)[0]) in keys:
            yield key, entity.entity_id


def _in_words(items: Iterable[DeviceAction | Property | TemplateEvent]) -> str:
    """Return what is gone by its names, a dash for nothing."""
    return ", ".join(literally(item.label) for item in items) or "–"
