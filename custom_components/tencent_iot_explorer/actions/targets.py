"""Which devices a service call means."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..api import readable
from ..const import DOMAIN
from ..errors import refusal
from ..identifiers import device_identifier, own_identifier, parse_pair
from ..product.known_devices import registered_id
from ..product.subentries import owner_of_product
from ..runtime import Product, TencentIotConfigEntry
from .rights import Rights, Use

AREA_KEYS = (ATTR_AREA_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID)
# As long as an action may take until it is sent.
_RELOAD_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A device that something is done to; `waited` is how long it took to find that out."""

    product: Product
    device_name: str
    waited: float = field(default=0, compare=False)

    @property
    def identifier(self) -> str:
        """Return what the device is known by."""
        return device_identifier(self.product.product_id, self.device_name)

    @property
    def device_id(self) -> str:
        """Return the id of the device in the device registry, else what it is known by."""
        registry = er.async_get(self.product.hass)
        return registered_id(registry, self.identifier) or self.identifier


async def async_find_targets(
    hass: HomeAssistant,
    selection: Mapping[str, object],
    use: Use,
    rights: Rights,
    product_id: str | None = None,
) -> list[Target]:
    """Return the devices that are selected by id, or by area within one product.

    Who may not use what is asked for on all of them is refused before anything is said
    of one. Each device is returned once, whatever selects it. A device that is unknown, of
    another integration or of another product than `product_id` is refused. An
    entry that is being reloaded is waited for.
    """
    identifiers: dict[str, None] = {}
    for device_id in _as_list(selection.get(ATTR_DEVICE_ID)):
        identifier = _identifier(hass, device_id, rights)
        if product_id not in (None, parse_pair(identifier)[0]):
            rights.require_all()
            raise refusal(
                "wrong_product", device=readable(identifier), product=product_id
            )
        identifiers[identifier] = None
    areas = {key: _as_list(selection[key]) for key in AREA_KEYS if key in selection}
    if product_id is not None and any(areas.values()):
        identifiers |= dict.fromkeys(_in_areas(hass, areas, product_id))
        if not identifiers:
            rights.require_all()
    if not identifiers:
        raise refusal("no_device")
    for identifier in identifiers:
        rights.require(identifier, use)
    waited = await _async_wait_for_reloads(hass, identifiers)
    return [_target(hass, identifier, waited) for identifier in identifiers]


async def _async_wait_for_reloads(
    hass: HomeAssistant, identifiers: Iterable[str]
) -> float:
    """Wait for entries that are being set up or reloaded; return for how long."""
    products = {parse_pair(item)[0]: item for item in identifiers}
    start = hass.loop.time()
    for product_id, identifier in products.items():
        entry = owner_of_product(hass, product_id)
        if (
            entry is None
            or entry.state is ConfigEntryState.LOADED
            or not entry.setup_lock.locked()
        ):
            continue
        try:
            async with asyncio.timeout_at(start + _RELOAD_SECONDS), entry.setup_lock:
                pass
        except TimeoutError as err:
            raise refusal(
                "being_reloaded", device=readable(identifier), entry=entry.title
            ) from err
    return hass.loop.time() - start


def _as_list(value: object) -> list[str]:
    """Return ids that come alone or in a list."""
    values = value if isinstance(value, list) else [value]
    return [
        item if isinstance(item, str) else readable(item)
        for item in values
        if item not in (None, "")
    ]


def _identifier(hass: HomeAssistant, device_id: str, rights: Rights) -> str:
    """Return `<ProductId>/<DeviceName>` for an id of the device registry or itself."""
    if "/" in device_id:
        return device_id
    device = dr.async_get(hass).async_get(device_id)
    if device and (identifier := own_identifier(device.identifiers)):
        return identifier
    rights.require_all()
    if device is None:
        raise refusal("device_not_found", device=readable(device_id))
    raise refusal(
        "foreign_device",
        device=readable(device.name_by_user or device.name or device_id),
    )


def _target(hass: HomeAssistant, identifier: str, waited: float) -> Target:
    """Return a device that is configured and whose entry is loaded."""
    product_id, device_name = parse_pair(identifier)
    entry: TencentIotConfigEntry
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        for product in entry.runtime_data.products.values():
            if (
                product.product_id == product_id
                and device_name in product.devices.names
            ):
                return Target(product, device_name, waited)
    owner = owner_of_product(hass, product_id)
    if owner is not None and owner.state is not ConfigEntryState.LOADED:
        raise refusal("not_loaded", device=readable(identifier), entry=owner.title)
    raise refusal("device_not_found", device=readable(identifier))


def _in_areas(
    hass: HomeAssistant, areas: Mapping[str, list[str]], product_id: str
) -> list[str]:
    """Return the identifiers of a product's devices in areas, on floors, with labels."""
    selected = async_extract_referenced_entity_ids(hass, TargetSelection({**areas}))
    registry = dr.async_get(hass)
    devices = (registry.async_get(item) for item in selected.referenced_devices)
    return sorted(
        identifier
        for device in devices
        if device and not device.disabled_by
        for identifier in [own_identifier(device.identifiers)]
        if parse_pair(identifier)[0] == product_id
    )
