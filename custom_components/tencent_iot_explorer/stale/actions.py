"""Actions that a data template lost: nothing goes before a person confirms it."""

from collections.abc import Iterator, Mapping

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from ..actions.inputs import INPUT_PLATFORMS
from ..api import DeviceAction
from ..const import DOMAIN
from ..errors import literally
from ..identifiers import entity_unique_id
from ..product.store import TEMPLATE_STORE
from ..runtime import Product
from .uses import async_find_uses


def issue_id(product_id: str) -> str:
    """Return the id of the repair issue of a product."""
    return f"actions_gone_{product_id}"


async def async_report_gone_actions(product: Product) -> None:
    """Ask a person about the actions that are gone, naming who uses them."""
    hass = product.hass
    gone = product.gone_actions
    if not gone:
        ir.async_delete_issue(hass, DOMAIN, issue_id(product.product_id))
        return
    store = hass.data[TEMPLATE_STORE]
    services = {
        f"{DOMAIN}.{store.service_name(product.product_id, action_id)}"
        for action_id in gone
    }
    registry = er.async_get(hass)
    buttons: set[str] = set()
    async for batch in product.devices.async_in_batches(_unique_ids(product, gone)):
        for domain, unique_id in batch:
            if domain == Platform.BUTTON and (
                button := registry.async_get_entity_id(domain, DOMAIN, unique_id)
            ):
                buttons.add(button)
    if product.is_stopped or product.gone_actions is not gone:
        return
    uses = async_find_uses(hass, buttons, services)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(product.product_id),
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="actions_gone",
        translation_placeholders={
            "product": product.title,
            "actions": ", ".join(literally(item.label) for item in gone.values()),
            "uses": ", ".join(uses) or "–",
        },
        data={"entry_id": product.entry.entry_id, "subentry_id": product.subentry_id},
    )


async def async_remove_gone_actions(product: Product) -> bool:
    """Remove the services and entities of actions that are gone.

    Returns False if the product was stopped, or its actions changed, before all was done.
    """
    registry = er.async_get(product.hass)
    gone = product.gone_actions
    async for batch in product.devices.async_in_batches(_unique_ids(product, gone)):
        if product.gone_actions is not gone:
            return False
        for domain, unique_id in batch:
            if entity_id := registry.async_get_entity_id(domain, DOMAIN, unique_id):
                registry.async_remove(entity_id)
    if product.is_stopped or product.gone_actions is not gone:
        return False
    await product.hass.data[TEMPLATE_STORE].async_forget_gone(product.product_id)
    product.async_structure_changed()
    return True


def _unique_ids(
    product: Product, gone: Mapping[str, DeviceAction]
) -> Iterator[tuple[Platform, str]]:
    """Yield the domains and unique ids of the entities that actions may have."""
    for device_name in tuple(product.devices.names):
        for action in gone.values():
            ids = (product.product_id, device_name, action.id)
            yield Platform.BUTTON, entity_unique_id(*ids)
            for parameter in action.inputs:
                for platform in INPUT_PLATFORMS:
                    yield platform, entity_unique_id(*ids, parameter.id)
