"""What follows from the options of an entry, and from the address of this Home Assistant."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ..account.client import has_account_key
from ..const import CONF_ADDRESS, CONF_WEBHOOK_ID, DOMAIN
from ..errors import literally
from ..runtime import TencentIotConfigEntry
from .address import async_find_address, async_forget_address, async_listen_for_address
from .rule_issues import async_report_failures
from .rules import async_follow_rules, async_remove_rules, async_request_reconcile
from .traffic import async_forget_traffic
from .webhook import async_register_stored, async_unregister_webhook


async def async_follow_pushes(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Follow what pushes need until the entry is unloaded; the webhook stays then."""

    @callback
    def async_address_changed() -> None:
        """Let rules follow the address, also those that a person makes."""
        async_options_changed(hass, entry)
        async_request_reconcile(hass, entry)

    async_register_stored(hass, entry)
    async_options_changed(hass, entry)
    async_follow_rules(hass, entry)
    entry.async_on_unload(await async_listen_for_address(hass, async_address_changed))


@callback
def async_options_changed(hass: HomeAssistant, entry: TencentIotConfigEntry) -> None:
    """Follow the options of a loaded entry."""
    entry.async_create_background_task(
        hass, _async_compare_address(hass, entry), f"{entry.title} - address"
    )


async def async_remove_pushes(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Take away all that pushes of an entry needed."""
    await async_remove_rules(hass, entry)
    async_forget_traffic(hass, entry.entry_id)
    async_report_failures(hass, entry, {}, needs_address=False)
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))
    if webhook_id := entry.options.get(CONF_WEBHOOK_ID):
        async_unregister_webhook(hass, entry.entry_id, webhook_id)
        await async_forget_address(hass, webhook_id)


async def _async_compare_address(
    hass: HomeAssistant, entry: TencentIotConfigEntry
) -> None:
    """Keep a repair as long as rules that a person made forward to another address."""
    options = entry.options
    if CONF_ADDRESS not in options or has_account_key(entry.data):
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))
        return
    try:
        address = await async_find_address(hass, options[CONF_WEBHOOK_ID])
    except HomeAssistantError:
        # Nobody knows; it may have one again as it was.
        return
    if address == entry.options.get(CONF_ADDRESS):
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="push_address_changed",
        translation_placeholders={"entry": literally(entry.title)},
    )


def _issue_id(entry: TencentIotConfigEntry) -> str:
    """Return the id of the repair for an address that is another one now."""
    return f"push_address_changed_{entry.entry_id}"
