"""The Tencent IoT Explorer integration."""

import asyncio
from datetime import datetime, timedelta
import re

from homeassistant.const import CONF_DEVICES, EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    issue_registry as ir,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.typing import ConfigType
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_when_setup

from .action_reference import async_setup_action_reference
from .action_services import async_update_action_services
from .api.errors import CannotConnectError, FateUnknownError
from .call_counts import call_counts
from .cloud import client_for
from .const import CONF_ALL_DEVICES, CONF_PRODUCT_ID, DOMAIN
from .coordinator import ProductCoordinator, TencentIotConfigEntry, TencentIotData
from .entity import device_identifier
from .errors import error_placeholders, treatment
from .gone_actions import async_report_gone_actions
from .gone_devices import async_handle_gone_devices, async_release_device
from .input_entity import async_remove_stale_inputs
from .inputs import INPUT_PLATFORMS
from .migration import async_migrate
from .reachability import report_clock
from .services import async_setup_services
from .subentries import all_products, product_subentries
from .template_store import TEMPLATE_STORE, TemplateStore

ACTION_PLATFORMS = (Platform.BUTTON, Platform.EVENT)
STATUS_PLATFORMS = (Platform.BINARY_SENSOR,)
LOOK_INTERVAL = timedelta(hours=1)
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the services, those of known products from their stored data templates."""
    await _async_load_store(hass)
    await call_counts(hass).async_load()
    async_setup_services(hass)
    async_setup_action_reference(hass)
    async_when_setup(hass, "conversation", _async_setup_sentences)
    await _async_follow_entries(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: TencentIotConfigEntry) -> bool:
    """Set up an application with its products."""
    # Before the products are looked at, so that one that is added now is not missed.
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    entry.runtime_data = TencentIotData(client=client_for(hass, entry.data))
    products = {
        subentry.subentry_id: ProductCoordinator(hass, entry, subentry)
        for subentry in product_subentries(entry)
    }
    await asyncio.gather(*(product.async_begin() for product in products.values()))
    entry.runtime_data.products = products
    _raise_if_not_ready(list(products.values()))
    await _async_follow_entries(hass)
    _async_remove_unpicked_devices(hass, entry)
    for product in products.values():
        _async_follow_product(hass, entry, product)
    async with asyncio.TaskGroup() as readings:
        for product in products.values():
            readings.create_task(product.async_read_devices())
        # The inputs first, so that no button is pressed before its values are restored.
        for platforms in (INPUT_PLATFORMS, ACTION_PLATFORMS):
            await hass.config_entries.async_forward_entry_setups(entry, platforms)
    # Last, when it is known what they show.
    await hass.config_entries.async_forward_entry_setups(entry, STATUS_PLATFORMS)
    return True


async def async_migrate_entry(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> bool:
    """Bring an application that an earlier release has stored up to date."""
    return async_migrate(hass, entry)


async def async_unload_entry(hass: HomeAssistant, entry: TencentIotConfigEntry) -> bool:
    """Unload an application; its services stay and refuse in words."""
    for product in entry.runtime_data.products.values():
        _async_delete_issues(hass, product)
    report_clock(hass, entry.entry_id, None)
    return await hass.config_entries.async_unload_platforms(
        entry, (*INPUT_PLATFORMS, *ACTION_PLATFORMS, *STATUS_PLATFORMS)
    )


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: TencentIotConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let a person delete a device that the cloud does not have any more."""
    return async_release_device(hass, entry, device)


async def async_remove_entry(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Remove the services of an application's products, and with the last one all."""
    if TEMPLATE_STORE not in hass.data:
        # Nothing was set up, because all applications are disabled.
        await _async_load_store(hass)
    await _async_follow_entries(hass)
    if not hass.config_entries.async_entries(DOMAIN):
        await hass.data[TEMPLATE_STORE].async_remove()
        await call_counts(hass).async_remove()


async def _async_setup_sentences(hass: HomeAssistant, component: str) -> None:
    """Set up the sentences for Assist, whose library comes with `conversation`."""
    integration = await async_get_integration(hass, DOMAIN)
    sentences = await integration.async_get_platform("sentences")
    sentences.async_setup_sentences(hass)


async def _async_load_store(hass: HomeAssistant) -> None:
    """Read the stored data templates, which the services follow from then on."""

    async def async_update_services(event: Event | None = None) -> None:
        """Follow the data templates and the language that services are described in."""
        await async_update_action_services(hass)

    store = TemplateStore(hass, async_update_services)
    await store.async_load()
    hass.data[TEMPLATE_STORE] = store
    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, async_update_services)


async def _async_reload(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Reload an application whose settings or products changed."""
    await hass.config_entries.async_reload(entry.entry_id)


async def _async_follow_entries(hass: HomeAssistant) -> None:
    """Keep the templates and services of exactly the products that are configured."""
    await hass.data[TEMPLATE_STORE].async_keep_only(
        subentry.data[CONF_PRODUCT_ID] for _, subentry in all_products(hass)
    )
    await async_update_action_services(hass)


@callback
def _async_follow_product(
    hass: HomeAssistant, entry: TencentIotConfigEntry, product: ProductCoordinator
) -> None:
    """Look at a product each hour, and remove what its template has no more."""

    async def async_look(now: datetime) -> None:
        """Look at the data template, which nothing else reads."""
        await product.async_look()

    @callback
    def async_follow_structure() -> None:
        """Remove inputs that are gone; handle or ask about devices and actions that are."""
        async_remove_stale_inputs(hass, entry, product)
        async_handle_gone_devices(hass, entry, product)
        async_report_gone_actions(hass, entry, product)

    @callback
    def async_name_uses(hass: HomeAssistant) -> None:
        """Look for uses when all automations and scripts are there."""
        async_report_gone_actions(hass, entry, product)

    async_follow_structure()
    entry.async_on_unload(
        async_dispatcher_connect(hass, product.structure_signal, async_follow_structure)
    )
    entry.async_on_unload(async_at_started(hass, async_name_uses))
    entry.async_on_unload(async_track_time_interval(hass, async_look, LOOK_INTERVAL))


@callback
def _async_delete_issues(hass: HomeAssistant, product: ProductCoordinator) -> None:
    """Delete the repair issues of a product, which come again with it."""
    own = re.compile(rf"\w+_{re.escape(product.product_id)}(/.*)?")
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and own.fullmatch(issue_id):
            ir.async_delete_issue(hass, DOMAIN, issue_id)


def _raise_if_not_ready(products: list[ProductCoordinator]) -> None:
    """Let Home Assistant try again later if the cloud is away and nothing is known."""
    failures = [product.failure for product in products if not product.has_template]
    away = [
        failure
        for failure in failures
        if isinstance(failure, CannotConnectError | FateUnknownError)
    ]
    if away and len(away) == len(products):
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key=f"setup_{treatment(away[0]).text}",
            translation_placeholders=error_placeholders(away[0]),
        ) from away[0]


def _async_remove_unpicked_devices(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Remove devices that a person picked once and has not any more."""
    used = {
        device_identifier(subentry.data[CONF_PRODUCT_ID], name)
        for subentry in product_subentries(entry)
        for name in subentry.data[CONF_DEVICES]
    }
    followed = {
        subentry.data[CONF_PRODUCT_ID]
        for subentry in product_subentries(entry)
        if subentry.data[CONF_ALL_DEVICES]
    }
    registry = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        for domain, identifier in device.identifiers:
            if (
                domain == DOMAIN
                and identifier not in used
                and identifier.partition("/")[0] not in followed
            ):
                registry.async_remove_device(device.id)
