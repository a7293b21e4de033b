"""Turns the pushes of an entry on and off: what is stored follows what was done."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_ADDRESS, CONF_PUSH, CONF_TOKEN, CONF_WEBHOOK_ID
from ..runtime import TencentIotConfigEntry
from .address import async_find_address, async_forget_address
from .rules import async_remove_rules, async_request_reconcile, async_write_rules
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
def async_store(
    hass: HomeAssistant, entry: TencentIotConfigEntry, **changes: str | bool
) -> bool:
    """Store that pushes are on, and let the webhook follow, unless the entry is gone."""
    if not is_known(hass, entry):
        return False
    hass.config_entries.async_update_entry(
        entry, options={**entry.options, CONF_PUSH: True, **changes}
    )
    async_register_stored(hass, entry)
    async_compare_rules(hass, entry)
    return True


async def async_turn_off(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> Mapping[str, str]:
    """Delete the rules that are ours, and return those that are left by ProductId."""
    webhook_id = entry.options.get(CONF_WEBHOOK_ID)
    left = await async_remove_rules(hass, entry)
    if not is_known(hass, entry):
        return left
    own = (CONF_PUSH, CONF_WEBHOOK_ID, CONF_ADDRESS, CONF_TOKEN)
    hass.config_entries.async_update_entry(
        entry,
        options={key: entry.options[key] for key in entry.options if key not in own},
    )
    async_compare_rules(hass, entry)
    if webhook_id:
        await async_give_up(hass, entry, webhook_id)
    return left


async def async_take_back(
    hass: HomeAssistant, entry: TencentIotConfigEntry, webhook_id: str
) -> None:
    """Undo what was done for pushes that are not to be."""
    await async_remove_rules(hass, entry)
    await async_give_up(hass, entry, webhook_id)


async def async_give_up(
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


@callback
def async_compare_rules(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Find out how the rules are, unless the next set-up of the entry does."""
    if entry.state is ConfigEntryState.LOADED:
        async_request_reconcile(hass, entry)
