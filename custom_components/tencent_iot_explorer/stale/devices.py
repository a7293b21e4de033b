"""Devices that the cloud does not have any more: removed, replaced or asked about."""

from collections.abc import Iterable, Mapping

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_ALL_DEVICES, CONF_PRODUCT_ID, DOMAIN
from ..errors import async_error_in_words, names_in_words
from ..identifiers import device_identifier, own_identifier, parse_pair
from ..product.device_names import device_label
from ..product.known_devices import registered_devices
from ..product.secret_values import with_secrets_of_devices
from ..product.subentries import product_subentries
from ..runtime import Product, TencentIotConfigEntry
from .gone_in_words import gone_device_in_words, gone_devices_in_words

_DOUBTFUL: HassKey[set[str]] = HassKey(f"{DOMAIN}.doubtful_products")


async def async_handle_gone_devices(product: Product) -> None:
    """Remove single devices of a product that is followed as a whole; else ask."""
    hass = product.hass
    gone = product.devices.watch.gone
    asks: dict[str, str] = {}
    if product.devices.all_devices:
        _async_keep_doubt(product)
        if singly := product.devices.watch.gone_singly:
            await async_remove_devices(product, singly)
            return
        if product.devices.watch.gone_in_numbers:
            asks = {_in_numbers(product): ""}
    elif gone:
        devices = registered_devices(hass, product.entry, product.product_id)
        # The id stands in diagnostics, which do not show how a device is called.
        asks = {
            f"device_gone_{product.product_id}_{devices[name].id}": name
            for name in gone
            if name in devices
        }
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id not in asks and _is_of(issue_id, product):
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    async for issue_id, name in product.devices.async_in_slices(asks.items()):
        if not name or product.devices.watch.is_missing(name):
            _async_ask(product, issue_id, name, gone)


@callback
def _async_ask(
    product: Product, issue_id: str, name: str, gone: tuple[str, ...]
) -> None:
    """Ask about one device that is gone, or about all of them if none is named."""
    words = (
        gone_device_in_words(product.hass, product.product_id, name)
        if name
        else gone_devices_in_words(product, gone)
    )
    ir.async_create_issue(
        product.hass,
        DOMAIN,
        issue_id,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="device_gone" if name else "devices_gone",
        translation_placeholders={
            **names_in_words(product=product.title),
            **words,
        },
        data={
            "entry_id": product.entry.entry_id,
            "subentry_id": product.subentry_id,
            "device": name,
        },
    )


async def async_remove_devices(product: Product, names: tuple[str, ...]) -> None:
    """Remove devices for good, but for those that come back before it is their turn."""
    hass, entry = product.hass, product.entry
    if not product.devices.all_devices:
        _async_let_go(product, names)
        return
    registry = dr.async_get(hass)
    devices = registered_devices(hass, entry, product.product_id)
    removed: list[str] = []
    async for name in product.devices.async_in_slices(names):
        if not product.devices.watch.is_missing(name):
            continue
        # First, so that nobody adds its entities again.
        product.devices.async_forget((name,))
        if name in devices and registry.async_get(devices[name].id):
            registry.async_remove_device(devices[name].id)
        removed.append(name)
    _async_let_go(product, removed)
    if not product.is_stopped:
        product.async_structure_changed()


@callback
def async_replace_device(product: Product, old: str, new: str) -> bool:
    """Put another device in the place of one that is gone; return whether it was free."""
    hass, entry = product.hass, product.entry
    subentry = entry.subentries[product.subentry_id]
    if (
        product.devices.all_devices
        or new in subentry.data[CONF_DEVICES]
        or not async_move_device(hass, entry, product.product_id, old, new)
    ):
        return False
    _async_pick(hass, entry, subentry, {old: new})
    return True


@callback
def async_move_device(
    hass: HomeAssistant, entry: ConfigEntry, product_id: str, old: str, new: str
) -> bool:
    """Give what was set up for a device to another DeviceName of the same product.

    Device id, entity ids, area, names and exposure stay. Returns False, having changed
    nothing, if the other has been set up itself.
    """
    devices = registered_devices(hass, entry, product_id)
    if new in devices:
        return False
    if (device := devices.get(old)) is None:
        return True
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
    return True


async def async_release_device(
    hass: HomeAssistant, entry: TencentIotConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let go of a device that a person deletes; raises in words why that cannot be."""
    product_id, name = parse_pair(own_identifier(device.identifiers))
    for subentry in product_subentries(entry):
        if subentry.data[CONF_PRODUCT_ID] == product_id and (
            reason := _async_release(hass, entry, subentry, name)
        ):
            raise await async_error_in_words(
                hass,
                reason,
                device=device_label(hass, product_id, name),
                product=subentry.title,
                entry=entry.title,
            )
    return True


@callback
def _async_release(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    subentry: ConfigSubentry,
    name: str,
) -> str | None:
    """Let go of a device, or return the key of the reason why that cannot be."""
    product: Product | None = None
    if entry.state is ConfigEntryState.LOADED:
        product = entry.runtime_data.products.get(subentry.subentry_id)
    if subentry.data[CONF_ALL_DEVICES]:
        if product is None:
            return "delete_not_loaded"
        if name in product.devices.data:
            return "delete_followed"
        if not product.devices.watch.is_missing(name):
            return "delete_not_read"
    if product:
        product.devices.async_forget((name,))
    _async_pick(hass, entry, subentry, {name: None})
    return None


@callback
def _async_keep_doubt(product: Product) -> None:
    """Let a question that was open before a restart or a reload stay one for a person.

    So many new devices may be known by now that those that are gone seem few.
    """
    doubtful = product.hass.data.setdefault(_DOUBTFUL, set())
    if not product.devices.is_read:
        # Home Assistant keeps the ids of issues over a restart.
        if ir.async_get(product.hass).async_get_issue(DOMAIN, _in_numbers(product)):
            doubtful.add(product.product_id)
        if product.product_id in doubtful:
            product.devices.watch.doubt()
    elif product.devices.watch.gone_in_numbers:
        doubtful.add(product.product_id)
    elif not product.devices.watch.is_doubtful:
        doubtful.discard(product.product_id)


def _in_numbers(product: Product) -> str:
    """Return the id of the issue that asks about many devices at once."""
    return f"devices_gone_{product.product_id}"


def _is_of(issue_id: str, product: Product) -> bool:
    """Return whether a repair issue asks about devices of a product.

    Ids of the first version had the name of a device after a slash.
    """
    return (
        issue_id == _in_numbers(product)
        or issue_id.rpartition("_")[0] == f"device_gone_{product.product_id}"
        or (issue_id.startswith("device_gone_") and "/" in issue_id)
    )


@callback
def _async_let_go(product: Product, names: Iterable[str]) -> None:
    """Keep nothing of some devices with their product, unless that has gone itself."""
    if subentry := product.entry.subentries.get(product.subentry_id):
        _async_pick(product.hass, product.entry, subentry, dict.fromkeys(names))


@callback
def _async_pick(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    subentry: ConfigSubentry,
    changes: Mapping[str, str | None],
) -> None:
    """Change which devices are picked: each by another, or by none.

    What is kept for a device alone goes with it.
    """
    names = (changes.get(name, name) for name in subentry.data[CONF_DEVICES])
    data = {**subentry.data, CONF_DEVICES: [name for name in names if name]}
    hass.config_entries.async_update_subentry(
        entry, subentry, data=with_secrets_of_devices(data, changes)
    )
