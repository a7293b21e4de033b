"""Products of a loaded application: each is started, changed and stopped by itself."""

from datetime import datetime, timedelta
import re

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started

from .const import DOMAIN
from .coordinator import ProductCoordinator, TencentIotConfigEntry
from .entity_sync import EntitySync
from .gone_actions import async_report_gone_actions
from .gone_devices import async_handle_gone_devices
from .input_entity import async_remove_stale_inputs
from .known_devices import registered_devices
from .product_issue import async_report_failure

LOOK_INTERVAL = timedelta(hours=1)


async def async_start_product(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Add all that is known of a product, without asking the cloud for anything."""
    _async_remove_unpicked_devices(hass, entry, product)
    entities = EntitySync(entry, product)

    async def async_look(now: datetime) -> None:
        """Look at the data template, which nothing else reads."""
        await product.async_look()

    @callback
    def async_follow_structure() -> None:
        """Remove inputs that are gone; handle or ask about devices and actions that are."""
        async_remove_stale_inputs(hass, entry, product)
        async_handle_gone_devices(hass, entry, product)
        async_report_gone_actions(hass, entry, product)
        entry.async_create_task(hass, entities.async_update())

    @callback
    def async_name_uses(hass: HomeAssistant) -> None:
        """Look for uses when all automations and scripts are there."""
        async_report_gone_actions(hass, entry, product)

    for undo in (
        async_dispatcher_connect(
            hass, product.structure_signal, async_follow_structure
        ),
        async_at_started(hass, async_name_uses),
        async_track_time_interval(hass, async_look, LOOK_INTERVAL),
    ):
        product.async_on_stop(undo)
    async_remove_stale_inputs(hass, entry, product)
    async_handle_gone_devices(hass, entry, product)
    async_report_gone_actions(hass, entry, product)
    await entities.async_update()


@callback
def async_change_product(
    hass: HomeAssistant,
    entry: TencentIotConfigEntry,
    product: ProductCoordinator,
    subentry: ConfigSubentry,
) -> None:
    """Let a product follow its changed settings, while all that it keeps goes on."""
    title, data = product.settings
    if (title, data) == (subentry.title, subentry.data):
        return
    must_read = product.async_change(subentry)
    if title != subentry.title:
        async_report_failure(hass, product.product_id, product.title, product.failure)
        registry = dr.async_get(hass)
        for device in registered_devices(hass, entry, product.product_id).values():
            registry.async_update_device(device.id, model=product.title)
    _async_remove_unpicked_devices(hass, entry, product)
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
def _async_remove_unpicked_devices(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Remove devices that a person picked once and has not any more."""
    if product.all_devices:
        return
    registry = dr.async_get(hass)
    for name, device in registered_devices(hass, entry, product.product_id).items():
        if name not in product.settings[1][CONF_DEVICES]:
            registry.async_remove_device(device.id)
