"""Products of a loaded application: each is started, changed and stopped by itself."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
import re

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started

from ..const import DOMAIN
from ..coordinator import ProductCoordinator, TencentIotConfigEntry
from ..product.issue import async_report_failure
from ..product.known_devices import registered_devices
from ..stale.actions import async_report_gone_actions
from ..stale.devices import DEVICES_AT_ONCE, async_handle_gone_devices
from ..stale.inputs import async_remove_stale_inputs
from .entities import EntitySync

LOOK_INTERVAL = timedelta(hours=1)


async def async_start_products(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    products: Collection[ProductCoordinator],
) -> None:
    """Add all that is known of products, without asking the cloud for anything."""
    for product in products:
        _async_connect(hass, entry, product)
        await _async_tidy(hass, entry, product)
    await EntitySync(hass, entry, products).async_update()


@callback
def async_change_product(
    hass: HomeAssistant, product: ProductCoordinator, subentry: ConfigSubentry
) -> None:
    """Let a product follow its changed settings, while all that it keeps goes on."""
    title, data = product.settings
    if (title, data) == (subentry.title, subentry.data):
        return
    must_read = product.async_change(subentry)
    if title != subentry.title:
        async_report_failure(hass, product.product_id, product.title, product.failure)
    product.async_structure_changed()
    if must_read:
        product.async_read()


async def async_stop_product(hass: HomeAssistant, product: ProductCoordinator) -> None:
    """End all that goes on for a product; its entities are Home Assistant's to remove."""
    await product.async_stop()
    product_id = re.escape(product.product_id)
    own = re.compile(
        rf"(product|actions_gone|devices_gone)_{product_id}|device_gone_{product_id}_[^_]+"
    )
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and own.fullmatch(issue_id):
            ir.async_delete_issue(hass, DOMAIN, issue_id)


@callback
def _async_connect(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Let Home Assistant follow what changes about a product until it is stopped."""
    order = asyncio.Lock()
    changes = followed = 0

    async def async_look(now: datetime) -> None:
        """Look at the data template, which nothing else reads."""
        await product.async_look()

    async def async_follow() -> None:
        """Follow all changes until now, those of others that waited in the same go."""
        nonlocal followed
        async with order:
            if followed == changes or product.is_stopped:
                return
            followed = changes
            await _async_tidy(hass, entry, product)
            await EntitySync(hass, entry, (product,)).async_update()

    @callback
    def async_structure_changed() -> None:
        """Follow a change."""
        nonlocal changes
        changes += 1
        entry.async_create_task(hass, async_follow())

    async def async_name_uses(hass: HomeAssistant) -> None:
        """Look for uses when all automations and scripts are there."""
        await async_report_gone_actions(hass, entry, product)

    for undo in (
        async_dispatcher_connect(
            hass, product.structure_signal, async_structure_changed
        ),
        async_at_started(hass, async_name_uses),
        async_track_time_interval(hass, async_look, LOOK_INTERVAL),
    ):
        product.async_on_stop(undo)


async def _async_tidy(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Remove what has no place any more; handle or ask about what the cloud has lost."""
    await _async_follow_settings(hass, entry, product)
    await async_remove_stale_inputs(hass, entry, product)
    await async_handle_gone_devices(hass, entry, product)
    await async_report_gone_actions(hass, entry, product)


async def _async_follow_settings(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Remove devices that a person has not picked any more; show the product's name."""
    registry = dr.async_get(hass)
    devices = registered_devices(hass, entry, product.product_id)
    async for batch in product.async_in_batches(devices.items(), DEVICES_AT_ONCE):
        picked = None if product.all_devices else product.settings[1][CONF_DEVICES]
        for name, device in batch:
            if registry.async_get(device.id) is None:
                continue
            if picked is not None and name not in picked:
                registry.async_remove_device(device.id)
            elif device.model != product.title:
                registry.async_update_device(device.id, model=product.title)
