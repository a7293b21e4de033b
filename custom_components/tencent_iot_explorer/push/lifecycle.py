"""What pushes need while an entry is loaded, and what goes when it is removed."""

from functools import partial

from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..runtime import TencentIotConfigEntry
from .address import async_follow_address, async_forget_address
from .rule_issues import (
    async_report_failures,
    async_report_typed_address,
    async_stop_reporting,
)
from .rules import async_delete_rules, async_request_reconcile
from .traffic import async_forget_traffic
from .webhook import async_register_stored, async_unregister_webhook


async def async_follow_pushes(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Follow what pushes need until the entry is unloaded; the webhook stays then."""
    request_reconcile = partial(async_request_reconcile, hass, entry)
    async_register_stored(hass, entry)
    entry.async_on_unload(entry.runtime_data.rules.async_cancel_retry)
    entry.async_on_unload(partial(async_stop_reporting, hass, entry))

    @callback
    def async_started(hass: HomeAssistant) -> None:
        """Compare the rules when this Home Assistant can be reached."""
        request_reconcile()

    entry.async_on_unload(async_at_started(hass, async_started))
    await async_follow_address(hass, entry, request_reconcile)


async def async_remove_pushes(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Take away all that pushes of an entry needed."""
    await async_delete_rules(hass, entry)
    async_forget_traffic(hass, entry.entry_id)
    async_report_failures(hass, entry, {}, needs_address=False)
    async_report_typed_address(hass, entry, is_current=True)
    if webhook_id := entry.options.get(CONF_WEBHOOK_ID):
        async_unregister_webhook(hass, entry.entry_id, webhook_id)
        await async_forget_address(hass, webhook_id)
