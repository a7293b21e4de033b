"""Products of a loaded entry: each is started, followed and stopped by itself."""

import asyncio
from collections.abc import Collection
from datetime import datetime
import re

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started

from ..actions.services import async_update_action_services
from ..const import DOMAIN
from ..coordinator import SLOW_UPDATE_INTERVAL, structure_signal
from ..product.event_store import EVENT_STORE
from ..product.known_devices import registered_devices
from ..push.rule_issues import async_pause_questions
from ..push.silence import SilenceWatch
from ..runtime import Product, TencentIotConfigEntry
from ..stale.declarations import async_report_gone_declarations
from ..stale.devices import async_handle_gone_devices
from ..stale.entities import async_remove_stale_entities
from .entities import EntitySync
from .properties_question import async_ask_about_properties


async def async_start_products(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    products: Collection[Product],
) -> None:
    """Add all that is known of products, without asking the cloud for anything."""
    # The entry has it no more if it is unloaded meanwhile.
    data = entry.runtime_data
    for product in products:
        _async_connect(product)
        await _async_tidy(product)
    await EntitySync(hass, entry, data, products).async_update()


async def async_stop_product(product: Product) -> None:
    """End all that goes on for a product; its entities are Home Assistant's to remove."""
    await product.async_stop()
    product.entry.runtime_data.denials.forget(product.product_id)
    async_pause_questions(product.hass, product.product_id)
    product_id = re.escape(product.product_id)
    own = re.compile(
        rf"(product|properties|declarations_gone|devices_gone|push_silent)_{product_id}"
        rf"|device_gone_{product_id}_[^_]+"
    )
    for domain, issue_id in list(ir.async_get(product.hass).issues):
        if domain == DOMAIN and own.fullmatch(issue_id):
            ir.async_delete_issue(product.hass, DOMAIN, issue_id)


@callback
def _async_connect(product: Product) -> None:
    """Let Home Assistant follow what changes about a product until it is stopped."""
    hass, entry = product.hass, product.entry
    data = entry.runtime_data
    order = asyncio.Lock()
    changes = followed = 0

    async def async_refresh(now: datetime) -> None:
        """Read what no poll reads."""
        await product.async_refresh()

    async def async_follow() -> None:
        """Follow all changes until now, those of others that waited in the same go."""
        nonlocal followed
        async with order:
            if followed == changes or product.is_stopped:
                return
            followed = changes
            await async_update_action_services(hass)
            await _async_tidy(product)
            await EntitySync(hass, entry, data, (product,)).async_update()

    @callback
    def async_structure_changed() -> None:
        """Follow a change."""
        nonlocal changes
        changes += 1
        entry.async_create_task(hass, async_follow())

    @callback
    def async_renamed(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        """Call devices that are asked about what people call them now."""
        nonlocal changes
        changed = event.data
        if (
            changed["action"] == "update"
            and "name_by_user" in changed["changes"]
            and product.devices.watch.gone
        ):
            changes += 1
            # Not at once: a device that takes another's place is named halfway.
            entry.async_create_task(hass, async_follow(), eager_start=False)

    async def async_name_uses(hass: HomeAssistant) -> None:
        """Search for uses when all automations and scripts are there."""
        await async_report_gone_declarations(product)

    SilenceWatch(product)
    signal = structure_signal(product.product_id)
    product.on_stop += (
        product.template.async_add_listener(async_structure_changed),
        async_dispatcher_connect(hass, signal, async_structure_changed),
        hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, async_renamed),
        async_at_started(hass, async_name_uses),
        async_track_time_interval(hass, async_refresh, SLOW_UPDATE_INTERVAL),
    )


async def _async_tidy(product: Product) -> None:
    """Remove what has no place any more; handle or ask about what the cloud has lost."""
    await _async_follow_settings(product)
    await async_remove_stale_entities(product)
    await async_handle_gone_devices(product)
    product.hass.data[EVENT_STORE].async_keep_devices(
        product.product_id, product.devices.names
    )
    await async_report_gone_declarations(product)
    async_ask_about_properties(product)


async def _async_follow_settings(product: Product) -> None:
    """Remove devices that a person has not picked any more; show the product's name."""
    registry = dr.async_get(product.hass)
    devices = registered_devices(product.hass, product.entry, product.product_id)
    async for name, device in product.devices.async_in_slices(devices.items()):
        if registry.async_get(device.id) is None:
            continue
        if not product.devices.all_devices and name not in product.devices.names:
            registry.async_remove_device(device.id)
        elif device.model != product.title:
            registry.async_update_device(device.id, model=product.title)
