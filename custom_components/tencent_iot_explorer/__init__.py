"""The Tencent IoT Explorer integration."""

import asyncio
from functools import partial

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.typing import ConfigType
from homeassistant.setup import async_when_setup

from .account.client import client_for
from .account.denials import Denials
from .account.reachability import report_clock
from .account.request_counts import request_counts
from .actions.reference import async_setup_action_reference
from .actions.services import async_update_action_services
from .api import CannotConnectError, FateUnknownError
from .const import CONF_PRODUCT_ID, CONF_RULES, DOMAIN
from .errors import error_placeholders, treatment
from .migration import async_migrate
from .product.device_names import async_follow_device_names
from .product.entry_rules import EntryRules, turns_of
from .product.event_store import EVENT_STORE, EventStore
from .product.pending_replies import async_forget_replies, pending_replies
from .product.store import TEMPLATE_STORE, TemplateStore
from .product.subentries import all_products, product_subentries
from .push.lifecycle import async_follow_pushes, async_remove_pushes
from .push.rules import async_request_reconcile
from .push.silence import async_expect_pushes
from .push.webhook import async_register_stored
from .reports.event_reader import EventsReader
from .reports.reader import PropertiesReader
from .reports.services import async_setup_property_services
from .runtime import Product, TencentIotConfigEntry, TencentIotData
from .services import async_setup_services
from .setup.entities import PLATFORMS
from .setup.left_out import async_forget_left_out, async_report_left_out
from .setup.product import async_start_products, async_stop_product
from .setup.running import is_running
from .stale.devices import async_release_device

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the services, those of known products from their stored data templates."""
    await _async_load_stores(hass)
    await request_counts(hass).async_load()
    async_follow_device_names(hass)
    async_setup_services(hass)
    async_setup_action_reference(hass)
    async_setup_property_services(hass)
    async_when_setup(hass, "conversation", _async_setup_sentences)
    await _async_follow_entries(hass)
    for entry in hass.config_entries.async_entries(DOMAIN):
        # The cloud sends again what comes before the entry is loaded.
        async_register_stored(hass, entry)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: TencentIotConfigEntry) -> bool:
    """Set up an entry with its products."""
    denials = Denials(hass, entry)
    reader = PropertiesReader(hass, entry)
    event_reader = EventsReader(hass, entry)
    data = TencentIotData(
        client=client_for(hass, entry.data, denials),
        denials=denials,
        reader=reader,
        event_reader=event_reader,
        key=entry.data,
        replies=pending_replies(hass, entry.entry_id),
        rules=EntryRules(changes=turns_of(hass, entry, CONF_RULES)),
    )
    entry.runtime_data = data
    # Before the products are set up, so that one that is added now is not missed.
    entry.async_on_unload(entry.add_update_listener(_async_entry_changed))
    # Also after a set-up that fails, which nothing else ends.
    entry.async_on_unload(partial(_async_stop_products, data))
    entry.async_on_unload(denials.close)
    entry.async_on_unload(event_reader.async_stop)
    async with data.changes:
        data.products.update(
            (subentry.subentry_id, Product(hass, entry, subentry))
            for subentry in product_subentries(entry)
        )
        products = list(data.products.values())
        if not any(product.template.data for product in products):
            await asyncio.gather(
                *(product.template.async_refresh() for product in products)
            )
            _raise_if_not_ready(products)
        await _async_follow_entries(hass)
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
        await async_start_products(hass, entry, products)
        # Not before all entities are there: nothing they need is asked of the cloud.
        for product in products:
            if product.failure is None:
                product.async_read()
        reader.async_start()
        event_reader.async_start()
        await async_follow_pushes(hass, entry)
    return True


async def async_migrate_entry(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> bool:
    """Bring an entry that an earlier release has stored up to date."""
    return async_migrate(hass, entry)


async def async_unload_entry(hass: HomeAssistant, entry: TencentIotConfigEntry) -> bool:
    """Unload an entry; its services stay and refuse in words."""
    entry.runtime_data.reader.async_stop()
    entry.runtime_data.event_reader.async_stop()
    for product in entry.runtime_data.products.values():
        await async_stop_product(product)
    report_clock(hass, entry.entry_id, None)
    async_forget_left_out(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: TencentIotConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let a person delete a device; raises in words why that cannot be."""
    return await async_release_device(hass, entry, device)


async def async_remove_entry(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Remove the services and rules of an entry's products, and with the last one all."""
    await async_remove_pushes(hass, entry)
    if TEMPLATE_STORE not in hass.data:
        # Nothing was set up, because all entries are disabled.
        await _async_load_stores(hass)
    await _async_follow_entries(hass)
    # One that could not be set up was not unloaded either.
    report_clock(hass, entry.entry_id, None)
    async_forget_replies(hass, entry.entry_id)
    if not hass.config_entries.async_entries(DOMAIN):
        await hass.data[TEMPLATE_STORE].async_remove()
        await hass.data[EVENT_STORE].async_remove()
        await request_counts(hass).async_remove()


async def _async_setup_sentences(hass: HomeAssistant, component: str) -> None:
    """Set up the sentences for Assist, whose library comes with `conversation`."""
    sentences = await async_import_module(hass, f"{__package__}.assist.sentences")
    sentences.async_setup_sentences(hass)


async def _async_load_stores(hass: HomeAssistant) -> None:
    """Read the stored data templates, whose services follow the system's language.

    What is known of events is read as well.
    """

    async def async_update_services(event: Event) -> None:
        """Describe the services in another language."""
        await async_update_action_services(hass)

    store = TemplateStore(hass)
    await store.async_load()
    hass.data[TEMPLATE_STORE] = store
    events = EventStore(hass)
    await events.async_load()
    hass.data[EVENT_STORE] = events
    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, async_update_services)


async def _async_entry_changed(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Start, change and stop single products; only a changed key reloads them all."""
    data = entry.runtime_data
    async with data.changes:
        if not is_running(entry, data):
            return
        if entry.data != data.key:
            hass.config_entries.async_schedule_reload(entry.entry_id)
            return
        wanted = {item.subentry_id: item for item in product_subentries(entry)}
        if wanted.keys() != data.products.keys():
            async_request_reconcile(hass, entry)
        for subentry_id in data.products.keys() - wanted.keys():
            await async_stop_product(data.products.pop(subentry_id))
        await _async_follow_entries(hass)
        for subentry_id, subentry in wanted.items():
            if product := data.products.get(subentry_id):
                product.async_change(subentry)
            elif is_running(entry, data):
                product = Product(hass, entry, subentry)
                data.products[subentry_id] = product
                await async_start_products(hass, entry, (product,))
                product.async_read()
        if is_running(entry, data):
            async_expect_pushes(entry)
            async with data.entity_changes:
                await async_report_left_out(hass, entry, data)


async def _async_stop_products(data: TencentIotData) -> None:
    """End all that goes on for an entry."""
    for product in data.products.values():
        await product.async_stop()


async def _async_follow_entries(hass: HomeAssistant) -> None:
    """Keep what is known, and the services, of exactly the products that are configured."""
    product_ids = [subentry.data[CONF_PRODUCT_ID] for _, subentry in all_products(hass)]
    await hass.data[TEMPLATE_STORE].async_keep_only(product_ids)
    hass.data[EVENT_STORE].async_keep_only(product_ids)
    await async_update_action_services(hass)


def _raise_if_not_ready(products: list[Product]) -> None:
    """Let Home Assistant try again later if the cloud is away and nothing is known."""
    failures = [product.failure for product in products if not product.template.data]
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
