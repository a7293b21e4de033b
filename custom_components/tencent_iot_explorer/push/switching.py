"""Turns the pushes of an entry on and off: what is stored follows what was done."""

from collections.abc import Collection

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_ADDRESS, CONF_TOKEN, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_PUSH
from ..runtime import TencentIotConfigEntry
from .address import async_find_address, async_forget_address
from .rules import async_delete_rules, async_request_reconcile, async_write_rules
from .webhook import (
    async_register_stored,
    async_register_webhook,
    async_unregister_webhook,
)


async def async_write_all_rules(
    hass: HomeAssistant, entry: TencentIotConfigEntry, webhook_id: str
) -> bool:
    """Let the cloud forward to a webhook, which it calls before it believes that.

    Raises a TencentIotError, or in words that there is no address. Returns whether the
    entry was still loaded.
    """
    async_register_webhook(hass, entry, webhook_id)
    address = await async_find_address(hass, webhook_id)
    if entry.state is not ConfigEntryState.LOADED:
        return False
    await async_write_rules(hass, entry, address)
    return True


@callback
def async_turn_on(
    hass: HomeAssistant, entry: TencentIotConfigEntry, webhook_id: str, **changes: str
) -> bool:
    """Store that pushes are on, and let the webhook follow, unless the entry is gone."""
    if not is_known(hass, entry):
        return False
    former = entry.options.get(CONF_WEBHOOK_ID, webhook_id)
    changed = {CONF_PUSH: True, CONF_WEBHOOK_ID: webhook_id, **changes}
    hass.config_entries.async_update_entry(entry, options={**entry.options, **changed})
    async_register_stored(hass, entry)
    async_request_reconcile(hass, entry)
    if former != webhook_id:
        # Another dialog has stored it meanwhile.
        hass.async_create_task(async_release_webhook(hass, entry, former))
    return True


async def async_turn_off(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> Collection[str]:
    """Delete the rules that are ours, and return the products whose rules are left."""
    webhook_id = entry.options.get(CONF_WEBHOOK_ID)
    left = await async_delete_rules(hass, entry)
    if not is_known(hass, entry):
        return left
    own = (CONF_PUSH, CONF_WEBHOOK_ID, CONF_ADDRESS, CONF_TOKEN)
    hass.config_entries.async_update_entry(
        entry,
        options={key: entry.options[key] for key in entry.options if key not in own},
    )
    async_request_reconcile(hass, entry)
    if webhook_id:
        await async_release_webhook(hass, entry, webhook_id)
    return left


async def async_undo_turning_on(
    hass: HomeAssistant, entry: TencentIotConfigEntry, webhook_id: str
) -> None:
    """Undo what was done for pushes that are not to be."""
    await async_delete_rules(hass, entry)
    await async_release_webhook(hass, entry, webhook_id)


async def async_release_webhook(
    hass: HomeAssistant, entry: TencentIotConfigEntry, webhook_id: str
) -> None:
    """Let go of a webhook and its address, unless it is in use."""
    if is_on(hass, entry) and entry.options[CONF_WEBHOOK_ID] == webhook_id:
        # With the token that is stored, whatever was typed.
        async_register_stored(hass, entry)
        return
    async_unregister_webhook(hass, entry.entry_id, webhook_id)
    await async_forget_address(hass, webhook_id)


def is_known(hass: HomeAssistant, entry: TencentIotConfigEntry) -> bool:
    """Return whether an entry was not removed meanwhile."""
    return hass.config_entries.async_get_entry(entry.entry_id) is entry


def is_on(hass: HomeAssistant, entry: TencentIotConfigEntry) -> bool:
    """Return whether pushes of an entry are on, and it was not removed meanwhile."""
    return is_known(hass, entry) and CONF_PUSH in entry.options
