"""Actions that a data template lost: nothing goes before a person confirms it."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from .action_use import async_find_uses
from .const import DOMAIN
from .coordinator import ProductCoordinator, TencentIotConfigEntry
from .entity import action_unique_id
from .errors import label, literally
from .template_store import TEMPLATE_STORE


def issue_id(product_id: str) -> str:
    """Return the id of the repair issue of a product."""
    return f"actions_gone_{product_id}"


@callback
def async_report_gone_actions(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Ask a person about the actions that are gone, naming who uses them."""
    gone = product.gone_actions
    if not gone:
        ir.async_delete_issue(hass, DOMAIN, issue_id(product.product_id))
        return
    store = hass.data[TEMPLATE_STORE]
    services = {
        f"{DOMAIN}.{store.service_name(product.product_id, action_id)}"
        for action_id in gone
    }
    buttons = [
        entity.entity_id
        for entity in _entities(hass, entry, product)
        if entity.domain == Platform.BUTTON
    ]
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
            "actions": ", ".join(
                literally(label(item.id, item.name)) for item in gone.values()
            ),
            "uses": ", ".join(uses) or "–",
        },
        data={"entry_id": entry.entry_id, "subentry_id": product.subentry_id},
    )


async def async_remove_gone_actions(
    hass: HomeAssistant, product: ProductCoordinator
) -> None:
    """Remove the services and entities of actions that are gone."""
    registry = er.async_get(hass)
    for entity in _entities(hass, product.config_entry, product):
        registry.async_remove(entity.entity_id)
    await hass.data[TEMPLATE_STORE].async_forget_gone(product.product_id)
    product.async_structure_changed()


def _entities(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> list[er.RegistryEntry]:
    """Return the buttons and inputs of the actions that are gone."""
    unique_ids = {
        action_unique_id(product.product_id, device_name, action_id)
        for device_name in product.device_names
        for action_id in product.gone_actions
    }
    inputs = tuple(f"{unique_id}/" for unique_id in unique_ids)
    return [
        entity
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if entity.unique_id in unique_ids or entity.unique_id.startswith(inputs)
    ]
