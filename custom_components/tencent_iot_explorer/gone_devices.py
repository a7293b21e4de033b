"""Devices that the cloud does not have any more: removed, replaced or asked about."""

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .const import DOMAIN
from .coordinator import ProductCoordinator, TencentIotConfigEntry
from .entity import device_identifier


@callback
def async_handle_gone_devices(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Remove single devices of a product that is followed as a whole; else ask."""
    gone = product.watch.gone
    asks = {f"devices_gone_{product.product_id}"} if gone else set()
    if not product.all_devices:
        asks = {f"device_gone_{product.product_id}/{name}" for name in gone}
    elif gone and not product.watch.gone_in_numbers:
        async_remove_devices(hass, entry, product, gone)
        return
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id not in asks and _is_of(issue_id, product):
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    for issue_id in asks:
        name = issue_id.partition("/")[2]
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="device_gone" if name else "devices_gone",
            translation_placeholders={
                "product": product.title,
                "device": name,
                "devices": ", ".join(gone),
                "count": str(len(gone)),
            },
            data={
                "entry_id": entry.entry_id,
                "subentry_id": product.subentry_id,
                "device": name,
            },
        )


@callback
def async_remove_devices(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    product: ProductCoordinator,
    names: tuple[str, ...],
) -> None:
    """Remove devices for good."""
    for name in names:
        if device := find_device(hass, entry, product.product_id, name):
            dr.async_get(hass).async_remove_device(device.id)
    product.watch.forget(names)
    if not product.all_devices:
        _async_pick(hass, entry, product, dict.fromkeys(names))
        return
    product.async_structure_changed()


@callback
def async_replace_device(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    product: ProductCoordinator,
    old: str,
    new: str,
) -> None:
    """Put another device of the product in the place of one that is gone."""
    async_move_device(hass, entry, product.product_id, old, new)
    _async_pick(hass, entry, product, {old: new})


@callback
def async_move_device(
    hass: HomeAssistant, entry: ConfigEntry, product_id: str, old: str, new: str
) -> None:
    """Give what was set up for a device to another DeviceName of the same product.

    Device id, entity ids, area, names and exposure stay.
    """
    device = find_device(hass, entry, product_id, old)
    if device is None:
        return
    before = device_identifier(product_id, old)
    after = device_identifier(product_id, new)
    dr.async_get(hass).async_update_device(
        device.id,
        new_identifiers={(DOMAIN, after)},
        serial_number=new,
        name_by_user=device.name_by_user or device.name,
    )
    registry = er.async_get(hass)
    for entity in er.async_entries_for_device(
        registry, device.id, include_disabled_entities=True
    ):
        if entity.platform == DOMAIN:
            registry.async_update_entity(
                entity.entity_id,
                new_unique_id=after + entity.unique_id.removeprefix(before),
            )


@callback
def async_release_device(
    hass: HomeAssistant, entry: TencentIotConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let go of a device that the cloud surely has no more; return whether that is so."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    for product in entry.runtime_data.products.values():
        for name in tuple(product.device_names):
            if (
                DOMAIN,
                device_identifier(product.product_id, name),
            ) not in device.identifiers:
                continue
            if name in product.data or not product.devices_are_read:
                return False
            product.watch.forget((name,))
            if not product.all_devices:
                _async_pick(hass, entry, product, {name: None})
    return True


def find_device(
    hass: HomeAssistant, entry: ConfigEntry, product_id: str, name: str
) -> dr.DeviceEntry | None:
    """Return a device of an application in the device registry."""
    identifier = (DOMAIN, device_identifier(product_id, name))
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return next((item for item in devices if identifier in item.identifiers), None)


def _is_of(issue_id: str, product: ProductCoordinator) -> bool:
    """Return whether a repair issue asks about devices of a product."""
    return issue_id == f"devices_gone_{product.product_id}" or issue_id.startswith(
        f"device_gone_{product.product_id}/"
    )


@callback
def _async_pick(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    product: ProductCoordinator,
    changes: dict[str, str | None],
) -> None:
    """Change which devices are picked: each by another, or by none."""
    subentry = entry.subentries[product.subentry_id]
    names = (changes.get(name, name) for name in subentry.data[CONF_DEVICES])
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data={**subentry.data, CONF_DEVICES: [name for name in names if name]},
    )
