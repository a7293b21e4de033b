"""The devices that a service call is carried out on."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..errors import refusal
from ..identifiers import device_identifier, parse_pair
from ..product.device_names import selected_device_label
from ..product.known_devices import registered_id
from ..product.subentries import owner_of_product
from ..runtime import Product, TencentIotConfigEntry
from .rights import Rights, Use

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
    def label(self) -> str:
        """Return what a person calls the device."""
        return self.product.device_label(self.device_name)

    @property
    def device_id(self) -> str:
        """Return the id of the device in the device registry, else what it is known by."""
        registry = er.async_get(self.product.hass)
        return registered_id(registry, self.identifier) or self.identifier


async def async_find_targets(
    hass: HomeAssistant, identifiers: Sequence[str], use: Use, rights: Rights
) -> list[Target]:
    """Return the devices that are selected, each once, whatever selects it.

    Who may not use what is asked for on all of them is refused before anything is said
    of one. A device that is unknown is refused. An entry that is being reloaded is waited
    for.
    """
    if not identifiers:
        raise refusal("no_device")
    identifiers = list(dict.fromkeys(identifiers))
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
                "being_reloaded",
                device=selected_device_label(hass, identifier),
                entry=entry.title,
            ) from err
    return hass.loop.time() - start


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
    device = selected_device_label(hass, identifier)
    owner = owner_of_product(hass, product_id)
    if owner is not None and owner.state is not ConfigEntryState.LOADED:
        raise refusal("not_loaded", device=device, entry=owner.title)
    raise refusal("device_not_found", device=device)
